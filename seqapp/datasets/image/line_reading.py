"""Image files of one line each, read as line images: for all corpora that keep their lines cut out."""

import dataclasses
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from seqapp.datasets.image.line_height import dark_on_light, to_columns
from seqapp.datasets.image.line_image import LineImage, check
from seqapp.datasets.image.line_isolation import isolate_line
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


def read_line_files(
    files: Iterable[LineFile], skipped: Skipped, needs_text: bool = True, is_isolated: bool = False
) -> Iterator[LineImage]:
    """Read lines; many of them in several processes, with the same result.

    Args:
        files: In the order of reading.
        skipped: Receives those that cannot be used.
        needs_text: False: lines without a transcript are kept, with an empty text.
        is_isolated: As for `read_line`.

    Yields:
        Lines.
    """
    files = list(files)
    for file in files:
        if needs_text and not file.text:
            skipped.add(file.id, "no text")
    usable = [file for file in files if file.text or not needs_text]
    count = num_processes() if len(usable) > FEW_LINES else 1
    read = functools.partial(_read, is_isolated=is_isolated)
    for line, file in zip(in_order(read, usable, count), usable):
        try:
            yield line()
        except ValueError as error:
            skipped.add(file.id, str(error))


def read_line(file: Path, id: str, text: str = "", writer_id: str = "", is_isolated: bool = False) -> LineImage:
    """Read a picture of one line.

    Args:
        file: The picture.
        id, text, writer_id: Of the line.
        is_isolated: Whether `isolate_line` takes out what the lines above and below reach into the picture.

    Raises:
        ValueError: No picture, damaged, or no line.
    """
    picture = read_picture(file)
    if is_isolated and picture.size:
        picture = isolate_line(dark_on_light(picture))
    line = LineImage(id, to_columns(picture), " ".join(text.split()), writer_id)
    if reason := check(line):
        raise ValueError(reason)
    return line


def _read(file: LineFile, is_isolated: bool) -> LineImage:
    return read_line(file.path, file.id, file.text, file.writer_id, is_isolated)
