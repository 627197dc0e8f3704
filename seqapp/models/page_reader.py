"""Page reader: a page picture to its reading: lines found, cut out along their baselines, recognised in batches."""

import dataclasses
import logging
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.page_picture import PagePicture
from seqapp.datasets.image.page_reading import cut_line
from seqapp.models.line_finder.found_line import FoundLine
from seqapp.models.page_reading import PageLine, PageReading, Points

logger = logging.getLogger(__name__)

LINE_FINDER = "pages"  # name of its model, beside that of the recogniser
BATCH_LINES = 32  # recognised at once


class FindsLines(Protocol):
    """A line finder: `LineFinder`, or one that is opened when it is needed."""

    def find(self, picture: np.ndarray) -> list[FoundLine]:
        """Find lines in a picture uint8 `[H, W]`, in reading order."""


@dataclasses.dataclass(frozen=True)
class PreparedPage:
    """A page whose lines are cut out, and not yet read.

    Args:
        page: What it was read from.
        shape: Height and width of its picture.
        lines: In reading order.
        images: Of the lines.
    """

    page: PagePicture
    shape: tuple[int, int]
    lines: Sequence[FoundLine]
    images: Sequence[LineImage]


class PageReader:
    """Reads whole pages.

    Args:
        transcriber: `Transcriber` of line images, here or on a server.
        line_finder: Gives the lines of a picture in reading order.
    """

    def __init__(self, transcriber, line_finder: FindsLines):
        self._transcriber = transcriber
        self._line_finder = line_finder

    def read(self, page: PagePicture) -> PageReading:
        """Read a page.

        Raises:
            ValueError: It cannot be decoded, or there is no line finder.
        """
        return self.recognise(self.prepare(page))

    def prepare(self, page: PagePicture) -> PreparedPage:
        """Decode a page, find its lines and cut them out; errors as of `read`."""
        try:
            picture = page.open()
        except ValueError:
            raise
        except Exception as error:  # of one page among hundreds, in files that nobody has foreseen
            raise ValueError(f"broken page: {page.name}: {type(error).__name__}: {error}") from error
        return PreparedPage(page, picture.shape, *self._cut(picture))

    def recognise(self, prepared: PreparedPage) -> PageReading:
        """Read the lines of a page."""
        columns = [image.columns for image in prepared.images]
        readings = self._transcriber.transcribe(columns, BATCH_LINES) if columns else []
        lines = tuple(
            _page_line(f"l{number}", line, image, reading)
            for number, (line, image, reading) in enumerate(zip(prepared.lines, prepared.images, readings), start=1)
        )
        height, width = prepared.shape
        names = tuple(getattr(part, "name", type(part).__name__) for part in (self._line_finder, self._transcriber))
        return PageReading.of_lines(
            lines, image=prepared.page.name, number=prepared.page.number, width=width, height=height, models=names
        )

    def _cut(self, picture: np.ndarray) -> tuple[Sequence[FoundLine], Sequence[LineImage]]:
        """Lines that can be cut out, and their images: a line may lie beyond the page's edge, or be no line."""
        lines, images = [], []
        for number, line in enumerate(self._line_finder.find(picture), start=1):
            try:
                image = cut_line(picture, line.text_line(f"l{number}"), f"l{number}")
            except ValueError as error:
                logger.info("line %d: left out: %s", number, error)
                continue
            if fault := self._transcriber.sense.fault(image.columns):
                logger.info("line %d: left out: %s", number, fault)
                continue
            lines.append(line)
            images.append(image)
        return lines, images


def _page_line(id: str, line: FoundLine, image: LineImage, reading) -> PageLine:
    values = {name: value for name, value in vars(reading).items() if not name.startswith("_")}
    return PageLine(
        **values,
        id=id,
        baseline=_points(line.baseline),
        outline=_points(line.outline()),
        line_confidence=float(line.confidence),
        num_columns=len(image.columns),
    )


def _points(points: np.ndarray) -> Points:
    """Points as plain numbers, to a tenth of a pixel."""
    return tuple((float(x), float(y)) for x, y in np.round(np.asarray(points, np.float64), 1))
