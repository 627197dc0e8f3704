"""Log-probability of a text under CTC, all of its alignments summed: at once, or of a stream so far."""

from collections.abc import Sequence

import numpy as np

NEVER = -1e30  # natural logarithm of no probability, finite


def text_log_prob(log_probs: np.ndarray, labels: Sequence[int]) -> float:
    """Compute the log-probability of labels, label by label over all frames.

    Args:
        log_probs: Float `[T, K]`, natural logarithms, the blank last.
        labels: Classes other than the blank.

    Reference: Graves et al., Connectionist temporal classification, 2006, equations 6-8.
    """
    totals = np.pad(np.cumsum(log_probs, axis=0, dtype=np.float64), [(1, 0), (0, 0)])  # before each frame, and behind
    in_label, in_blank, previous = np.full(len(totals), NEVER), totals[:, -1], None
    for label in labels:
        in_label, in_blank = _next_label(in_label, in_blank, label != previous, totals[:, label], totals[:, -1])
        previous = label
    return float(np.logaddexp(in_label[-1], in_blank[-1]))


def best_path(log_probs: np.ndarray) -> list[int]:
    """Return the labels of the likeliest class of every frame: repeats merged, blanks dropped.

    Args:
        log_probs: Float `[T, K]`, the blank last.
    """
    classes = log_probs.argmax(axis=1)
    return classes[(classes != log_probs.shape[1] - 1) & (np.diff(classes, prepend=-1) != 0)].tolist()


def path_log_prob(log_probs: np.ndarray) -> float:
    """Compute the log-probability of the best path, the likeliest class of every frame.

    Args:
        log_probs: Float `[T, K]`.
    """
    return float(log_probs.max(axis=1).sum(dtype=np.float64)) if len(log_probs) else 0.0


class GrowingText:
    """A text whose labels are told one by one, while frames come.

    A frame moves the states of all labels on; a label that is told late gets its states at all frames before. What is
    kept grows with the frames: their log-probabilities, and the last label's states.

    Args:
        num_classes: K, the blank included.

    Attributes:
        path_log_prob: Of the best path of all frames that came.
    """

    def __init__(self, num_classes: int):
        self._num_frames = 0
        self.path_log_prob = 0.0
        self._totals = np.zeros([64, num_classes])  # of log-probabilities before each frame, and behind
        self._labels = np.zeros(0, np.int64)
        # By label, in it and in the blank behind it, at the last frame; the first blank stands before all labels.
        self._in_label, self._in_blank = np.full(1, NEVER), np.zeros(1)
        # The last of these at all frames.
        self._last_label, self._last_blank = np.full(64, NEVER), np.zeros(64)

    @property
    def log_prob(self) -> float:
        """Of all labels that were told, in all frames that came."""
        return float(np.logaddexp(self._in_label[-1], self._in_blank[-1]))

    def add_frame(self, log_probs: np.ndarray) -> None:
        """Move on by one frame: natural logarithms float `[K]`, the blank last."""
        log_probs = np.asarray(log_probs, np.float64)
        self._num_frames += 1
        self.path_log_prob += float(log_probs.max())
        if self._num_frames == len(self._totals):
            arrays = self._totals, self._last_label, self._last_blank
            self._totals, self._last_label, self._last_blank = (np.concatenate([a, np.empty_like(a)]) for a in arrays)
        self._totals[self._num_frames] = self._totals[self._num_frames - 1] + log_probs
        may_skip = np.diff(self._labels, prepend=-1) != 0
        entered = np.logaddexp(self._in_blank[:-1], np.where(may_skip, self._in_label[:-1], NEVER))
        in_label = np.logaddexp(self._in_label[1:], entered) + log_probs[self._labels]
        self._in_blank = np.logaddexp(self._in_blank, self._in_label) + log_probs[-1]
        self._in_label = np.append(NEVER, in_label)
        self._keep(self._num_frames, self._in_label[-1], self._in_blank[-1])

    def add_label(self, label: int) -> None:
        """Tell the next label of the text, a class other than the blank."""
        frames = slice(self._num_frames + 1)
        is_other = not len(self._labels) or label != self._labels[-1]
        totals = self._totals[frames]
        states = self._last_label[frames], self._last_blank[frames]
        in_label, in_blank = _next_label(*states, is_other, totals[:, label], totals[:, -1])
        self._labels = np.append(self._labels, label)
        self._in_label = np.append(self._in_label, in_label[-1])
        self._in_blank = np.append(self._in_blank, in_blank[-1])
        self._keep(frames, in_label, in_blank)

    def _keep(self, frames, in_label, in_blank):
        self._last_label[frames], self._last_blank[frames] = in_label, in_blank


def _next_label(in_label, in_blank, is_other, of_label, of_blank):
    """States of the next label, and of the blank behind it, at all frames `[T + 1]`."""
    entered = np.logaddexp(in_blank, in_label) if is_other else in_blank
    in_label = _stay(entered, of_label)
    return in_label, _stay(in_label, of_blank)


def _stay(entered, totals):
    """Sum over the frames at which a state was entered, one frame behind the state before it."""
    arrived = np.append(NEVER, entered[:-1] - totals[:-1])
    return np.maximum(np.logaddexp.accumulate(arrived) + totals, NEVER)
