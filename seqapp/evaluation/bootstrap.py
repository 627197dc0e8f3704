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
    counts = np.stack([errors[order], lengths[order]])
    rates = _replicated(counts, _rate, replications, np.random.default_rng(seed))
    low, high = np.quantile(rates, (0.025, 0.975))
    return Interval(float(low), float(high), unit, len(errors))


@dataclasses.dataclass(frozen=True)
class PairedDifference:
    """The error rate of a model minus that of a baseline on the same units, as fractions: negative is better.

    Args:
        difference: Of the rates.
        low: 2.5th percentile of the difference.
        high: 97.5th percentile.
        p_value: Two-sided: how often resampling moves the difference by as much as it is from zero.
        probability_of_improvement: Share of the replications in which the model is better than the baseline.
        unit: What was resampled, as in `Interval`.
        num_units: How many of them there are.
    """

    difference: float
    low: float
    high: float
    p_value: float
    probability_of_improvement: float
    unit: str
    num_units: int


def paired_bootstrap(
    baseline: tuple[np.ndarray, np.ndarray],
    model: tuple[np.ndarray, np.ndarray],
    unit: str = "line",
    replications: int = REPLICATIONS,
    seed: int = 0,
) -> PairedDifference | None:
    """Estimate the difference of two error rates by drawing the same units for both.

    Args:
        baseline: Errors and reference lengths of each unit, int `[U]` both.
        model: The same of the other model, its units in the same order.
        unit: What a unit is, for the reader of the interval.
        replications: Times that U units are drawn.
        seed: Of the draws.

    Returns:
        The difference, or None with fewer than two units.

    Raises:
        ValueError: The arrays differ in shape.

    Reference: Bisani and Ney, Bootstrap estimates for confidence intervals in ASR performance evaluation, 2004; the
        p-value: Efron and Tibshirani, An introduction to the bootstrap, 1993, chapter 16.
    """
    counts = np.stack([np.asarray(column, np.int64) for column in (*baseline, *model)])
    if counts.ndim != 2:
        raise ValueError(f"Expected errors and lengths of one shape [U]. Received: {counts.shape[1:]}.")
    if counts.shape[1] < 2:
        return None
    counts = counts[:, np.lexsort(counts)]  # the order of the units does not matter
    differences = _replicated(counts, _difference, replications, np.random.default_rng(seed))
    difference = float(_difference(counts.sum(axis=1)))
    # Rounding must not tell equal distances apart, of which there are many with few units.
    is_as_far = np.abs(differences - difference) >= abs(difference) - 1e-12
    low, high = np.quantile(differences, (0.025, 0.975))
    return PairedDifference(
        difference=difference,
        low=float(low),
        high=float(high),
        p_value=float((1 + is_as_far.sum()) / (1 + replications)),
        probability_of_improvement=float(np.mean(differences < 0)),
        unit=unit,
        num_units=counts.shape[1],
    )


def _rate(counts):
    return counts[0] / np.maximum(counts[1], 1)


def _difference(counts):
    return _rate(counts[2:]) - _rate(counts[:2])


def _replicated(counts, statistic, replications, generator):
    """Return float64 `[replications]`; in chunks, so that memory does not grow with units times replications."""
    num_units = counts.shape[1]
    rows = max(1, _CHUNK // num_units)
    results = []
    for start in range(0, replications, rows):
        indices = generator.integers(num_units, size=(min(rows, replications - start), num_units))
        results.append(statistic([column[indices].sum(axis=1) for column in counts]))
    return np.concatenate(results)
