"""Frame of each label of a decoded text, on the best single path of CTC (Viterbi)."""

from collections.abc import Sequence

import numpy as np


def label_frames(log_probs: np.ndarray, labels: Sequence[int]) -> np.ndarray:
    """Find the frame at which each label is most probable, on the best single path of CTC.

    Args:
        log_probs: Float `[T, K]`, natural logarithms, the blank last.
        labels: Sequence of U classes.

    Returns:
        Int64 `[U]`, rising.

    Raises:
        ValueError: If the labels do not fit into the frames.
    """
    labels = np.asarray(labels, np.int64)
    if not len(labels):
        return np.zeros(0, np.int64)
    path = _best_path(np.asarray(log_probs, np.float64), labels)
    emission = np.asarray(log_probs)[np.arange(len(path)), labels[np.maximum(path, 0)]]
    emission = np.where(path >= 0, emission, -np.inf)
    return np.array([int(np.argmax(np.where(path == u, emission, -np.inf))) for u in range(len(labels))])


def _best_path(log_probs, labels):
    """Return int64 `[T]`: which label, by its place, is emitted in each frame; -1 for a blank."""
    num_frames = log_probs.shape[0]
    blank = log_probs.shape[1] - 1
    states = np.full(2 * len(labels) + 1, blank)
    states[1::2] = labels
    emissions = log_probs[:, states]
    may_skip = np.zeros(len(states), bool)
    may_skip[3::2] = labels[1:] != labels[:-1]
    score = np.full(len(states), -np.inf)
    score[:2] = emissions[0, :2] if num_frames else -np.inf
    moves = np.zeros([num_frames, len(states)], np.int64)
    for t in range(1, num_frames):
        steps = np.stack([score, _shifted(score, 1), np.where(may_skip, _shifted(score, 2), -np.inf)])
        moves[t] = np.argmax(steps, axis=0)
        score = steps[moves[t], np.arange(len(states))] + emissions[t]
    state = len(states) - 1 if score[-1] >= score[-2] else len(states) - 2
    if not np.isfinite(score[state]):
        raise ValueError(f"{len(labels)} labels do not fit into {num_frames} frames.")
    path = np.empty(num_frames, np.int64)
    for t in range(num_frames - 1, -1, -1):
        path[t] = state // 2 if state % 2 else -1
        state -= moves[t, state]
    return path


def _shifted(score, places):
    return np.concatenate([np.full(places, -np.inf), score[:-places]])
