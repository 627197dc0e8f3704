"""Bootstrap confidence intervals of error rates, resampling writers or speakers rather than lines.

Lines by one hand share its slant and its oddities; resampling them one by one would claim a certainty that a
new writer refutes. kaldialign, which our tests compare with, resamples utterances and aligns each entry by
itself, so a writer's joined lines would be aligned across line ends: here the counts of lines are summed by
unit and resampled.
"""

import dataclasses

import numpy as np

REPLICATIONS = 10_000  # Bisani and Ney's number: the ends of a 95 % interval then hold to about 1 % of its width
_CHUNK = 4_000_000  # drawn indices held at once: 32 MB


@dataclasses.dataclass(frozen=True)
class Interval:
    """A 95 % percentile interval of an error rate, as fractions.

    Args:
        low: 2.5th percentile.
        high: 97.5th percentile.
        unit: What was resampled: "writer", "speaker", "line" or "utterance".
        num_units: How many of them there are.
    """

    low: float
    high: float
    unit: str
    num_units: int


def bootstrap_interval(
    errors: np.ndarray,
    lengths: np.ndarray,
    unit: str = "line",
    replications: int = REPLICATIONS,
    seed: int = 0,
) -> Interval | None:
    """Estimate the interval of sum(errors) / sum(lengths) by drawing units with replacement.

    Args:
        errors: Int `[U]`, errors of each unit.
        lengths: Int `[U]`, reference length of each unit.
        unit: What a unit is, for the reader of the interval.
        replications: Times that U units are drawn.
        seed: Of the draws. The order of the units does not matter.

    Returns:
        The interval, or None with fewer than two units: one draw says nothing of the spread.

    Raises:
        ValueError: `errors` and `lengths` differ in shape.

    Reference: Bisani and Ney, Bootstrap estimates for confidence intervals in ASR performance evaluation,
    2004.
    """
    errors = np.asarray(errors, np.int64)
    lengths = np.asarray(lengths, np.int64)
    if errors.ndim != 1 or errors.shape != lengths.shape:
        raise ValueError(f"Expected errors and lengths of one shape [U]. Received: {errors.shape} and {lengths.shape}.")
    if len(errors) < 2:
        return None
    order = np.lexsort((errors, lengths))
    rates = _replicated_rates(errors[order], lengths[order], replications, np.random.default_rng(seed))
    low, high = np.quantile(rates, (0.025, 0.975))
    return Interval(float(low), float(high), unit, len(errors))


def _replicated_rates(errors, lengths, replications, generator):
    """Return float64 `[replications]`; in chunks, so that memory does not grow with units times replications."""
    num_units = len(errors)
    rows = max(1, _CHUNK // num_units)
    rates = []
    for start in range(0, replications, rows):
        indices = generator.integers(num_units, size=(min(rows, replications - start), num_units))
        rates.append(errors[indices].sum(axis=1) / np.maximum(lengths[indices].sum(axis=1), 1))
    return np.concatenate(rates)
