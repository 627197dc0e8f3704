"""Outlines of text lines that have only a baseline, as high as the distance of the lines around them."""

import dataclasses

import numpy as np

from seqapp.datasets.image.page import Page, TextLine

_ABOVE, _BELOW = 0.75, 0.3  # of the distance between lines: ascenders, descenders
_LENGTH = 1 / 8  # of a baseline: the distance where a page has one line only


def outline_baselines(page: Page) -> Page:
    """Return a page whose lines without a polygon have one around their baseline; the others are unchanged."""
    if all(len(line.polygon) for line in page.lines):
        return page
    pitch = _pitch(page)
    return dataclasses.replace(page, lines=tuple(_outlined(line, pitch) for line in page.lines))


def _outlined(line: TextLine, pitch: float) -> TextLine:
    if len(line.polygon) or len(line.baseline) < 2:
        return line
    distance = pitch or _LENGTH * np.ptp(line.baseline, axis=0).max()
    above = line.baseline - (0.0, _ABOVE * distance)
    below = line.baseline + (0.0, _BELOW * distance)
    return dataclasses.replace(line, polygon=np.concatenate([above, below[::-1]]))


def _pitch(page: Page) -> float:
    """Return the median distance from a baseline to the next below it, of those above one another; 0 without any."""
    spans = [
        (line.baseline[:, 0].min(), line.baseline[:, 0].max(), line.baseline[:, 1].mean())
        for line in page.lines
        if len(line.baseline) > 1
    ]
    gaps = []
    for left, right, y in spans:
        below = [other for start, end, other in spans if other > y and start < right and end > left]
        if below:
            gaps.append(min(below) - y)
    return float(np.median(gaps)) if gaps else 0.0
