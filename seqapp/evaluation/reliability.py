"""Calibration of word confidences in an evaluation: accuracy of words by confidence."""

from seqapp.decoding.calibration import Reliability, reliability, word_outcomes
from seqapp.evaluation.evaluation import Evaluation


def word_reliability(evaluation: Evaluation) -> Reliability | None:
    """Compute the accuracy of words by their confidence.

    Args:
        evaluation: Any evaluation. Examples without a confidence for every character are left out.

    Returns:
        `Reliability`, or None where no example has any.
    """
    confidences = []
    is_right = []
    for example in evaluation.examples:
        read = example.recognition
        if read.hypothesis and len(read.char_confidences) == len(read.hypothesis):
            of_words = word_outcomes(read.reference, read.hypothesis, read.char_confidences)
            confidences += of_words[0]
            is_right += of_words[1]
    return reliability(confidences, is_right) if confidences else None
