"""New layouts: a page whose lines were found as ALTO 4 or PAGE 2019: polygons, baselines, texts, confidences."""

import datetime
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable

import numpy as np

import seqapp
from seqapp.datasets.image.page import TextLine
from seqapp.models.page_reading import PageLine, PageReading
from seqapp.transcription.layouts import fill_alto, fill_page, written_xml

ALTO = "http://www.loc.gov/standards/alto/ns-v4#"
PAGE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
# Of each model: what it did, in the words of ALTO and of PAGE's processing steps.
STEPS = ("text line segmentation", "text recognition")


def to_alto(reading: PageReading) -> str:
    """Write a page as ALTO 4; the models stand in its processing steps."""
    root = ElementTree.Element(f"{{{ALTO}}}alto")
    description = _child(root, "Description")
    _child(description, "MeasurementUnit").text = "pixel"
    source = _child(description, "sourceImageInformation")
    _child(source, "fileName").text = reading.image
    for number, (step, model) in enumerate(zip(STEPS, reading.models), start=1):
        processing = _child(description, "Processing", ID=f"step_{number}")
        _child(processing, "processingCategory").text = "contentGeneration"
        _child(processing, "processingDateTime").text = _now()
        _child(processing, "processingStepDescription").text = step
        _child(processing, "processingStepSettings").text = f"model={model}"
        software = _child(processing, "processingSoftware")
        _child(software, "softwareName").text = "seqapp"
        _child(software, "softwareVersion").text = seqapp.__version__
    size = {"WIDTH": f"{reading.width}", "HEIGHT": f"{reading.height}"}
    number = f"{reading.number}"
    page = _child(_child(root, "Layout"), "Page", ID=f"page_{number}", PHYSICAL_IMG_NR=number, **size)
    space = _child(page, "PrintSpace", HPOS="0", VPOS="0", **size)
    if reading.lines:
        around = _box(point for line in reading.lines for point in line.outline)
        block = _child(space, "TextBlock", ID="block_1", **around)
        for line in reading.lines:
            _add_alto_line(block, line)
    return written_xml(root, ALTO)


def _add_alto_line(block: ElementTree.Element, line: PageLine) -> None:
    element = _child(block, "TextLine", ID=line.id, BASELINE=_points(line.baseline, " "), **_box(line.outline))
    _child(_child(element, "Shape"), "Polygon", POINTS=_points(line.outline, " "))
    fill_alto(element, f"{{{ALTO}}}", line, _text_line(line))


def to_page_xml(reading: PageReading) -> str:
    """Write a page as PAGE 2019-07-15; the models stand in its processing steps."""
    root = ElementTree.Element(f"{{{PAGE}}}PcGts")
    metadata = _child(root, "Metadata")
    _child(metadata, "Creator").text = f"seqapp {seqapp.__version__}"
    for name in ("Created", "LastChange"):
        _child(metadata, name).text = _now()
    for step, model in zip(STEPS, reading.models):
        _child(metadata, "MetadataItem", type="processingStep", name=step, value=model)
    size = {"imageWidth": f"{reading.width}", "imageHeight": f"{reading.height}"}
    page = _child(root, "Page", imageFilename=reading.image, **size)
    if reading.lines:
        region = _child(page, "TextRegion", id="region_1")
        corners = _corners(point for line in reading.lines for point in line.outline)
        (left, top), (right, bottom) = corners
        around = [(left, top), (right, top), (right, bottom), (left, bottom)]
        _child(region, "Coords", points=_points(around, ",", reading))
        for line in reading.lines:
            element = _child(region, "TextLine", id=line.id)
            _child(element, "Coords", points=_points(line.outline, ",", reading))
            _child(element, "Baseline", points=_points(line.baseline, ",", reading))
            fill_page(element, f"{{{PAGE}}}", line, _text_line(line))
    return written_xml(root, PAGE)


def _child(parent: ElementTree.Element, tag: str, /, **attributes: str) -> ElementTree.Element:
    namespace = parent.tag.rpartition("}")[0]
    return ElementTree.SubElement(parent, f"{namespace}}}{tag}", attributes)


def _points(points: Iterable[tuple[float, float]], between: str, inside: PageReading | None = None) -> str:
    """Whole pixels; PAGE takes none outside of its picture."""
    places = np.round(np.asarray(list(points), np.float64)).astype(int)
    if inside:
        places = np.clip(places, 0, [max(inside.width - 1, 0), max(inside.height - 1, 0)])
    return " ".join(f"{x}{between}{y}" for x, y in places)


def _corners(points: Iterable[tuple[float, float]]) -> np.ndarray:
    places = np.asarray(list(points), np.float64)
    return np.stack([places.min(axis=0), places.max(axis=0)])


def _box(points: Iterable[tuple[float, float]]) -> dict[str, str]:
    (left, top), (right, bottom) = np.round(_corners(points)).astype(int)
    return {"HPOS": f"{left}", "VPOS": f"{top}", "WIDTH": f"{right - left}", "HEIGHT": f"{bottom - top}"}


def _text_line(line: PageLine) -> TextLine:
    return TextLine(line.id, np.asarray(line.outline), np.asarray(line.baseline))


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
