"""Line images, each with a text file of the same name beside it."""

from collections.abc import Iterator
from pathlib import Path

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.line_reading import LineFile, read_line_files
from seqapp.datasets.image.picture import SUFFIXES
from seqapp.datasets.skipped import Skipped

TEXT_SUFFIXES = (".gt.txt", ".txt")  # the first that is there


def picture_files(folder: Path) -> list[Path]:
    """Return the files below a folder that are named like pictures, sorted; hidden ones are left out."""
    paths = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and not path.name.startswith("."))
    return sorted(path for path in paths if path.is_file())


def read(folder: Path, skipped: Skipped, needs_text: bool = True) -> Iterator[LineImage]:
    """Read all line images below a folder, in sorted order.

    Args:
        folder: Pictures, each with x.gt.txt or x.txt beside x.png (of x.bin.png also x.gt.txt), in subfolders by
            writer or not.
        skipped: Receives pictures without a transcript, and what cannot be used.
        needs_text: False: pictures without a transcript have an empty text.

    Yields:
        Lines; the id is the path below the folder, the writer the subfolder, hashed.
    """
    return read_line_files(_line_files(folder, skipped, needs_text), skipped, needs_text=False)


def _line_files(folder: Path, skipped: Skipped, needs_text: bool) -> Iterator[LineFile]:
    for file in picture_files(folder):
        place = file.relative_to(folder)
        id = place.with_suffix("").as_posix()
        writer_id = hashed_name("line_pairs", place.parent.as_posix() if len(place.parts) > 1 else "")
        try:
            text = read_text(file)
            if text is None and needs_text:
                raise ValueError(f"no transcript: expected {file.stem}.gt.txt beside {file.name}")
            yield LineFile(file, id, text or "", writer_id)
        except ValueError as error:
            skipped.add(id, str(error))


def read_text(file: Path) -> str | None:
    """Return the transcript beside a picture, None where there is none; ValueError where it is not UTF-8."""
    stems = (file.stem, file.name.split(".")[0])
    paths = (file.with_name(stem + suffix) for stem in stems for suffix in TEXT_SUFFIXES)
    path = next((path for path in paths if path.is_file()), None)
    try:
        return path.read_text("utf-8-sig") if path else None
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: {path.name}: {error}. Save the file in UTF-8.") from None
