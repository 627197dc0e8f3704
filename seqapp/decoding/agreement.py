"""Confidence of the best hypothesis: the agreement of the n-best list on each of its labels."""

import difflib
from collections.abc import Sequence

import numpy as np

FRAMES_OFF = 1  # where two texts have the same label at the same place, its most probable frames may differ by so many
SUREST = 1.0 - 1e-4  # a search keeps a few dozen texts: that all of them agree is no more certain than this


def shares(scores) -> np.ndarray:
    """Return scores `[n]` as probabilities among each other: their softmax."""
    scores = np.asarray(scores, np.float64)
    best = scores.max(initial=-np.inf)
    weights = np.exp(scores - best) if best > -np.inf else np.ones(len(scores))
    return weights / weights.sum()


def log_share(scores) -> float:
    """Return the natural logarithm of what the first of scores `[n]` has among them all."""
    return float(np.log(shares(scores)[0]))


def calibrated(probabilities, temperature: float = 1.0, offset: float = 0.0) -> np.ndarray:
    """Calibrate probabilities `[n]`: divide their logits by a temperature, and add an offset."""
    probabilities = np.clip(probabilities, 1.0 - SUREST, SUREST)
    logits = (np.log(probabilities) - np.log1p(-probabilities)) / temperature + offset
    return 1.0 / (1.0 + np.exp(-logits))


def matches(hypotheses: Sequence[Sequence[int]]) -> np.ndarray:
    """Find the labels of the first hypothesis that the others have in the same places.

    Args:
        hypotheses: List of n label tuples.

    Returns:
        Bool `[n, U]`; the first row is all True. The probability of each label is `shares @ matches`.
    """
    best, *others = hypotheses
    is_same = np.zeros([len(hypotheses), len(best)], bool)
    is_same[0] = True
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(best)
    for row, other in zip(is_same[1:], others):
        matcher.set_seq1(other)
        for _, start, size in matcher.get_matching_blocks():
            row[start : start + size] = True
    return is_same


def frame_matches(labels: Sequence[Sequence[int]], frames: Sequence[Sequence[int]]) -> np.ndarray:
    """Find the labels of the first hypothesis that the others have in the same frames, or in those beside them.

    As `matches` for a graph, where it is cheaper to look for frames; the two seldom differ.

    Args:
        labels, frames: Lists of n tuples.

    Returns:
        Bool `[n, U]`.
    """
    best_labels, best_frames = np.array(labels[0], int)[:, np.newaxis], np.array(frames[0], int)[:, np.newaxis]
    rows = [
        ((best_labels == np.array(of_labels, int)) & (np.abs(best_frames - np.array(of_frames, int)) <= FRAMES_OFF))
        for of_labels, of_frames in zip(labels, frames)
    ]
    return np.stack([row.any(axis=1) for row in rows])
