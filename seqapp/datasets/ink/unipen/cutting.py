"""UNIPEN segments as inks: their components without hovering ink, y turned down, times added."""

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.unipen.document import Component, Document, Segment
from seqapp.datasets.skipped import Skipped


def segment_inks(document: Document, file_id: str, hierarchy: str, skipped: Skipped) -> Iterator[tuple[Ink, str]]:
    """Cut the segments of one hierarchy out of a document.

    Args:
        document: Parsed file.
        file_id: Prefix of the ids; the delineation follows it.
        hierarchy: "TEXT", "WORD" ...
        skipped: Receives segments of quality BAD, and those that name components which do not exist.

    Yields:
        (ink, writer as written: it can be a real name).
    """
    starts_s = start_times(document.components)
    for segment in document.segments:
        if segment.hierarchy != hierarchy:
            continue
        id = f"{file_id}/{segment.delineation}"
        if segment.quality == "BAD":
            skipped.add(id, "quality BAD")
            continue
        try:
            components = _selected(document, segment)
        except ValueError as error:
            skipped.add(id, str(error))
            continue
        yield _ink(id, components, starts_s, segment.label), components[0][1].writer


def whole_ink(document: Document, id: str) -> Ink:
    """Return all ink of a document as one, without a label."""
    return _ink(id, list(enumerate(document.components)), start_times(document.components), text="")


def start_times(components: Sequence[Component]) -> np.ndarray:
    """Date the components of a file that states a sampling rate and has no T column.

    A component starts .DT after the end of the one before. Where .DT is missing the gap is unknown and counts
    as one sampling period: times within strokes are true, times across such gaps a lower bound.

    Args:
        components: All of the file.

    Returns:
        float64 [len(components)], seconds; NaN where the rate is unknown.
    """
    starts_s: list[float] = []
    clock_s = 0.0
    for component in components:
        if not component.rate_hz:
            starts_s.append(np.nan)
            continue
        clock_s += max(component.gap_s, 1.0 / component.rate_hz)
        starts_s.append(clock_s)
        clock_s += (len(component.points) - 1) / component.rate_hz
    return np.array(starts_s)


def _ink(id: str, components: Sequence[tuple[int, Component]], starts_s: np.ndarray, text: str) -> Ink:
    strokes = [_stroke(component, starts_s[number]) for number, component in components if component.pen_down]
    return Ink.from_strokes(id, strokes, text)


def _stroke(component: Component, start_s: float) -> np.ndarray:
    coord = component.coord
    points = component.points
    xy = points[:, [coord.index("X"), coord.index("Y")]] * (1.0, -1.0)  # UNIPEN's y grows up
    if "T" in coord:
        return np.column_stack([xy, points[:, coord.index("T")] / 1000.0])  # UNIPEN's T is in milliseconds
    if np.isnan(start_s):
        return xy
    times_s = start_s + (component.first_point + np.arange(len(xy))) / component.rate_hz
    return np.column_stack([xy, times_s])


def _selected(document: Document, segment: Segment) -> list[tuple[int, Component]]:
    """Return the segment's components, cut to its points, in order of writing."""
    components = []
    for first, first_point, last, last_point in segment.spans():
        if last >= len(document.components):
            raise ValueError(f"no such component: {segment.delineation} of {len(document.components)}")
        for number in range(first, last + 1):
            begin = (first_point or 0) if number == first else 0
            end = last_point + 1 if number == last and last_point is not None else None
            component = document.components[number]
            points = component.points[begin:end]
            if len(points):
                components.append((number, dataclasses.replace(component, points=points, first_point=begin)))
    if not components:
        raise ValueError(f"no points: {segment.delineation}")
    return sorted(components, key=lambda pair: (pair[0], pair[1].first_point))
