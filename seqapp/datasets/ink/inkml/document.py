"""InkML files: traces as strokes by id, and the groups that carry a text."""

import dataclasses
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import numpy as np

from seqapp.datasets.ink.inkml.trace_points import read_points

_TEXT_TYPES = ("truth", "transcription", "label", "text")  # annotation types that say what was written
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


@dataclasses.dataclass(frozen=True)
class Format:
    """A <traceFormat>: names of the regular channels, the unit of T in seconds, signs of X and Y."""

    channels: tuple[str, ...] = ("X", "Y")
    time_unit_s: float = 1e-3
    signs: tuple[float, float] = (1.0, 1.0)


def annotation(element: ElementTree.Element, types: tuple[str, ...] = _TEXT_TYPES) -> str:
    """Return an element's own annotation, not its children's, of the first type it has; empty if none."""
    for type in types:
        for child in element.findall("annotation"):
            if child.get("type", "").lower() == type.lower():
                return " ".join("".join(child.itertext()).split())
    return ""


def labelled_groups(root: ElementTree.Element) -> list[ElementTree.Element]:
    """Return the outermost trace groups and views that carry a text, in document order."""
    groups: list[ElementTree.Element] = []
    for child in root:
        if child.tag in ("traceGroup", "traceView") and annotation(child):
            groups.append(child)
        elif child.tag in ("traceGroup", "traceView"):
            groups += labelled_groups(child)
    return groups


def trace_ids(group: ElementTree.Element) -> list[str]:
    """Return the ids of the traces that a group holds or refers to, in order, each once."""
    ids = []
    for element in group.iter():
        if element.tag == "trace":
            ids.append(element.get("id", ""))
        elif element.tag == "traceView" and "traceDataRef" in element.attrib:
            ids.append(element.attrib["traceDataRef"].rpartition("#")[2])
    return list(dict.fromkeys(ids))


def read_strokes(root: ElementTree.Element) -> dict[str, np.ndarray]:
    """Read all traces.

    Args:
        root: <ink>. Traces without an id of their own get one ("trace 3"), written into the element.

    Returns:
        {id: float64 `[n, 2]` of x, y or `[n, 3]` of x, y, time_s}, in document order, y growing down. Traces of
        the lifted pen are left out; a trace that continues another (`continuation`, `priorRef`) is part of
        it.

    Raises:
        ValueError: A malformed point, or no channels X and Y.
    """
    formats = dict(_formats(root))
    default = next(iter(formats.values()), Format())
    pieces: dict[str, list[np.ndarray]] = {}
    owners: dict[str, str] = {}
    for number, trace in enumerate(root.iter("trace")):
        id = trace.get("id") or f"trace {number}"
        continues = trace.get("continuation") in ("middle", "end")
        if id in owners and not continues:  # two traces of one id are two strokes; references mean the first
            id = f"{id} {number}"
        trace.set("id", id)
        if trace.get("type") == "penUp":
            continue
        prior = trace.get("priorRef", "").lstrip("#") if continues else ""
        owners[id] = owners.get(prior, id)
        format = formats.get(trace.get("contextRef", "").lstrip("#"), default)
        pieces.setdefault(owners[id], []).append(_stroke("".join(trace.itertext()), format))
    return {id: np.concatenate(parts) for id, parts in pieces.items()}


def _formats(root: ElementTree.Element) -> Iterator[tuple[str, Format]]:
    """Yield formats by the id that a trace's contextRef names: the context around them, or their own."""
    for context in root.iter("context"):
        for element in context.iter("traceFormat"):
            yield context.get("id", ""), _format(element)
    for element in root.iter("traceFormat"):
        yield element.get("id", ""), _format(element)


def _format(element: ElementTree.Element) -> Format:
    regular = element.findall("channel")  # children only: not those in <intermittentChannels>
    names = tuple(channel.get("name", "").upper() for channel in regular)
    if not {"X", "Y"} <= set(names):
        raise ValueError(f"traceFormat: expected channels X and Y among the regular ones, received {names}")
    by_name = dict(zip(names, regular))
    signs = tuple(-1.0 if by_name[name].get("orientation") == "-ve" else 1.0 for name in "XY")
    unit = by_name["T"].get("units", "ms") if "T" in by_name else "ms"
    return Format(names, _SECONDS.get(unit, 1e-3), signs)


def _stroke(text: str, format: Format) -> np.ndarray:
    points = read_points(text, format.channels)
    columns = [format.signs[i] * points[:, format.channels.index(name)] for i, name in enumerate("XY")]
    if "T" in format.channels:
        columns.append(format.time_unit_s * points[:, format.channels.index("T")])
    stroke = np.column_stack(columns)
    timed = stroke.shape[1] == 3 and np.isfinite(stroke[:, 2]).all()
    return stroke if timed else stroke[:, :2]
