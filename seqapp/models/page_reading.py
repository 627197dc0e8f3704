"""Page readings: the lines found on a page in reading order, with their places, texts and confidences."""

import dataclasses

from seqapp.models.reading import ImageReading, Reading

Points = tuple[tuple[float, float], ...]


@dataclasses.dataclass(frozen=True)
class PageLine(ImageReading):
    """The reading of one line of a page; `char_left` and `char_right` are columns of the line cut out, 64 rows high.

    Attributes:
        id: Of the line on its page: "l1", "l2" ... in reading order.
        baseline: (x, y) in pixels of the page, left to right.
        outline: Polygon of (x, y) around what was read.
        line_confidence: Probability that there is a line, as the line finder says.
        num_columns: Width of the line cut out.
    """

    id: str = ""
    baseline: Points = ()
    outline: Points = ()
    line_confidence: float = 1.0
    num_columns: int = 0


@dataclasses.dataclass(frozen=True)
class PageReading(Reading):
    """The reading of one page: its lines, joined by line breaks in `text`.

    `confidence` is the mean over the lines, each weighted by its characters; `is_sure` is False where a line is not
    sure. Where no line was found the text is empty, the confidence 0, and nothing is sure. `char_frames` and
    `char_confidences` are empty: those of the lines stand in `lines`.

    Attributes:
        lines: `PageLine`s in reading order, also those in which nothing was read.
        image: Name of the picture's file; empty when unknown.
        number: Of the page in a file of several, from 1.
        width: Of the picture in whose pixels the lines lie.
        height: Likewise.
        models: Names of the line finder and of the recogniser.
    """

    char_frames: tuple[int, ...] = ()
    char_confidences: tuple[float, ...] = ()
    lines: tuple[PageLine, ...] = ()
    image: str = ""
    number: int = 1
    width: int = 0
    height: int = 0
    models: tuple[str, ...] = ()

    @classmethod
    def of_lines(cls, lines: tuple[PageLine, ...], **page) -> "PageReading":
        """Join lines; `page` are the attributes that do not follow from them."""
        weights = [len(line.text) for line in lines]
        total = sum(weights)
        confidence = sum(line.confidence * weight for line, weight in zip(lines, weights)) / total if total else 0.0
        text = "\n".join(line.text for line in lines if line.text)
        is_sure = bool(lines) and all(line.is_sure for line in lines)
        return cls(text, confidence, lines=lines, is_sure=is_sure, **page)
