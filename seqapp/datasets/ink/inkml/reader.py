"""InkML inks: one per file, or one per group of traces that carries a text."""

from collections.abc import Iterator
from pathlib import Path

from seqapp.datasets.file_tree import files_below, id_of, log_unread, readable
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.ink.ink import Ink, check
from seqapp.datasets.ink.inkml.document import annotation, labelled_groups, read_strokes, trace_ids
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.xml_file import read_xml

SUFFIXES = (".inkml",)


def read(path: str | Path, skipped: Skipped) -> Iterator[Ink]:
    """Read a file, or all *.inkml below a folder in sorted order.

    Args:
        path: File or folder.
        skipped: Receives unusable inks; of a folder also broken files.

    Yields:
        Of a file whose root has an annotation of type truth, transcription, label or text: one ink. Else one
        for each outermost trace group with such an annotation; else one without a text. Ids are the path
        without its suffix, and the group's id.

    Raises:
        ValueError: A single file is broken.
    """
    path = Path(path)
    if path.is_file():
        yield from _usable(_file_inks(path, readable(path.stem)), skipped)
        return
    files = files_below(path, SUFFIXES)
    log_unread(path, files)
    for file in files:
        id = id_of(file, path)
        try:
            inks = list(_file_inks(file, id))
        except ValueError as error:
            skipped.add(id, str(error))
            continue
        yield from _usable(inks, skipped)


def _file_inks(path: Path, id: str) -> Iterator[Ink]:
    root = read_xml(path)
    if root.tag != "ink":
        raise ValueError(f"{path.name}: expected InkML (<ink>), received <{root.tag}>")
    strokes = read_strokes(root)
    writer_id = hashed_name("inkml", annotation(root, ("writer", "writerID", "writer_id")))
    groups = [] if annotation(root) else labelled_groups(root)
    if not groups:
        yield Ink.from_strokes(id, list(strokes.values()), annotation(root), writer_id)
    for number, group in enumerate(groups):
        group_strokes = [strokes[trace] for trace in trace_ids(group) if trace in strokes]
        yield Ink.from_strokes(f"{id}/{group.get('id', number)}", group_strokes, annotation(group), writer_id)


def _usable(inks: Iterator[Ink], skipped: Skipped) -> Iterator[Ink]:
    for ink in inks:
        reason = check(ink)
        if reason:
            skipped.add(ink.id, reason)
        else:
            yield ink
