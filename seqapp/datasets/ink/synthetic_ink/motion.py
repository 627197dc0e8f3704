"""Pen kinematics: points on a curve at the tablet's rate, their speed by the two-thirds power law.

A hand slows down where its path bends: speed falls with the cube root of curvature, which is the two-thirds
power law (angular speed grows with curvature to the power 2/3).

Reference: F. Lacquaniti, C. Terzuolo, P. Viviani, "The law relating the kinematic and figural aspects of
drawing movements", Acta Psychologica 54, 1983.
"""

import numpy as np

from seqapp.datasets.ink.synthetic_ink.drawing import STEP, evenly, slow_wave
from seqapp.datasets.ink.synthetic_ink.style import Style

SAMPLE_RATE_HZ = 100.0  # as common tablets
_SETTLE = 0.3  # x-heights over which a touching pen reaches its speed
_SHORTEST_STEP = 1e-3  # x-heights: keeps time strictly increasing where the path stands still
_PAUSE_S = (0.06, 0.2)  # of a pen lift, before the flight to the next stroke
_TREMOR_S = 0.04  # distance of the tremor's knots


def points_of(path: np.ndarray, ends: np.ndarray, style: Style, draw: np.random.Generator) -> np.ndarray:
    """Move the pen along the curves and reads it at the tablet's rate.

    Args:
        path: Float64 `[N, 2]` points of all curves, in x-heights.
        ends: Int `[S]`, where each curve ends in `path` (exclusive).
        style: The hand.
        draw: Source of pauses and tremor.

    Returns:
        Float32 `[M, 4]`: x, y (device units, y down), time_s from 0 and pen_up.
    """
    starts = np.concatenate([[0], ends[:-1]])
    clock = np.cumsum(_durations(path, starts, ends, style, draw))
    ticks = [_ticks(clock[start], clock[end - 1]) for start, end in zip(starts, ends, strict=True)]
    times = np.concatenate(ticks)
    points = np.zeros((len(times), 4))
    for axis in (0, 1):
        steady = np.interp(times, clock, path[:, axis])
        points[:, axis] = style.size * (steady + _tremor(times, style.tremor, draw))
    points[:, 2] = times
    points[np.cumsum([len(stroke) for stroke in ticks]) - 1, 3] = 1.0
    return points.astype(np.float32)


def _durations(path, starts, ends, style: Style, draw: np.random.Generator) -> np.ndarray:
    """Return the seconds from the last point to each, `[N]`: along curves by the power law, between them by air."""
    step = np.diff(path, axis=0, prepend=path[:1])
    length = np.maximum(np.hypot(step[:, 0], step[:, 1]), _SHORTEST_STEP)
    speed = style.speed * (1.0 + _curvature(step, length, starts, ends)) ** (-1.0 / 3.0)
    speed *= _ramps(starts, ends) * np.exp(0.15 * slow_wave(STEP * np.arange(len(path)), draw))
    durations = length / speed
    flights = np.hypot(*(path[starts[1:]] - path[ends[:-1] - 1]).T)
    durations[0] = 0.0
    durations[starts[1:]] = draw.uniform(*_PAUSE_S, len(flights)) + flights / (1.5 * style.speed)
    return durations


def _curvature(step: np.ndarray, length: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return turning angle over length at each point, `[N]`, radians per x-height; 0 where a curve starts or ends."""
    turn = np.diff(np.arctan2(step[:, 1], step[:, 0]), append=0.0)
    turn = np.abs((turn + np.pi) % (2.0 * np.pi) - np.pi)
    turn[starts], turn[ends - 1] = 0.0, 0.0
    return np.convolve(turn / length, np.full(5, 0.2), "same")


def _ramps(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return factors of speed, `[N]`, that rise after the pen touches the paper and fall before it leaves."""
    index = np.arange(ends[-1])
    lengths = ends - starts
    near = np.minimum(index - np.repeat(starts, lengths), np.repeat(ends - 1, lengths) - index) * STEP
    return 0.35 + 0.65 * np.minimum(near / _SETTLE, 1.0)


def _ticks(start_s: float, end_s: float) -> np.ndarray:
    return evenly(start_s, end_s, max(2, int(round((end_s - start_s) * SAMPLE_RATE_HZ)) + 1))


def _tremor(times: np.ndarray, amplitude: float, draw: np.random.Generator) -> np.ndarray:
    knots = np.arange(times[0], times[-1] + 2.0 * _TREMOR_S, _TREMOR_S)
    return np.interp(times, knots, draw.normal(0.0, amplitude, len(knots)))
