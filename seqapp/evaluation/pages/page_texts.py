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
    """

    id: str
    reference: str
    by_layout: str
    found: str
    num_lines: int
    num_found: int
    seconds: float


@dataclasses.dataclass(frozen=True)
class PageScore:
    """Errors of pages.

    Attributes:
        pages: `PageTexts` that were scored.
        by_layout: Errors with the true layout.
        found: Errors with the lines that were found.
    """

    pages: tuple[PageTexts, ...]
    by_layout: ErrorCounts
    found: ErrorCounts

    @property
    def ratio(self) -> float:
        """Error rate with found lines by that with the true layout; NaN where that is 0."""
        return self.found.rate / self.by_layout.rate if self.by_layout.errors else float("nan")


def score_pages(pages: Sequence[PageTexts]) -> PageScore:
    """Score pages together: errors and characters are summed."""
    by_layout = [character_errors(page.reference, page.by_layout) for page in pages]
    found = [character_errors(page.reference, page.found) for page in pages]
    return PageScore(tuple(pages), sum(by_layout, ErrorCounts()), sum(found, ErrorCounts()))


def pages_to_text(score: PageScore) -> str:
    """Write it as a few lines, the pages that suffered most below; ends in a line break."""
    lines, found = (sum(getattr(page, name) for page in score.pages) for name in ("num_lines", "num_found"))
    seconds = sum(page.seconds for page in score.pages) / max(len(score.pages), 1)
    rows = [
        f"{len(score.pages)} pages, {lines} lines with a text, {found} lines found",
        f"  page CER with the true layout {100 * score.by_layout.rate:.2f} %, with found lines "
        f"{100 * score.found.rate:.2f} % ({score.ratio:.2f} x)",
        f"  {seconds:.1f} s of processor time a page to find and read its lines",
        *(f"  {_change(page):+5d} errors: {page.id}" for page in sorted(score.pages, key=_change)[:-6:-1]),
    ]
    return "\n".join(rows) + "\n"


def _change(page: PageTexts) -> int:
    """Errors that a page has more with found lines."""
    return character_errors(page.reference, page.found).errors - character_errors(page.reference, page.by_layout).errors
