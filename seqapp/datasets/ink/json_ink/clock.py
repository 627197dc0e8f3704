"""Time units of ink: seconds, milliseconds, microseconds or nanoseconds, told by the distance of points in time.

Pens are sampled 20 to 500 times per second. Third numbers that run back are no times at all, such as pressure.
"""

from collections.abc import Sequence

import numpy as np

_UNITS = {1.0: "seconds", 1e-3: "milliseconds", 1e-6: "microseconds", 1e-9: "nanoseconds"}
_STEPS_S = (1e-4, 0.5)  # between neighbouring points of a stroke, median; wider than any pen's
_FEWEST_STEPS = 5  # fewer do not tell a unit from a pause


def seconds_of(strokes: Sequence[np.ndarray], unit_s: float) -> tuple[list[np.ndarray], str]:
    """Convert the times of an ink to seconds.

    Args:
        strokes: Arrays `[n, 2]` of x, y or `[n, 3]` of x, y, time, in order of writing.
        unit_s: Unit of the times as the format states it, in seconds.

    Returns:
        The strokes with times in seconds, `[n, 2]` where the third numbers are no times; and a remark on what was found
        other than stated, empty for none.
    """
    if not all(stroke.shape[1] == 3 for stroke in strokes if len(stroke)):
        return [stroke[:, :2] for stroke in strokes], ""
    times = [stroke[:, 2] for stroke in strokes if len(stroke)]
    steps = np.concatenate([np.diff(column) for column in times]) if times else np.zeros(0)
    starts = np.array([column[0] for column in times])
    ends = np.array([column[-1] for column in times])
    runs_back = (steps < 0).any() or (starts[1:] < ends[:-1]).any()
    if runs_back:
        return [stroke[:, :2] for stroke in strokes], "third numbers run back, so they are no times: left out"
    actual = _unit(steps, unit_s)
    scaled = [stroke * (1.0, 1.0, actual) if len(stroke) else stroke for stroke in strokes]
    if actual == unit_s:
        return scaled, ""
    return scaled, f"times are taken for {_UNITS[actual]}, not {_UNITS[unit_s]}, by the distance of points"


def _unit(steps: np.ndarray, unit_s: float) -> float:
    moving = steps[np.isfinite(steps) & (steps > 0)]
    if len(moving) < _FEWEST_STEPS:
        return unit_s
    step = float(np.median(moving))
    likely = [unit for unit in _UNITS if _STEPS_S[0] <= step * unit < _STEPS_S[1]]
    return unit_s if unit_s in likely or not likely else max(likely)
