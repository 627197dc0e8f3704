"""Frames in which a label is likely enough, and the blanks between them, equal those found row by row in NumPy."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search.active_frames import active_frames
from tests.ctc.prefix_search.searches import padded, rows_of_many_kinds

NUM_CLASSES = 6


@functools.cache
def traced(most_labels):
    def find(log_probs, num_frames, label_threshold):
        return active_frames(log_probs, num_frames, label_threshold, most_labels)

    specs = tf.TensorSpec([None, None, NUM_CLASSES]), tf.TensorSpec([None], tf.int32), tf.TensorSpec([])
    return tf.function(find, input_signature=specs, autograph=False)


@pytest.mark.parametrize("most_labels", [2, 8])
@pytest.mark.parametrize("label_threshold", [-8.0, -1.5, 0.5])
def test_equals_a_loop_over_rows_and_frames(most_labels, label_threshold):
    rows = rows_of_many_kinds(NUM_CLASSES)
    frames = traced(most_labels)(*padded(rows, more=3), label_threshold)
    assert frames.number.shape[0] == max(frames.num_active.numpy())
    for b, row in enumerate(rows):
        active = np.flatnonzero((row[:, :-1] >= label_threshold).any(axis=1))
        assert frames.num_active[b] == len(active)
        np.testing.assert_array_equal(frames.number[: len(active), b], active)
        edges = [-1, *active, len(row)]
        gaps = [row[start + 1 : end, -1].astype(np.float64) for start, end in zip(edges, edges[1:])]
        np.testing.assert_allclose(frames.gap[: len(active), b], [gap.sum() for gap in gaps[:-1]], atol=1e-6)
        np.testing.assert_array_equal(frames.has_gap[: len(active), b], [len(gap) > 0 for gap in gaps[:-1]])
        np.testing.assert_allclose(frames.last_gap[b], gaps[-1].sum(), atol=1e-6)
        assert frames.has_last_gap[b] == (len(gaps[-1]) > 0)
        for a, t in enumerate(active):
            lowest = max(label_threshold, np.sort(row[t, :-1])[-min(most_labels, NUM_CLASSES - 1)])
            kept = np.where(row[t, :-1] >= lowest, row[t, :-1], IMPOSSIBLE)
            np.testing.assert_allclose(frames.log_probs[a, b], [*kept, row[t, -1]], rtol=1e-6)
            count = int((kept > IMPOSSIBLE).sum())
            assert count <= frames.num_labels[a] and set(frames.labels[a, b, :count].numpy()) == set(
                np.flatnonzero(kept > IMPOSSIBLE)
            )
            np.testing.assert_array_equal(frames.values[a, b, :count], np.sort(kept)[::-1][:count])


def test_no_label_is_likely_enough_in_any_frame():
    rows = rows_of_many_kinds(NUM_CLASSES)
    frames = traced(8)(*padded(rows), 0.5)
    assert frames.log_probs.shape == (0, len(rows), NUM_CLASSES)
    np.testing.assert_allclose(frames.last_gap, [row[:, -1].sum() for row in rows], rtol=1e-5)
