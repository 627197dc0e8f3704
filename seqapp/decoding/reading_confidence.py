"""Confidence of a reading: the probability that it is right, by logistic regression on what decoding saw.

The geometric mean of the characters' probabilities stays near 1 where a network meets what it was not made for: it is
sure, frame by frame, of the wrong thing. The weakest character, the frames that waver and a text too short for its
length tell better, and a regression on validation data, clean and damaged, turns them into a probability.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

STATISTICS = (
    "mean_character", "weakest_character", "all_characters", "mean_frame", "wavering_frames", "num_characters",
    "characters_per_frame", "is_empty",
)  # fmt: skip
LEAST = -30.0  # natural logarithm of a probability; what is less says no more
WAVERING = np.log(0.7)  # of a frame whose best class has less
PENALTY = 1e-3  # on squared weights of standardised statistics, per reading


def reading_statistics(char_log_probs: Sequence[float], frame_log_probs: Sequence[float]) -> np.ndarray:
    """Compute what the confidence of a reading is judged by.

    Args:
        char_log_probs: `[U]`, natural logarithms of the characters' probabilities.
        frame_log_probs: `[T]`, of the best class of each frame, blank included.

    Returns:
        Float64 `[len(STATISTICS)]`, in that order.
    """
    characters = np.maximum(np.asarray(char_log_probs, np.float64), LEAST)
    frames = np.maximum(np.asarray(frame_log_probs, np.float64), LEAST)
    is_empty = len(characters) == 0
    return np.array(
        [
            0.0 if is_empty else characters.mean(),
            0.0 if is_empty else characters.min(),
            max(characters.sum(), LEAST),
            frames.mean() if len(frames) else 0.0,
            (frames < WAVERING).mean() if len(frames) else 0.0,
            np.log1p(len(characters)),
            len(characters) / max(len(frames), 1),
            float(is_empty),
        ]
    )


@dataclasses.dataclass(frozen=True)
class ReadingConfidence:
    """A logistic regression on `reading_statistics`.

    Args:
        weights: One for each statistic.
        bias: The logit where all statistics are 0.
    """

    weights: tuple[float, ...]
    bias: float

    def __call__(self, statistics) -> np.ndarray:
        """Compute confidences float64 `[...]` in (0, 1) of statistics `[..., len(STATISTICS)]`."""
        return expit(np.asarray(statistics) @ np.array(self.weights) + self.bias)

    @classmethod
    def fit(cls, statistics, is_right) -> "ReadingConfidence":
        """Fit by maximum likelihood with a small penalty on the weights.

        Args:
            statistics: Float `[n, len(STATISTICS)]`.
            is_right: Bool `[n]`; of both kinds, else the confidence is that of all alike.

        Reference: Platt 1999, "Probabilistic outputs for support vector machines"; Jiang 2005, "Confidence measures for
            speech recognition: A survey".
        """
        statistics = np.asarray(statistics, np.float64)
        target = np.asarray(is_right, np.float64)
        mean = statistics.mean(axis=0)
        scale = np.maximum(statistics.std(axis=0), 1e-6)
        inputs = (statistics - mean) / scale

        def cost(values):
            logits = inputs @ values[:-1] + values[-1]
            error = expit(logits) - target
            loss = np.mean(np.logaddexp(0.0, logits) - target * logits) + PENALTY * values[:-1] @ values[:-1]
            slope = np.append(inputs.T @ error / len(target) + 2 * PENALTY * values[:-1], error.mean())
            return loss, slope

        # A corpus without a wrong reading says that none is wrong, but not for sure.
        share = np.clip(target.mean(), 0.5 / len(target), 1 - 0.5 / len(target))
        start = np.append(np.zeros(len(STATISTICS)), np.log(share / (1 - share)))
        found = start if target.min() == target.max() else minimize(cost, start, jac=True, method="L-BFGS-B").x
        weights = found[:-1] / scale
        return cls(tuple(weights.tolist()), float(found[-1] - weights @ mean))
