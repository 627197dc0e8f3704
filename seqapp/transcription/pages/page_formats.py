"""Formats of page readings: text in reading order, JSON, sclite's trn, ALTO and PAGE."""

import dataclasses
import json
from collections.abc import Callable

from seqapp.models.page_reading import PageReading
from seqapp.transcription.pages.new_layouts import to_alto, to_page_xml


def plain_text(id: str, reading: PageReading) -> str:
    """Return the texts of a page's lines, in reading order, as a file of its own holds them."""
    return f"{reading.text}\n" if reading.text else ""


def _txt(id, reading):
    """A row a line, as those of a page with a layout: the page's id, a slash and the line's, a tab, the text."""
    return "".join(f"{id}/{line.id}\t{line.text}\n" for line in reading.lines) or f"{id}\t\n"


def _trn(id, reading):
    return "".join(f"{line.text} ({id}/{line.id})\n" for line in reading.lines) or f" ({id})\n"


def _json(id, reading):
    return json.dumps({"id": id, **dataclasses.asdict(reading)}, ensure_ascii=False) + "\n"


FORMATS: dict[str, Callable[[str, PageReading], str]] = {
    "txt": _txt,
    "json": _json,
    "trn": _trn,
    "alto": lambda id, reading: to_alto(reading),
    "page": lambda id, reading: to_page_xml(reading),
    "xml": lambda id, reading: to_alto(reading),
}
