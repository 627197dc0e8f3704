"""Line images, each with a text file of the same name beside it."""

from collections.abc import Iterator
from pathlib import Path

from seqapp.datasets.line_height import to_columns
from seqapp.datasets.line_image import LineImage, check
from seqapp.datasets.picture import SUFFIXES, read_picture
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.writer import hashed_writer

TEXT_SUFFIXES = (".gt.txt", ".txt")  # the first that is there


def picture_files(folder: Path) -> list[Path]:
    """Returns the files below a folder that are named like pictures, sorted; hidden ones are left out."""
    paths = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and not path.name.startswith("."))
    return sorted(path for path in paths if path.is_file())


def read(folder: Path, skipped: Skipped, needs_text: bool = True) -> Iterator[LineImage]:
    """Reads all line images below a folder, in sorted order.

    Args:
        folder: Pictures, each with x.gt.txt or x.txt beside x.png (of x.bin.png also x.gt.txt), in subfolders by
            writer or not.
        skipped: Receives pictures without a transcript, and what cannot be used.
        needs_text: False: pictures without a transcript have an empty text.

    Yields:
        Lines; the id is the path below the folder, the writer the subfolder, hashed.
    """
    for file in picture_files(folder):
        place = file.relative_to(folder)
        id = place.with_suffix("").as_posix()
        writer_id = hashed_writer("line_pairs", place.parent.as_posix() if len(place.parts) > 1 else "")
        try:
            text = read_text(file)
            if text is None and needs_text:
                raise ValueError(f"no transcript: expected {file.stem}.gt.txt beside {file.name}")
            yield read_line(file, id, text or "", writer_id)
        except ValueError as error:
            skipped.add(id, str(error))


def read_line(file: Path, id: str, text: str = "", writer_id: str = "") -> LineImage:
    """Reads a picture of one line.

    Raises:
        ValueError: No picture, damaged, or no line.
    """
    line = LineImage(id, to_columns(read_picture(file)), " ".join(text.split()), writer_id)
    if reason := check(line):
        raise ValueError(reason)
    return line


def read_text(file: Path) -> str | None:
    """Returns the transcript beside a picture, None where there is none; ValueError where it is not UTF-8."""
    stems = (file.stem, file.name.split(".")[0])
    paths = (file.with_name(stem + suffix) for stem in stems for suffix in TEXT_SUFFIXES)
    path = next((path for path in paths if path.is_file()), None)
    try:
        return path.read_text("utf-8-sig") if path else None
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: {path.name}: {error}. Save the file in UTF-8.") from None
