"""Layouts written back: transcripts in the ALTO and PAGE that their lines came from, with words and confidences."""

import collections
import logging
import math
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from seqapp.datasets.file_tree import id_of
from seqapp.datasets.image.layout import LayoutTree, read_layout_tree
from seqapp.datasets.image.page import TextLine
from seqapp.datasets.image.page_reading import layout_files
from seqapp.input_pipeline.input_names import input_prefixes
from seqapp.models.reading import ImageReading, words
from seqapp.transcription.output_paths import OutputPaths, check_targets

logger = logging.getLogger(__name__)

XSI = "http://www.w3.org/2001/XMLSchema-instance"


def write_layouts(paths, readings: Mapping[str, ImageReading], folder: str | Path | None) -> list[Path]:
    """Write each layout anew, with what was read in its lines.

    Args:
        paths: Layouts (.xml), and folders of them, as they were given to `read_lines`.
        readings: By the ids that it gave; a line that was not read keeps the text it had.
        folder: Where they are written, by the names they had; needed, so that none is written over by accident.

    Returns:
        The files written.

    Raises:
        ValueError: As `layout_targets`.
    """
    written = []
    for path, id, target in layout_targets(paths, folder):
        try:
            layout = read_layout_tree(path)
        except ValueError as error:  # another XML among the pages; it was named when they were read
            logger.info("%s: passed over: %s", path, error)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        _with_text(layout, id, readings).write(target, encoding="utf-8", xml_declaration=True)
        written.append(target)
    return written


def layout_targets(paths, folder: str | Path | None) -> list[tuple[Path, str, Path]]:
    """Return each layout, the beginning of its lines' ids, and where it is written; arguments as of `write_layouts`.

    Raises:
        ValueError: No layout among the paths, no folder, or one that holds the layouts or others among them; or two
            layouts of one id.
    """
    layouts = list(_layouts(paths))
    if not layouts:
        raise ValueError("--format xml fills in layouts. Received: none. Give ALTO or PAGE files, or a folder of them.")
    if folder is None:
        raise ValueError(f"--format xml writes {len(layouts)} layouts anew. Add --output FOLDER for them.")
    if repeated := [id for id, count in collections.Counter(id for _, id in layouts).items() if count > 1]:
        raise ValueError(
            f"Layouts in several inputs: {', '.join(repeated[:3])}. Give these inputs one after the other."
        )
    places = OutputPaths(folder, ".xml")
    targets = [(path, id, places.place(id)) for path, id in layouts]
    check_targets(paths, [target for _, _, target in targets])
    return targets


def has_layouts(paths) -> bool:
    """Return whether there is a layout among files and in folders of them."""
    return any(True for _ in _layouts(paths))


def _layouts(paths) -> Iterator[tuple[Path, str]]:
    """Each layout, and the beginning of its lines' ids."""
    for path, prefix in zip(map(Path, paths), input_prefixes(paths)):
        root, files = (path, layout_files(path)) if path.is_dir() else (path.parent, [path])
        for file in files:
            if file.suffix.lower() == ".xml":
                yield file, prefix + id_of(file, root)


def _with_text(layout: LayoutTree, id: str, readings) -> ElementTree.ElementTree:
    tree = layout.tree
    namespace = tree.getroot().tag.rpartition("}")[0].lstrip("{")
    _register(namespace)
    tag = f"{{{namespace}}}" if namespace else ""
    fill = fill_alto if tree.getroot().tag.endswith("alto") else fill_page
    for line, element in zip(layout.page.lines, layout.elements):
        if (reading := readings.get(f"{id}/{line.id}")) is not None:
            fill(element, tag, reading, line)
    _renew_regions(tree, tag)
    return tree


def written_xml(root: ElementTree.Element, namespace: str) -> str:
    """Return a whole document, indented, with one namespace for all of its elements."""
    _register(namespace)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _register(namespace: str) -> None:
    ElementTree.register_namespace("", namespace)
    ElementTree.register_namespace("xsi", XSI)


def fill_alto(element, tag, reading, line: TextLine) -> None:
    """Give a <TextLine> of ALTO what was read.

    Strings with their box as if the line were level, and their confidence; a blank between two.

    Where nothing was read there is an empty one: the schema asks for one at least.
    """
    _remove(element, {f"{tag}{name}" for name in ("String", "SP", "HYP")})
    (left, top), (right, bottom) = _corners(line)
    words_of_line = list(_words(reading)) or [("", 0.0, 1.0, reading.confidence)]
    for k, (text, start, end, confidence) in enumerate(words_of_line):
        place = {"HPOS": left + start * (right - left), "VPOS": top, "WIDTH": (end - start) * (right - left)}
        place = {name: f"{round(value)}" for name, value in {**place, "HEIGHT": bottom - top}.items()}
        ElementTree.SubElement(element, f"{tag}String", {"CONTENT": text, **place, "WC": f"{confidence:.4f}"})
        if k + 1 < len(words_of_line):
            ElementTree.SubElement(element, f"{tag}SP")


def fill_page(element, tag, reading, line: TextLine) -> None:
    """Give a <TextLine> of PAGE what was read: a text with its confidence, behind the shapes, as the schema wants."""
    _remove(element, {f"{tag}TextEquiv", f"{tag}Word"})
    place = sum(
        child.tag in {f"{tag}{name}" for name in ("AlternativeImage", "Coords", "Baseline")} for child in element
    )
    element.insert(place, _equivalent(tag, reading.text, {"conf": f"{reading.confidence:.4f}"}))


def _renew_regions(tree, tag) -> None:
    """A region's own text repeats that of its lines, line by line: what stood there is of another reading."""
    for region in tree.iter(f"{tag}TextRegion"):
        old, lines = region.findall(f"{tag}TextEquiv"), region.findall(f"{tag}TextLine")
        if old and lines:
            texts = (line.findtext(f"{tag}TextEquiv/{tag}Unicode") or "" for line in lines)
            region.insert(list(region).index(old[0]), _equivalent(tag, "\n".join(texts)))
            for element in old:
                region.remove(element)


def _equivalent(tag, text: str, attributes=()) -> ElementTree.Element:
    equivalent = ElementTree.Element(f"{tag}TextEquiv", dict(attributes))
    ElementTree.SubElement(equivalent, f"{tag}Unicode").text = text
    return equivalent


def _words(reading) -> Iterator[tuple[str, float, float, float]]:
    """Text, left and right end as shares of the line's width, and confidence of each word, in the order of reading."""
    right = getattr(reading, "num_columns", 0) or max(reading.char_right, default=1.0) or 1.0
    first, last, left = reading.char_left, reading.char_right, 0.0
    if first and first[0] > first[-1]:  # read leftwards: words begin at the right
        first, last, left = last, first, 0.0 if hasattr(reading, "num_columns") else min(first)
    width = right - left or 1.0
    # Columns stand for seconds: words are cut at blanks whatever the axis.
    for word in words(list(reading.text), first, last, reading.char_confidences):
        confidence = word.confidence if math.isfinite(word.confidence) else 0.0
        ends = sorted((word.start_s, word.end_s))
        yield word.text, *((end - left) / width for end in ends), confidence


def _corners(line: TextLine) -> np.ndarray:
    points = line.polygon if len(line.polygon) else np.zeros((1, 2))
    return np.stack([points.min(axis=0), points.max(axis=0)])


def _remove(element, tags) -> None:
    for child in [child for child in element if child.tag in tags]:
        element.remove(child)
