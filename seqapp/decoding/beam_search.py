"""CTC prefix beam search: the most probable texts, all their alignments summed, with the scores of language models.

One frame is a few array operations over all beams. Fed frame by frame or all at once, it finds the same.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from seqapp.decoding.prefix_tree import PrefixTree
from seqapp.decoding.scorers.scorer import Scorer

NEVER = -np.inf


@dataclasses.dataclass(frozen=True)
class Hypothesis:
    """One text that the search found.

    Attributes:
        labels: Classes without the blank.
        score: What hypotheses are ranked by: `ctc_score` and what the scorers added.
        ctc_score: Natural logarithm of the probability of the labels, summed over those alignments that the search
            kept: of all of them, where nothing was pruned.
        frames: The frame of each label where it is most probable, on the way that led to the text.
        peaks: Its log-probability there.
    """

    labels: tuple[int, ...]
    score: float
    ctc_score: float
    frames: tuple[int, ...] = ()
    peaks: tuple[float, ...] = ()


@dataclasses.dataclass(frozen=True)
class Pruning:
    """What is not looked at.

    Attributes:
        beam_width: Prefixes kept after each frame.
        beam_threshold: Prefixes further than this below the best one are dropped (natural logarithm).
        label_threshold: Labels less probable than this do not occur in a frame (natural logarithm).
        most_labels: Of each frame only the likeliest labels are looked at.
    """

    beam_width: int = 32
    beam_threshold: float = 16.0
    label_threshold: float = -8.0
    most_labels: int = 8

    def __post_init__(self):
        if self.beam_width < 1:
            raise ValueError(f"beam_width must be at least 1. Received: {self.beam_width}.")
        if not self.beam_threshold > 0:
            raise ValueError(f"beam_threshold must be greater than 0. Received: {self.beam_threshold}.")


NO_PRUNING = Pruning(beam_width=10**9, beam_threshold=np.inf, label_threshold=NEVER, most_labels=10**9)


class BeamSearch:
    """The search over one sequence, which may arrive in chunks.

    Args:
        scorers: Sequence of `Scorer`s; their scores are added as soon as a label is. They judge the very text, so that
            a path through the frames has no say in it.
        pruning: `Pruning`.

    Reference: Graves and Jaitly, Towards end-to-end speech recognition with recurrent neural networks, 2014,
    algorithm 1; Hannun et al., First-pass large vocabulary continuous speech recognition using bi-directional
    recurrent DNNs, 2014.
    """

    def __init__(self, scorers: Sequence[Scorer] = (), pruning: Pruning = Pruning()):
        self._scorers = tuple(scorers)
        self._pruning = pruning
        self._tree = PrefixTree()
        self._nodes = np.zeros(1, np.int64)  # the prefixes kept, as nodes of the tree
        self._labels = np.full(1, -1, np.int64)  # their last labels, -1 for the empty prefix
        self._blank = np.zeros(1)  # log-probability of the paths that end in a blank
        self._label = np.full(1, NEVER)  # of those that end in the last label
        self._extra = np.zeros(1)  # what the scorers gave
        self._states = [np.array([scorer.start]) for scorer in self._scorers]
        self._places = [None]  # where the labels of each stand: (places of all but the last, its frame, its peak)
        self._frame = -1

    def push(self, log_probs: np.ndarray) -> None:
        """Take more frames.

        Args:
            log_probs: Float `[T, K]`, natural logarithms, the blank last.
        """
        for frame in np.asarray(log_probs, np.float64):
            self._step(frame)

    def _step(self, frame):
        self._frame += 1
        total = np.logaddexp(self._blank, self._label)
        blank = total + frame[-1]
        candidates = self._candidates(frame[:-1])
        if not len(candidates):
            self._blank, self._label = blank, np.full(len(blank), NEVER)
            return
        frame = _without_others(frame, candidates)
        # frame[-1] for the empty prefix too, whose label is -1: nothing is added to what is impossible.
        label = self._label + frame[self._labels]
        longer = self._lengthened(total, frame, candidates)
        places = self._improved(frame)
        self._merge(longer, blank, label, candidates, places, frame)
        extra = np.repeat(self._extra[:, np.newaxis], len(candidates), axis=1)
        for scorer, state in zip(self._scorers, self._states):
            extra += scorer.rows(state)[:, candidates]
        scores = np.concatenate([np.logaddexp(blank, label) + self._extra, (longer + extra).ravel()])
        best = self._within(scores)
        row, column = np.divmod(best[best >= len(places)] - len(places), len(candidates))
        new_places = [(self._places[r], self._frame, frame[candidates[c]]) for r, c in zip(row, column)]
        self._places = [places[i] for i in best if i < len(places)] + new_places
        self._keep_with_longer(best, blank, label, longer, extra, candidates)

    def _candidates(self, labels):
        """Return the labels that may occur in a frame, rising."""
        lowest = self._pruning.label_threshold
        if len(labels) > self._pruning.most_labels:
            lowest = max(lowest, np.partition(labels, -self._pruning.most_labels)[-self._pruning.most_labels])
        return np.flatnonzero(labels >= lowest)

    def _lengthened(self, total, frame, candidates):
        """Return the log-probability `[W, C]` of each prefix with each candidate label behind it."""
        longer = total[:, np.newaxis] + frame[candidates]
        row, column = np.nonzero(self._labels[:, np.newaxis] == candidates)
        longer[row, column] = self._blank[row] + frame[candidates[column]]  # a repeat needs a blank between
        return longer

    def _improved(self, frame):
        """Return where labels stand: the last in this frame, if its path goes on and is more probable than before."""
        places = list(self._places)
        for row in np.flatnonzero((self._label > self._blank) & (self._labels >= 0)):
            before, _, peak = places[row]
            if frame[self._labels[row]] > peak:
                places[row] = before, self._frame, frame[self._labels[row]]
        return places

    def _merge(self, longer, blank, label, candidates, places, frame):
        """Add the paths of a lengthened prefix to the same prefix, where it is in the beam already.

        Where these are more probable than those that go on in its last label, and than those that go on in a blank, its
        labels stand where theirs do.
        """
        parent = self._tree.places(self._nodes, self._tree.parents(self._nodes))
        column = np.full(int(max(self._labels.max(), candidates[-1])) + 1, -1)
        column[candidates] = np.arange(len(candidates))
        column = np.where(self._labels >= 0, column[self._labels], -1)
        here = np.flatnonzero((parent >= 0) & (column >= 0))
        row = parent[here]
        column = column[here]
        for i in np.flatnonzero(longer[row, column] > np.maximum(label[here], blank[here])):
            places[here[i]] = self._places[row[i]], self._frame, frame[self._labels[here[i]]]
        label[here] = np.logaddexp(label[here], longer[row, column])
        longer[row, column] = NEVER

    def _within(self, scores):
        """Return the indices of the scores that stay, in order."""
        width = self._pruning.beam_width
        lowest = max(scores.max() - self._pruning.beam_threshold, np.finfo(np.float64).min)
        stay = np.flatnonzero(scores >= lowest)
        if len(stay) > width:
            stay = np.sort(stay[np.argpartition(-scores[stay], width - 1)[:width]])
        return stay

    def _keep(self, stay, blank, label):
        if len(stay) == len(self._nodes):
            self._blank = blank
            self._label = label
            return
        self._nodes = self._nodes[stay]
        self._labels = self._labels[stay]
        self._extra = self._extra[stay]
        self._blank = blank[stay]
        self._label = label[stay]
        self._states = [state[stay] for state in self._states]

    def _keep_with_longer(self, best, blank, label, longer, extra, candidates):
        """Keep prefixes as they are, and behind them those that are new."""
        num = len(self._nodes)
        stay = best[best < num]
        row, column = np.divmod(best[best >= num] - num, len(candidates))
        labels = candidates[column]
        states = [scorer.advance(s[row], labels) for scorer, s in zip(self._scorers, self._states)]
        nodes = self._tree.children(self._nodes[row], labels)
        self._keep(stay, blank, label)
        if not len(row):
            return
        self._nodes = np.concatenate([self._nodes, nodes])
        self._labels = np.concatenate([self._labels, labels])
        self._blank = np.concatenate([self._blank, np.full(len(row), NEVER)])
        self._label = np.concatenate([self._label, longer[row, column]])
        self._extra = np.concatenate([self._extra, extra[row, column]])
        self._states = [np.concatenate(both) for both in zip(self._states, states)]

    def hypotheses(self, count: int | None = None, is_final: bool = True) -> list[Hypothesis]:
        """Return the hypotheses so far, the best first.

        Args:
            count: How many; all that are kept by default.
            is_final: Whether the text ends here: then scorers judge its end too.
        """
        ctc = np.logaddexp(self._blank, self._label)
        scores = ctc + self._extra
        if is_final:
            scores = scores + sum(scorer.finish(state) for scorer, state in zip(self._scorers, self._states))
        order = np.argsort(-scores, kind="stable")[:count]
        return [
            Hypothesis(self._tree.labels(int(self._nodes[i])), float(scores[i]), float(ctc[i]), *_read(self._places[i]))
            for i in order
            if scores[i] > NEVER
        ]


def beam_search(
    log_probs: np.ndarray, scorers: Sequence[Scorer] = (), pruning: Pruning = Pruning(), count: int | None = None
) -> list[Hypothesis]:
    """Find the most probable label sequences of one matrix of log-probabilities.

    Args:
        log_probs: Float `[T, K]`, natural logarithms, the blank last.
        scorers: As for `BeamSearch`.
        pruning: `Pruning`.
        count: How many hypotheses; all that are kept by default.

    Returns:
        List of `Hypothesis`, the best first; empty only where scorers forbid every text.
    """
    search = BeamSearch(scorers, pruning)
    search.push(log_probs)
    return search.hypotheses(count)


def _without_others(frame, candidates):
    """Return a frame in which no other labels may occur."""
    kept = np.full(len(frame), NEVER)
    kept[candidates] = frame[candidates]
    kept[-1] = frame[-1]
    return kept


def _read(places):
    """Return the frames of a text's labels and the log-probabilities there, in their order."""
    frames, peaks = [], []
    while places:
        places, frame, peak = places
        frames.append(frame)
        peaks.append(float(peak))
    return tuple(frames[::-1]), tuple(peaks[::-1])
