"""Confidence of a word or text: the geometric mean of the probabilities of its characters."""

import math
from collections.abc import Sequence

LEAST = 1e-30  # a probability of 0 would make that of the whole 0, whatever the others say


def geometric_mean(probabilities: Sequence[float]) -> float:
    """Compute the geometric mean of at least one probability in [0, 1].

    Example:
        >>> geometric_mean([0.25, 1.0])
        0.5
    """
    return math.exp(sum(math.log(max(p, LEAST)) for p in probabilities) / len(probabilities))
