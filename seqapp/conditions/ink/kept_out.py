"""Ink conditions kept out: damage that no model is trained with and no confidence is fitted to."""

import numpy as np

from seqapp.conditions.condition import Damage
from seqapp.datasets.ink.ink import PEN_UP

RUN = 4  # points that are lost together


def lose_contact(points: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Leave out runs of points inside of strokes, which end there and go on behind: a pen that is pressed too little.

    Args:
        points: Float32 `[N, 4]`.
        share: In [0, 1], of the points, about; first and last points of strokes stay.
        rng: Draws those that are lost.

    Returns:
        Float32 `[M, 4]`.
    """
    if not len(points):
        return points
    begins = rng.random(len(points)) < share / RUN
    lost = np.convolve(begins, np.ones(RUN))[: len(points)] > 0
    is_last = points[:, PEN_UP] > 0.5
    is_last[-1] = True
    is_first = np.concatenate([[True], is_last[:-1]])
    lost &= ~(is_first | is_last)
    broken = points.astype(np.float32)
    broken[:-1, PEN_UP] = np.maximum(broken[:-1, PEN_UP], lost[1:])
    return broken[~lost]


KEPT_OUT = {
    "lost_contact": Damage(
        lambda points, share, rng, others: lose_contact(points, share, rng),
        "of the points", (0.15,), "four at a time, strokes broken there",
    ),
}  # fmt: skip
