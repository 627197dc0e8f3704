"""Uploaded pages: the picture of a whole page to its lines, found by a served line finder, and their texts."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf

from seqapp.datasets.image.page_picture import PagePicture, page_pictures
from seqapp.datasets.image.pdf import is_pdf
from seqapp.models.page_reader import LINE_FINDER, FindsLines, PageReader
from seqapp.models.page_reading import PageReading
from seqapp.serving.server.refusal import Refusal

MAX_LINES = 500  # of a page: a newspaper has as many
PAGE_MB = 400.0  # of memory to find the lines of a page, whatever its size: it is scaled for that
FIND = "find"  # signature of line finders


def page_of(path: Path) -> PagePicture | None:
    """Return an uploaded page, None for the picture of a line.

    Raises:
        ValueError: No picture, or more than one page.
    """
    if is_pdf(path):
        raise ValueError(f"{path.name}: expected the picture of one page. Received: a PDF. transcribe.py reads these")
    pages = page_pictures(path)
    if len(pages) > 1:
        raise ValueError(f"{path.name}: expected one page. Received: {len(pages)}. Send one per request")
    return pages[0] if pages else None


def read_page(transcriber, open_line_finder: Callable[[], FindsLines], page: PagePicture) -> PageReading:
    """Read a page; for a thread that may wait, since lines go through the queues of the model.

    Args:
        transcriber: `Transcriber` of a served model.
        open_line_finder: As `served_line_finder`.
        page: From `page_of`.

    Raises:
        Refusal: No line finder is served, or the queue is full.
        ValueError: The picture cannot be decoded, or has too many lines.
    """
    return PageReader(transcriber, _Bounded(open_line_finder())).read(page)


def served_line_finder(repository) -> FindsLines:
    """Return the line finder among the models of a server: the one that is called `pages`.

    Raises:
        Refusal: FAILED_PRECONDITION: there is none.
    """
    model = repository.model(LINE_FINDER) if LINE_FINDER in repository.names() else None
    if model is None or FIND not in model.signatures or not model.signatures[FIND].is_computed_here:
        message = (
            f"Expected the picture of one line. Received: a page, and this server has no model {LINE_FINDER!r} that "
            "finds lines. Cut the line out, or add the model to the folder that is served."
        )
        raise Refusal("FAILED_PRECONDITION", message)
    from seqapp.models.line_finder.line_finder import LineFinder  # late: a server without pages needs none of it

    signature = model.signatures[FIND]

    def maps(page: np.ndarray) -> dict[str, tf.Tensor]:
        return {name: tf.constant(array) for name, array in signature({"page": page}).items()}

    return LineFinder(maps, f"{model.name}/{model.version}", model)


@dataclasses.dataclass(frozen=True)
class _Bounded:
    """A line finder whose pages have no more lines than may be read for one request."""

    finder: FindsLines

    @property
    def name(self) -> str:
        return getattr(self.finder, "name", LINE_FINDER)

    def find(self, picture: np.ndarray):
        lines = self.finder.find(picture)
        if len(lines) > MAX_LINES:
            raise ValueError(f"too many lines: {len(lines)} on one page, more than the {MAX_LINES} allowed")
        return lines
