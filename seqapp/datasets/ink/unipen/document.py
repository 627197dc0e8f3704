"""UNIPEN files, includes expanded: numbered components of ink and the segments that label them.

The trap of this format: a delineation counts components from 0 over the whole expanded file, and a component is
a .PEN_DOWN or .PEN_UP that holds at least one point. Empty .PEN_UP do not count, hovering ones do; any other
count shifts every following label without an error.
"""

import dataclasses
import logging
import re
from pathlib import Path

import numpy as np

from seqapp.datasets.ink.unipen.delineation import Span, parse_delineation
from seqapp.datasets.ink.unipen.statements import statements

logger = logging.getLogger(__name__)
_SEGMENT = re.compile(r'(\S+)\s+(\S+)\s+(\S+)(?:\s+"(.*)")?\s*', re.DOTALL)
_RATES_HZ = (20.0, 500.0)  # tablets of the time gave 60-200 points per second; kai states its line's 9600 baud
_COORD = ("X", "Y")  # columns where no .COORD names them


@dataclasses.dataclass(frozen=True)
class Component:
    """One .PEN_DOWN or .PEN_UP with points.

    Args:
        pen_down: False for ink hovering above the tablet.
        points: Float64 `[n, columns]`, n >= 1, as written: y grows up. All NaN where the lines are not numbers:
            it still counts as a component, and `check` refuses the inks that use it.
        coord: Names of the columns, such as ("X", "Y", "T").
        writer: .WRITER_ID in force, as written: it can be a real name.
        rate_hz: Points per second; 0 when unknown.
        gap_s: Seconds between the previous component's last point and this one's first (.DT); 0 when unknown.
        first_point: Number of points[0] in the component as written, where a segment begins within it.
    """

    pen_down: bool
    points: np.ndarray
    coord: tuple[str, ...]
    writer: str
    rate_hz: float
    gap_s: float
    first_point: int = 0


@dataclasses.dataclass(frozen=True)
class Segment:
    """One label: hierarchy (TEXT, WORD ...), delineation as written, quality (OK, GOOD, BAD, ?) and text."""

    hierarchy: str
    delineation: str
    quality: str
    label: str

    def spans(self) -> list[Span]:
        """Return the delineation parsed; ValueError if it cannot be."""
        return parse_delineation(self.delineation)


@dataclasses.dataclass(frozen=True)
class Document:
    """All of one file: components in order of writing, and segments."""

    components: list[Component]
    segments: list[Segment]


def read_document(path: Path, include_root: Path) -> Document:
    """Read a UNIPEN file with its includes.

    Args:
        path: File below data/ (segments) or a file that holds ink itself.
        include_root: The folder include/.

    Returns:
        Components and segments.

    Raises:
        ValueError: A missing include, a malformed segment, or columns without X and Y.
    """
    reader = _DocumentReader(path.name)
    for keyword, arguments in statements(path, include_root):
        reader.take(keyword, arguments)
    return Document(reader.components, reader.segments)


def parse_segment(arguments: str) -> Segment:
    r"""Parse the arguments of `.SEGMENT`.

    Args:
        arguments: `HIERARCHY delineation quality "label"`; in the label, `\"` is a quote, `\\` a backslash,
            `\@` a mark between letters that was not written (kai only) and left out, a line break, or `\n`,
            with the blanks around it (a label continued on the next line) one blank.

    Raises:
        ValueError: Fewer than three fields.

    Example:
        >>> parse_segment(r'WORD 0-3 OK "say \"no\""').label
        'say "no"'
    """
    match = _SEGMENT.fullmatch(arguments)
    if not match:
        raise ValueError(f'.SEGMENT: expected HIERARCHY delineation quality "label", got {arguments[:80]!r}')
    hierarchy, delineation, quality, label = match.groups()
    label = re.sub(r"\s*(?:\n|(?<!\\)\\n)\s*", " ", label or "").strip().replace(r"\@", "")
    return Segment(hierarchy, delineation, quality, re.sub(r"\\(.)", r"\1", label))


class _DocumentReader:
    """The state that statements change for those after them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.components: list[Component] = []
        self.segments: list[Segment] = []
        self.coord, self.writer, self.rate_hz, self.gap_s = _COORD, "", 0.0, 0.0

    def take(self, keyword: str, arguments: str) -> None:
        if keyword in ("PEN_DOWN", "PEN_UP"):
            self._take_component(keyword == "PEN_DOWN", arguments)
        elif keyword == "SEGMENT":
            self.segments.append(parse_segment(arguments))
        elif keyword == "WRITER_ID":
            self.writer = arguments
        elif keyword == "COORD":
            self.coord = _columns(self.name, arguments)
        elif keyword == "POINTS_PER_SECOND":
            self.rate_hz = _rate_hz(arguments)
        elif keyword == "DT":
            self.gap_s += _first_number(arguments) / 1000.0

    def _take_component(self, pen_down: bool, arguments: str) -> None:
        if not arguments:  # not a component, whatever its keyword
            return
        points = self._points(arguments)
        self.components.append(Component(pen_down, points, self.coord, self.writer, self.rate_hz, self.gap_s))
        self.gap_s = 0.0

    def _points(self, arguments: str) -> np.ndarray:
        try:
            return np.array(arguments.split(), np.float64).reshape(-1, len(self.coord))
        except ValueError:
            logger.debug("%s: component %d is not lines of %s", self.name, len(self.components), self.coord)
            return np.full((1, len(self.coord)), np.nan)


def _columns(name: str, arguments: str) -> tuple[str, ...]:
    columns = tuple(arguments.upper().split())
    if not {"X", "Y"} <= set(columns):
        raise ValueError(f"{name}: .COORD: expected X and Y among the columns, received {arguments!r}")
    return columns


def _rate_hz(arguments: str) -> float:
    rate_hz = _first_number(arguments)
    return rate_hz if _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1] else 0.0


def _first_number(arguments: str) -> float:
    try:
        return float(arguments.split()[0])
    except (IndexError, ValueError):
        return 0.0
