"""Confidence quality: does confidence tell right readings from wrong (AUROC), and is it a probability (ECE)."""

import dataclasses
from collections.abc import Iterable

import numpy as np
from scipy.stats import rankdata

from seqapp.decoding.calibration import reliability
from seqapp.evaluation.evaluation import DOUBTFUL_RATE, ScoredExample


@dataclasses.dataclass(frozen=True)
class ConfidenceQuality:
    """What the confidences of some readings are worth; None where there are no readings to tell by.

    Attributes:
        num_readings: With a confidence.
        num_right: Of these without a character error.
        num_sure: Of these that the model is sure of.
        mean: Confidence of all.
        mean_of_bad: Confidence of those with a CER above 50 %.
        auroc: Probability that a right reading has more confidence than a wrong one; ties count half.
        expected_calibration_error: Mean distance of confidence and accuracy, in ten bins.
    """

    num_readings: int
    num_right: int
    num_sure: int
    mean: float | None
    mean_of_bad: float | None
    auroc: float | None
    expected_calibration_error: float | None


def confidence_quality(examples: Iterable[ScoredExample]) -> ConfidenceQuality:
    """Compare the confidences of readings with what was right.

    Args:
        examples: `ScoredExample`s; those without a confidence (NaN) are left out.

    Reference: Guo et al. 2017, "On calibration of modern neural networks"; Hendrycks and Gimpel 2017, "A baseline for
        detecting misclassified and out-of-distribution examples in neural networks".
    """
    read = [example for example in examples if not np.isnan(example.recognition.confidence)]
    confidences = np.array([example.recognition.confidence for example in read])
    is_right = np.array([example.characters.errors == 0 for example in read], bool)
    is_bad = np.array([example.characters.rate > DOUBTFUL_RATE for example in read], bool)
    return ConfidenceQuality(
        num_readings=len(read),
        num_right=int(is_right.sum()),
        num_sure=sum(example.recognition.is_sure for example in read),
        mean=_mean(confidences),
        mean_of_bad=_mean(confidences[is_bad]),
        auroc=auroc(confidences, is_right),
        expected_calibration_error=reliability(confidences, is_right).expected_calibration_error if read else None,
    )


def auroc(confidences, is_right) -> float | None:
    """Compute the area under the ROC curve: the normalised rank sum of Mann and Whitney; None where all are equal.

    Args:
        confidences: Float `[n]`.
        is_right: Bool `[n]`.
    """
    is_right = np.asarray(is_right, bool)
    num_right = int(is_right.sum())
    num_wrong = len(is_right) - num_right
    if not num_right or not num_wrong:
        return None
    ranks = rankdata(confidences)
    return float((ranks[is_right].sum() - num_right * (num_right + 1) / 2) / (num_right * num_wrong))


def _mean(values):
    return float(np.mean(values)) if len(values) else None
