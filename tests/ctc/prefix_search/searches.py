"""The search in the graph, traced once for many cases, and what it finds as hypotheses of the search in Python."""

import numpy as np
import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search import Beams, Pruning, begin, finish, search
from seqapp.decoding.beam_search import Hypothesis
from seqapp.decoding.scorers.scorer import Scorer


class Silent:
    """A `LabelScorer` that has nothing to say, and no state."""

    start = ()

    def scores(self, states, labels):
        shape = tf.concat([tf.shape(states)[:2], tf.shape(labels)[2:]], axis=0)
        return tf.zeros(shape, tf.float64), tf.zeros([*tf.unstack(shape), 0], tf.int64)

    def finish(self, states):
        return tf.zeros(tf.shape(states)[:2], tf.float64)


class Table(Scorer):
    """Scores by a number that depends on all labels and their order; the same for both searches."""

    SIZE = 997
    start = 5

    def __init__(self, num_labels, seed=0):
        self.table = np.random.default_rng(seed).normal(size=[self.SIZE, num_labels + 1])

    def rows(self, states):
        return self.table[states, :-1]

    def advance(self, states, labels):
        return (states * 7 + labels + 1) % self.SIZE

    def finish(self, states):
        return self.table[states, -1]


class TableInGraph:
    """`Table` as a `LabelScorer`; the second number of a state counts labels, which a search must leave alone."""

    def __init__(self, table):
        self.table, self.start = tf.constant(table.table), (table.start, 0)

    def scores(self, states, labels):
        scores = tf.gather(tf.gather(self.table, states[:, :, 0]), labels[:, 0], axis=2, batch_dims=1)
        states = states[:, :, tf.newaxis]
        after = (states[..., 0] * 7 + labels + 1) % Table.SIZE
        return scores, tf.stack([after, tf.broadcast_to(states[..., 1] + 1, tf.shape(after))], axis=3)

    def finish(self, states):
        return tf.gather(self.table[:, -1], states[:, :, 0])


def traced_search(scorer, num_classes, width, most_labels=8):
    """Trace the search of whole rows.

    Returns:
        Function of log_probs, num_frames, beam_threshold and label_threshold to beams and what `finish` gives.
    """

    def whole(log_probs, num_frames, beam_threshold, label_threshold):
        pruning = Pruning(width, beam_threshold, label_threshold, most_labels)
        beams = search(begin(tf.shape(log_probs)[0], width, scorer), log_probs, num_frames, scorer, pruning)
        return beams, finish(beams, scorer)

    specs = [([None, None, num_classes], tf.float32), ([None], tf.int32), ([], tf.float64), ([], tf.float32)]
    return tf.function(whole, input_signature=[tf.TensorSpec(*spec) for spec in specs], autograph=False)


def padded(rows, more=0):
    """Rows `[T, K]` as a batch: float32 `[B, T, K]`, NaN behind each row's frames, and int32 `[B]`."""
    num_frames = np.array([len(row) for row in rows], np.int32)
    batch = np.full([len(rows), max(num_frames, default=0) + more, rows[0].shape[1]], np.nan, np.float32)
    for place, row in zip(batch, rows):
        place[: len(row)] = row
    return batch, num_frames


def hypotheses(beams: Beams, scores, order):
    """What the search found of each row: list of lists of `Hypothesis`, the best first."""
    ctc_score = beams.ctc_score.numpy()
    history, length = beams.history.numpy(), beams.length.numpy()
    rows = []
    for row, (values, places) in enumerate(zip(scores.numpy(), order.numpy())):
        rows.append([])
        for score, place in zip(values, places):
            if score > IMPOSSIBLE / 2:
                labels, frames, peaks = history[row, place, : length[row, place]].T
                columns = tuple(labels.astype(int).tolist()), float(score), float(ctc_score[row, place])
                rows[-1].append(Hypothesis(*columns, tuple(frames.astype(int).tolist()), tuple(peaks.tolist())))
    return rows


def log_softmax(logits):
    return (logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)).astype(np.float32)


def rows_of_many_kinds(num_classes, seed=0):
    """Log-probabilities float32 `[T, K]`: peaks among blanks, nearly flat, all blank, repeats, few frames or none."""
    rng = np.random.default_rng(seed)

    def noise(num_frames, sharpness):
        return sharpness * rng.normal(size=[num_frames, num_classes])

    def peaks(num_frames):
        is_blank = rng.random(num_frames) < 0.6
        logits = noise(num_frames, 3.0)
        logits[is_blank, -1] += 14.0
        return logits

    def repeats(num_frames):
        logits = noise(num_frames, 1.0)
        logits[:, 0] += 3.0
        logits[rng.random(num_frames) < 0.3, -1] += 5.0
        return logits

    blanks = noise(9, 1.0)
    blanks[:, -1] += 40.0
    rows = [
        peaks(60), peaks(31), noise(40, 4.0), noise(25, 1.0), noise(12, 0.05), blanks, repeats(30), repeats(11),
        noise(0, 1.0), noise(1, 2.0), noise(1, 0.1), noise(2, 3.0), np.concatenate([blanks, peaks(5), blanks]),
    ]  # fmt: skip
    return [log_softmax(row) for row in rows]


def assert_alike(received, expected, atol=1e-4):
    """The same texts in the same order, at the same frames, with scores and peaks that are close."""
    assert [h.labels for h in received] == [h.labels for h in expected]
    assert [h.frames for h in received] == [h.frames for h in expected]
    for name in ("score", "ctc_score"):
        columns = ([getattr(h, name) for h in hypotheses] for hypotheses in (received, expected))
        np.testing.assert_allclose(*columns, atol=atol, rtol=0)
    for h, other in zip(received, expected):
        np.testing.assert_allclose(h.peaks, other.peaks, atol=1e-5)
