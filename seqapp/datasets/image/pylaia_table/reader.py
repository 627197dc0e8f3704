"""Lines of PyLaia's tables, each with its image from the folders around them."""

import collections
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from seqapp.datasets.file_tree import is_hidden
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.line_pairs.reader import picture_files
from seqapp.datasets.image.line_reading import LineFile, read_line_files
from seqapp.datasets.image.picture import SUFFIXES
from seqapp.datasets.image.pylaia_table.table import is_known, read_table
from seqapp.datasets.skipped import Skipped

NAMES = {
    "train": ("train", "tr", "training"),
    "validation": ("validation", "valid", "val", "va", "dev"),
    "test": ("test", "te"),
}


def find_tables(folder: Path) -> dict[str, Path]:
    """Return {split: table} of a folder: train.txt, val.txt, test.txt or what else PyLaia's recipes call them.

    Raises:
        ValueError: Two files are named after one split.
    """
    tables: dict[str, Path] = {}
    for path in sorted(folder.glob("*.txt")):
        if is_hidden(path, folder):
            continue
        split = next((split for split, names in NAMES.items() if path.stem.lower() in names), None)
        if split in tables:
            raise ValueError(f"{folder}: {tables[split].name} and {path.name} both name the split {split!r}. Keep one.")
        if split:
            tables[split] = path
    return tables


def find_pictures(folder: Path) -> dict[str, Path]:
    """Return {path below the folder or any end of it, without suffix: picture}: ids tell folders or do not.

    Where two pictures end alike, the first in sorted order stands for both: a corpus in two heights, say.
    """
    pictures: dict[str, Path] = {}
    for path in picture_files(folder):
        parts = path.relative_to(folder).with_suffix("").parts
        for start in range(len(parts)):
            pictures.setdefault("/".join(parts[start:]), path)
    return pictures


def read(table: Path, pictures: Mapping[str, Path], skipped: Skipped) -> Iterator[LineImage]:
    """Read the lines of a table, in its order.

    Args:
        table: As `read_table`.
        pictures: From `find_pictures`.
        skipped: Receives lines without a picture or a text, and those whose text is not known whole.

    Yields:
        Lines; ids are the table's, the writer is the folder in an id, hashed.
    """
    texts = read_table(table)
    folders = collections.Counter(id.rpartition("/")[0] for id in texts)
    return read_line_files(_line_files(texts, pictures, len(folders) > 1, skipped), skipped)


def _line_files(
    texts: Mapping[str, str], pictures: Mapping[str, Path], has_writers: bool, skipped: Skipped
) -> Iterable[LineFile]:
    for id, text in texts.items():
        picture = pictures.get(_without_suffix(id))
        writer_id = hashed_name("pylaia_table", id.rpartition("/")[0] if has_writers else "")
        if picture is None:
            skipped.add(id, "no image")
        elif not is_known(text):
            skipped.add(id, f"unknown token: {text!r}")
        else:
            yield LineFile(picture, id, text, writer_id)


def _without_suffix(id: str) -> str:
    return id.rpartition(".")[0] if id.lower().endswith(SUFFIXES) else id
