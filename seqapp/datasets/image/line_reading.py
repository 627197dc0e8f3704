"""Image files of one line each, read as line images: for all corpora that keep their lines cut out."""

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path

from seqapp.datasets.image.line_height import to_columns
from seqapp.datasets.image.line_image import LineImage, check
from seqapp.datasets.image.picture import read_picture
from seqapp.datasets.processes import in_order, num_processes
from seqapp.datasets.skipped import Skipped

FEW_LINES = 200  # fewer are read before other processes have started


@dataclasses.dataclass(frozen=True)
class LineFile:
    """A line before it is read.

    Args:
        path: The picture.
        id: Of the line.
        text: Its transcript; empty when unknown.
        writer_id: Hashed; empty when unknown.
    """

    path: Path
    id: str
    text: str = ""
    writer_id: str = ""


def read_line_files(files: Iterable[LineFile], skipped: Skipped, needs_text: bool = True) -> Iterator[LineImage]:
    """Read lines; many of them in several processes, with the same result.

    Args:
        files: In the order of reading.
        skipped: Receives those that cannot be used.
        needs_text: False: lines without a transcript are kept, with an empty text.

    Yields:
        Lines.
    """
    files = list(files)
    for file in files:
        if needs_text and not file.text:
            skipped.add(file.id, "no text")
    usable = [file for file in files if file.text or not needs_text]
    count = num_processes() if len(usable) > FEW_LINES else 1
    for line, file in zip(in_order(_read, usable, count), usable):
        try:
            yield line()
        except ValueError as error:
            skipped.add(file.id, str(error))


def read_line(file: Path, id: str, text: str = "", writer_id: str = "") -> LineImage:
    """Read a picture of one line.

    Raises:
        ValueError: No picture, damaged, or no line.
    """
    line = LineImage(id, to_columns(read_picture(file)), " ".join(text.split()), writer_id)
    if reason := check(line):
        raise ValueError(reason)
    return line


def _read(file: LineFile) -> LineImage:
    return read_line(file.path, file.id, file.text, file.writer_id)
