"""Multi-line heuristic for UNIPEN: much of Apple's "text" is a list, one word under the other.

UNIPEN does not say which text runs over several lines; the project's splits mark it by this heuristic, so
that the headline task holds single lines. The constants are those of the mark: do not tune them.
"""

import numpy as np

from seqapp.datasets.ink.ink import Ink

_MIN_POINTS = 4  # shorter strokes are dots and slips: they say nothing about the height of letters


def is_multi_line(ink: Ink) -> bool:
    """Guess whether an ink is written on several lines.

    True in either of two cases. The pen returns: between two consecutive strokes it jumps back by more than
    half the ink's width (from the right end of one to the left end of the next) while the strokes' mean
    heights differ by more than 1.5 times the median stroke height. Or the ink, of several words, is tall:
    more than an eighth of its width and more than 3 times the upper quartile of stroke heights. Strokes below
    four points are left out of the median and the quartile only.

    Args:
        ink: Ink with its text.

    Returns:
        True for several lines. Words whose dots and bars come late are taken for several lines now and then.
    """
    strokes = [stroke[:, :2].astype(np.float64) for stroke in ink.strokes()]
    heights = [np.ptp(stroke[:, 1]) for stroke in strokes if len(stroke) >= _MIN_POINTS]
    if not heights:
        heights = [np.ptp(stroke[:, 1]) for stroke in strokes]
    return _returns(strokes, float(np.median(heights))) or _is_tall(ink, float(np.quantile(heights, 0.75)))


def _returns(strokes: list[np.ndarray], median_height: float) -> bool:
    left = np.array([stroke[:, 0].min() for stroke in strokes])
    right = np.array([stroke[:, 0].max() for stroke in strokes])
    mean_y = np.array([stroke[:, 1].mean() for stroke in strokes])
    back = (right[:-1] - left[1:]) > 0.5 * (right.max() - left.min())
    return bool(np.any(back & (np.abs(np.diff(mean_y)) > 1.5 * median_height)))


def _is_tall(ink: Ink, upper_quartile: float) -> bool:
    width, height = np.ptp(ink.points[:, :2].astype(np.float64), axis=0)
    return len(ink.text.split()) > 1 and height > 0.125 * width and height > 3.0 * upper_quartile
