"""Heights of a text line above and below its baseline, measured from its polygon."""

import numpy as np

from seqapp.datasets.image.page import TextLine

_PLACES = 24  # along a line where its polygon is measured
_HIGHEST = 90  # percentile: outlines have single spikes, and most letters no ascender


def line_heights(line: TextLine) -> tuple[float, float]:
    """Return how far the polygon of a `TextLine` reaches above and below its baseline, in pixels; 0, 0 when unknown.

    A box counts too: its lower edge is then that of the descenders.
    """
    if len(line.baseline) < 2 or len(line.polygon) < 3:
        return 0.0, 0.0
    start, end = line.baseline[0], line.baseline[-1]
    along = (end - start) / max(1e-6, np.hypot(*(end - start)))
    axes = np.stack([along, [-along[1], along[0]]], axis=1)  # along the line, and downwards
    baseline = (line.baseline - start) @ axes
    polygon = (line.polygon - start) @ axes
    places = np.linspace(baseline[0, 0], baseline[-1, 0], _PLACES + 2)[1:-1]
    order = np.argsort(baseline[:, 0], kind="stable")
    own = np.interp(places, baseline[order, 0], baseline[order, 1])
    top, bottom = _extent(polygon, places)
    known = np.isfinite(top)
    if not known.any():
        return 0.0, 0.0
    above, below = np.percentile((own - top)[known], _HIGHEST), np.percentile((bottom - own)[known], _HIGHEST)
    return max(0.0, float(above)), max(0.0, float(below))


def _extent(polygon, places):
    """Return the highest and the lowest crossing of a polygon at each place, float `[n]`; infinite for none."""
    before, after = polygon, np.roll(polygon, -1, axis=0)
    run = after[:, 0] - before[:, 0]
    share = (places[:, np.newaxis] - before[:, 0]) / np.where(run == 0, np.inf, run)
    crosses = (run != 0) & (share >= 0) & (share <= 1)
    heights = before[:, 1] + share * (after[:, 1] - before[:, 1])
    return np.where(crosses, heights, np.inf).min(1), np.where(crosses, heights, -np.inf).max(1)
