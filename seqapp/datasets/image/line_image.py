"""Line image: one line of handwriting with its transcript, as every reader yields it.

Archives differ in layouts, resolutions and file formats; readers remove those differences here, once, so that
features, training and serving know a single array layout.
"""

import dataclasses

import numpy as np

from seqapp.recipe.rules import CORPUS_HEIGHT

MAX_WIDTH = 16_000  # columns of one line of a corpus: what is longer is no line but a wrong box


@dataclasses.dataclass(frozen=True)
class LineImage:
    """A line and what is known about it.

    Args:
        id: Names the example in logs and errors; unique within its corpus.
        columns: Uint8 `[W, CORPUS_HEIGHT]`, grey: the image's columns from left to right, each from top to bottom; 255
            is white. Columns come first, since time runs along the line. Of a whole page, where these are asked for,
            a `PagePicture`.
        text: What is written, in logical order; empty when unknown.
        writer_id: Who wrote it, never a real name (readers hash it); empty when unknown.
    """

    id: str
    columns: np.ndarray
    text: str = ""
    writer_id: str = ""

    @property
    def image(self) -> np.ndarray:
        """Uint8 `[CORPUS_HEIGHT, W]`, as one looks at it."""
        return self.columns.T


def check(line: LineImage, max_width: int = MAX_WIDTH) -> str | None:
    """Return the reason why a line cannot be used, or None.

    Args:
        line: Any line.
        max_width: Most columns accepted.

    Returns:
        The reason, or None where nothing is wrong. Blank paper is fine: empty lines exist.
    """
    columns = np.asarray(line.columns)
    if columns.ndim != 2 or columns.shape[1] != CORPUS_HEIGHT:
        return f"columns: expected shape [W, {CORPUS_HEIGHT}], received {list(columns.shape)}"
    if columns.dtype != np.uint8:
        return f"columns: expected uint8, received {columns.dtype}"
    if not len(columns):
        return "no columns"
    if len(columns) > max_width:
        return f"too wide: {len(columns)} columns, more than the {max_width} allowed"
    return None
