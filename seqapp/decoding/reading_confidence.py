"""Confidence of a reading: the probability that its text is right, by logistic regression on what decoding saw.

The geometric mean of the characters' probabilities stays near 1 where a network meets what it was not made for: frame
by frame it is sure of the wrong thing. The weakest character, the frames that waver, and a text too short for its
length tell better. A regression on validation data, clean and damaged, makes a probability of them.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

STATISTICS = (
    "mean_character", "weakest_character", "all_characters", "mean_frame", "wavering_frames", "num_characters",
    "characters_per_frame", "is_empty",
)  # fmt: skip
LEAST = -30.0  # natural logarithm of a probability; what is less says no more
WAVERING = float(np.log(0.7))  # of a frame whose best class has less
PENALTY = 1e-3  # on squared weights of standardised statistics, per reading


@dataclasses.dataclass
class BestClasses:
    """Sums over the frames of a reading so far, of the log-probability of each one's best class, the blank included.

    Attributes:
        total: Their sum.
        num_wavering: Frames where it is below `WAVERING`.
        num_frames: All frames.
    """

    total: float = 0.0
    num_wavering: int = 0
    num_frames: int = 0

    def add(self, log_prob: float) -> None:
        """Count one frame more."""
        self.total += log_prob
        self.num_wavering += log_prob < WAVERING
        self.num_frames += 1

    @classmethod
    def of(cls, log_probs: np.ndarray) -> "BestClasses":
        """Return the sums over all frames of log-probabilities `[T, K]`."""
        best = log_probs.max(axis=-1, initial=-np.inf)
        return cls(float(best.sum()), int((best < WAVERING).sum()), len(best))


def reading_statistics(char_confidences: Sequence[float], frames: BestClasses) -> np.ndarray:
    """Compute what the confidence of a reading is judged by.

    Args:
        char_confidences: `[U]`, the probability of each character.
        frames: `BestClasses` of all frames.

    Returns:
        Float64 `[len(STATISTICS)]`, in that order.
    """
    characters = np.log(np.maximum(np.asarray(char_confidences, np.float64), np.exp(LEAST)))
    is_empty, num_frames = len(characters) == 0, max(frames.num_frames, 1)
    return np.array(
        [
            0.0 if is_empty else characters.mean(),
            0.0 if is_empty else characters.min(),
            max(characters.sum(), LEAST),
            frames.total / num_frames,
            frames.num_wavering / num_frames,
            np.log1p(len(characters)),
            len(characters) / num_frames,
            float(is_empty),
        ]
    )


@dataclasses.dataclass(frozen=True)
class ReadingConfidence:
    """A logistic regression on `reading_statistics`.

    Args:
        weights: By the name of the statistic.
        bias: The logit where all statistics are 0.
        sure_from: A reading of less confidence is "not sure": it is more like readings of which more than half is wrong
            than like others.

    Raises:
        ValueError: Weights of other statistics than `STATISTICS`.
    """

    weights: Mapping[str, float]
    bias: float
    sure_from: float

    def __post_init__(self):
        if {*self.weights} != {*STATISTICS}:
            raise ValueError(f"Expected a weight for each of {', '.join(STATISTICS)}. Received: {[*self.weights]}.")

    @property
    def vector(self) -> np.ndarray:
        """The weights, float64 `[len(STATISTICS)]`."""
        return np.array([self.weights[name] for name in STATISTICS])

    def __call__(self, statistics) -> np.ndarray:
        """Compute confidences float64 `[...]` in (0, 1) of statistics `[..., len(STATISTICS)]`."""
        return _sigmoid(np.asarray(statistics) @ self.vector + self.bias)

    def judge(self, char_confidences: Sequence[float], frames: BestClasses) -> tuple[float, bool]:
        """Return the confidence of a reading, and whether it reaches the bound; arguments of `reading_statistics`."""
        confidence = float(self(reading_statistics(char_confidences, frames)))
        return confidence, confidence >= self.sure_from

    @classmethod
    def fit(cls, statistics, is_right, is_bad) -> "ReadingConfidence":
        """Fit by maximum likelihood with a small penalty on the weights.

        Args:
            statistics: Float `[n, len(STATISTICS)]`.
            is_right: Bool `[n]`; of both kinds, else the confidence is that of all alike.
            is_bad: Bool `[n]`, readings that are of no use; `sure_from` divides them from the others as well as can be.

        Reference: Platt 1999, "Probabilistic outputs for support vector machines"; Jiang 2005, "Confidence measures for
            speech recognition: A survey"; Youden 1950, "Index for rating diagnostic tests" (the bound).
        """
        from scipy.optimize import minimize  # late: only a fit needs it

        statistics = np.asarray(statistics, np.float64)
        target = np.asarray(is_right, np.float64)
        mean = statistics.mean(axis=0)
        scale = np.maximum(statistics.std(axis=0), 1e-6)
        inputs = (statistics - mean) / scale

        def cost(values):
            logits = inputs @ values[:-1] + values[-1]
            loss = np.mean(np.logaddexp(0.0, logits) - target * logits) + PENALTY * values[:-1] @ values[:-1]
            error = _sigmoid(logits) - target
            return loss, np.append(inputs.T @ error / len(target) + 2 * PENALTY * values[:-1], error.mean())

        # Readings that are all right say that none is wrong, but not for sure.
        share = np.clip(target.mean(), 0.5 / len(target), 1 - 0.5 / len(target))
        start = np.append(np.zeros(len(STATISTICS)), np.log(share / (1 - share)))
        values = start if target.min() == target.max() else minimize(cost, start, jac=True, method="L-BFGS-B").x
        weights = values[:-1] / scale
        fitted = cls(dict(zip(STATISTICS, weights.tolist())), float(values[-1] - weights @ mean), 0.0)
        return dataclasses.replace(fitted, sure_from=_bound(fitted(statistics), np.asarray(is_bad, bool)))

    def save(self, path: str | Path, **facts) -> None:
        """Write JSON; `facts` about the fit, numbers and texts, are for those who read it."""
        content = dataclasses.asdict(self) | facts
        Path(path).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> "ReadingConfidence | None":
        """Read what `save` wrote; None where there is no such file.

        Raises:
            ValueError: Another file.
        """
        if not Path(path).is_file():
            return None
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
            return cls(**{field.name: content[field.name] for field in dataclasses.fields(cls)})
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}: expected weights, bias and sure_from of a confidence. {error}") from error


def _sigmoid(logits):
    return 0.5 + 0.5 * np.tanh(0.5 * logits)


def _bound(confidences, is_bad):
    """The confidence at which to divide; 0 where none is bad: nothing is known of such readings."""
    if not is_bad.any():
        return 0.0
    order = np.argsort(confidences, kind="stable")
    # Of bad readings below, and of others below, when the first k + 1 lie below.
    bad_below = np.cumsum(is_bad[order]) / is_bad.sum()
    others_below = np.cumsum(~is_bad[order]) / max(1, (~is_bad).sum())
    last = order[np.argmax(bad_below - others_below)]
    return float(np.nextafter(confidences[last], 1.0))
