"""Evaluation of whole pages: character error rates of page texts, lines found beside the true layout."""

import dataclasses
from collections.abc import Sequence

from seqapp.text.error_rates import ErrorCounts, character_errors


@dataclasses.dataclass(frozen=True)
class PageTexts:
    """One page: its text as it is and as it was read, lines joined by line breaks in reading order.

    Attributes:
        id: Of the page.
        reference: What is written.
        by_layout: What was read in the lines of the layout.
        found: What was read in the lines that were found.
        num_lines: Lines of the layout that have a text.
        num_found: Lines that were found.
        seconds: Of processor time to find and read the lines.
        found_in_layout: As `found`, without the lines that lie on none of the layout; None: all of them do.
        num_beyond: How many these are.
    """

    id: str
    reference: str
    by_layout: str
    found: str
    num_lines: int
    num_found: int
    seconds: float
    found_in_layout: str | None = None
    num_beyond: int = 0


@dataclasses.dataclass(frozen=True)
class PageScore:
    """Errors of pages.

    Attributes:
        pages: `PageTexts` that were scored.
        by_layout: Errors with the true layout.
        found: Errors with the lines that were found.
        found_in_layout: Likewise, without the lines that lie on none of the layout.
    """

    pages: tuple[PageTexts, ...]
    by_layout: ErrorCounts
    found: ErrorCounts
    found_in_layout: ErrorCounts

    @property
    def ratio(self) -> float:
        """Error rate with found lines by that with the true layout; NaN where that is 0."""
        return self._ratio(self.found)

    @property
    def ratio_in_layout(self) -> float:
        """As `ratio`, without the lines that lie on none of the layout."""
        return self._ratio(self.found_in_layout)

    def _ratio(self, errors: ErrorCounts) -> float:
        return errors.rate / self.by_layout.rate if self.by_layout.errors else float("nan")


def score_pages(pages: Sequence[PageTexts]) -> PageScore:
    """Score pages together: errors and characters are summed."""
    by_layout = [character_errors(page.reference, page.by_layout) for page in pages]
    found = [character_errors(page.reference, page.found) for page in pages]
    in_layout = [
        errors if page.found_in_layout is None else character_errors(page.reference, page.found_in_layout)
        for page, errors in zip(pages, found)
    ]
    return PageScore(tuple(pages), *(sum(errors, ErrorCounts()) for errors in (by_layout, found, in_layout)))


def pages_to_text(score: PageScore) -> str:
    """Write it as a few lines, the pages that suffered most below; ends in a line break."""
    lines, found = (sum(getattr(page, name) for page in score.pages) for name in ("num_lines", "num_found"))
    num_beyond = sum(page.num_beyond for page in score.pages)
    seconds = sum(page.seconds for page in score.pages) / max(len(score.pages), 1)
    rows = [
        f"{len(score.pages)} pages, {lines} lines with a text, {found} lines found",
        f"  page CER with the true layout {100 * score.by_layout.rate:.2f} %, with found lines "
        f"{100 * score.found.rate:.2f} % ({score.ratio:.2f} x)",
        f"  {num_beyond} found lines lie on none of the layout (print that it leaves out, or nothing); without them "
        f"{100 * score.found_in_layout.rate:.2f} % ({score.ratio_in_layout:.2f} x)",
        f"  {seconds:.1f} s of processor time a page to find and read its lines",
        *(f"  {_change(page):+5d} errors: {page.id}" for page in sorted(score.pages, key=_change)[:-6:-1]),
    ]
    return "\n".join(rows) + "\n"


def _change(page: PageTexts) -> int:
    """Errors that a page has more with found lines."""
    return character_errors(page.reference, page.found).errors - character_errors(page.reference, page.by_layout).errors
