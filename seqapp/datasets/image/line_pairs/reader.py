"""Line images, each with a text file of the same name beside it."""

from collections.abc import Collection, Iterator
from pathlib import Path

from seqapp.datasets.file_tree import files_below, id_of, log_unread
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.line_reading import LineFile, read_line_files
from seqapp.datasets.image.picture import SUFFIXES
from seqapp.datasets.skipped import Skipped

TEXT_SUFFIXES = (".gt.txt", ".txt")  # the first that is there
# Second suffixes of one line prepared several times, by OCRopus, OCR4all and their kin; the first that is there counts.
VARIANTS = ("", ".nrm", ".bin", ".raw", ".dew", ".desp", ".gray", ".grey", ".color")


def picture_files(folder: Path) -> list[Path]:
    """List the files below a folder that are named like images, sorted; hidden ones are left out."""
    return files_below(folder, SUFFIXES)


def without_variants(files: list[Path], folder: Path, skipped: Skipped) -> list[Path]:
    """Keep one image of each line.

    Args:
        files: Images below a folder.
        folder: The folder.
        skipped: Receives other versions of the same line: x.bin.png and x.nrm.png beside x.png.
    """
    versions: dict[Path, list[Path]] = {}
    for file in files:
        versions.setdefault(file.with_name(base_name(file)), []).append(file)
    best = {base: min(paths, key=_rank) for base, paths in versions.items()}
    for file in files:
        first = best[file.with_name(base_name(file))]
        if file != first and base_name(file) != file.stem:
            skipped.add(id_of(file, folder), f"another version of one line: {first.name} is read")
    return [file for file in files if file == best[file.with_name(base_name(file))] or base_name(file) == file.stem]


def base_name(file: Path) -> str:
    """Return the name that versions of one line share: "x" of x.png and of x.bin.png, "page.1" of page.1.png."""
    base, dot, variant = file.stem.rpartition(".")
    return base if base and dot + variant.lower() in VARIANTS else file.stem


def read(folder: Path, skipped: Skipped, needs_text: bool = True, pages: Collection[Path] = ()) -> Iterator[LineImage]:
    """Read all line images below a folder, in sorted order.

    Args:
        folder: Images, each with x.gt.txt or x.txt beside x.png (of x.bin.png also x.gt.txt), in subfolders by
            writer or not.
        skipped: Receives images without a transcript, other versions of the same line, and what cannot be used.
        needs_text: False: images without a transcript have an empty text.
        pages: Files among them that are no lines, and are read elsewhere.

    Yields:
        Lines; the id is the path below the folder, the writer the subfolder, hashed.
    """
    log_unread(folder, [*picture_files(folder), *pages], companions=(".txt",))
    lines = _line_files(folder, skipped, needs_text, pages)
    return read_line_files(lines, skipped, needs_text=False, is_isolated=True)


def _line_files(folder: Path, skipped: Skipped, needs_text: bool, pages: Collection[Path]) -> Iterator[LineFile]:
    for file in without_variants(picture_files(folder), folder, skipped):
        if file in pages:
            continue
        place = file.relative_to(folder)
        id = id_of(file, folder)
        writer_id = hashed_name("line_pairs", place.parent.as_posix() if len(place.parts) > 1 else "")
        try:
            text = read_text(file)
            if text is None and needs_text:
                raise ValueError(f"no transcript: expected {file.stem}.gt.txt beside {file.name}")
            yield LineFile(file, id, text or "", writer_id)
        except ValueError as error:
            skipped.add(id, str(error))


def read_text(file: Path) -> str | None:
    """Return the transcript beside an image, None where there is none.

    Raises:
        ValueError: Not UTF-8.
    """
    stems = dict.fromkeys((file.stem, base_name(file)))
    paths = (file.with_name(stem + suffix) for stem in stems for suffix in TEXT_SUFFIXES)
    path = next((path for path in paths if path.is_file()), None)
    try:
        return path.read_text("utf-8-sig") if path else None
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: {path.name}: {error}. Save the file in UTF-8.") from None


def _rank(file: Path) -> tuple[int, str]:
    variant = file.stem[len(base_name(file)) :].lower()
    return VARIANTS.index(variant), file.name
