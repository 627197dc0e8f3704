"""IAM-OnDB lines: ink, transcription and writer brought together, form by form."""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from seqapp.datasets.file_tree import files_below
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.ink.iam_ondb.layout import Layout, find_layout, read_split_file
from seqapp.datasets.ink.iam_ondb.line_strokes import read_line_strokes
from seqapp.datasets.ink.iam_ondb.transcription import form_folder, form_letter, read_lines, read_writer
from seqapp.datasets.ink.ink import Ink, check
from seqapp.datasets.skipped import Skipped

logger = logging.getLogger(__name__)

# Known to be damaged or to carry the text of another line: several public readers list them.
BROKEN_LINES = {
    *("a08-551z-08", "a08-551z-09", "h02-037-02", "a02-062-01", "a02-062-02", "a02-062-03"),
    *("e05-265z-04", "g04-060-02", "j06-278z-04", "h04-141z-03"),
}
BROKEN_FORMS = {"z01-000z"}  # no strokes


def read(path: str | Path, skipped: Skipped) -> Iterator[Ink]:
    """Read every line, or the one line of a single file.

    Args:
        path: Folder as `find_layout` takes it; or one file of lineStrokes, which makes one ink without a text:
            it does not tell how many lines its form has, and so which of the form's texts is its own.
        skipped: Receives what cannot be used.

    Yields:
        Inks, forms in sorted order.

    Raises:
        ValueError: No IAM-OnDB there, or a single file is broken.
    """
    path = Path(path)
    if path.is_file():
        ink = Ink.from_strokes(path.stem, read_line_strokes(path))
        reason = check(ink)
        if reason:
            raise ValueError(f"{path}: {reason}")
        yield ink
        return
    with tempfile.TemporaryDirectory(prefix="seqapp-") as cache_dir:
        layout = find_layout(path, Path(cache_dir))
        yield from read_forms(layout, all_forms(layout), skipped)


def all_forms(layout: Layout) -> list[str]:
    """Return the names of all forms that have ink, sorted."""
    names = {path.stem.rpartition("-")[0] for path in files_below(layout.line_strokes, (".xml",))}
    return sorted(name for name in names if name)


def split_ids(layout: Layout) -> dict[str, list[str]]:
    """Return {split: forms or lines}, as the task's files list them."""
    return {split: read_split_file(path) for split, path in layout.split_files.items()}


def read_forms(layout: Layout, ids: Sequence[str], skipped: Skipped) -> Iterator[Ink]:
    """Read the lines of forms.

    Args:
        layout: Where things are.
        ids: Forms ("a01-000u") or single lines ("a01-000u-01").
        skipped: Receives known broken items, forms whose transcription has another number of lines than there
            are inks (which label belongs to which is then unknown), and whatever `check` refuses.

    Yields:
        Inks with text and hashed writer.
    """
    for id in ids:
        form, line = (id, None) if id.count("-") < 2 else (id.rpartition("-")[0], id)
        if form in BROKEN_FORMS:
            skipped.add(form, "known broken form")
            continue
        try:
            yield from _read_form(layout, form, line, skipped)
        except ValueError as error:
            skipped.add(id, str(error))


def _read_form(layout: Layout, form: str, line: str | None, skipped: Skipped) -> Iterator[Ink]:
    folder = form_folder(form)
    inks = sorted((layout.line_strokes / folder).glob(f"{form}-[0-9]*.xml"))
    if not inks:
        raise ValueError("no ink: no file in lineStrokes")
    texts = _read_texts(layout.ascii / folder / f"{form}.txt")
    if _last_line(inks) != len(texts):
        raise ValueError(f"line counts differ: {_last_line(inks)} inks, {len(texts)} lines of text")
    writer_id = _read_writer_id(layout, form)
    for number in sorted(set(range(1, len(texts) + 1)) - set(map(_line_number, inks))):
        skipped.add(f"{form}-{number:02d}", "no ink: no file in lineStrokes")
    for path in inks:
        if line is None or path.stem == line:
            yield from _read_line(path, texts[_line_number(path) - 1], writer_id, skipped)


def _read_line(path: Path, text: str, writer_id: str, skipped: Skipped) -> Iterator[Ink]:
    if path.stem in BROKEN_LINES:
        skipped.add(path.stem, "known broken line")
        return
    try:
        ink = Ink.from_strokes(path.stem, read_line_strokes(path), text, writer_id)
    except ValueError as error:
        skipped.add(path.stem, str(error))
        return
    reason = check(ink)
    if reason:
        skipped.add(path.stem, reason)
    else:
        yield ink


def _read_texts(path: Path) -> list[str]:
    if not path.is_file():
        raise ValueError("no transcription: no file in ascii")
    return read_lines(path)


def _read_writer_id(layout: Layout, form: str) -> str:
    if layout.original is None:
        return ""
    path = layout.original / form_folder(form) / f"strokes{form_letter(form)}.xml"
    try:
        return hashed_name("iam_ondb", read_writer(path)) if path.is_file() else ""
    except ValueError as error:
        logger.warning("%s: writer unknown: %s", form, error)
        return ""


def _line_number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def _last_line(paths: Sequence[Path]) -> int:
    """Return the number of lines there were: one missing inside leaves the others' numbers right."""
    return max(map(_line_number, paths))
