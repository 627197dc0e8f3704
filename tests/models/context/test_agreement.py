"""Agreement in the graph is that of the module beside it, of texts of any lengths."""

import numpy as np
import tensorflow as tf

from seqapp.decoding import agreement as beside
from seqapp.models.context.agreement import agreement, calibrated


def made_up(rng, num_texts, length, num_classes=5):
    """Texts of which many labels agree: labels and frames, lists of tuples."""
    frames = np.sort(rng.choice(3 * length + 1, length, replace=False))
    labels = rng.integers(num_classes, size=length)
    texts = []
    for number in range(num_texts):
        keep = rng.random(length) < (0.8 if number else 0.9)
        other = np.where(rng.random(length) < 0.2, rng.integers(num_classes, size=length), labels)
        off = rng.integers(-1, 3, size=length) * (rng.random(length) < 0.3)
        moved = np.maximum(np.maximum.accumulate(frames + off), 0)
        keep &= np.diff(moved, prepend=-1) > 0  # frames of a text rise
        texts.append((tuple(other[keep].tolist()), tuple(moved[keep].tolist())))
    return [labels for labels, _ in texts], [frames for _, frames in texts]


def filled(rows, width):
    return np.array([[*row, *[-1] * (width - len(row))] for row in rows], np.int32).reshape(len(rows), width)


def test_it_is_that_of_the_search_beside_the_graph_for_all_rows_of_a_batch():
    rng = np.random.default_rng(0)
    rows = [made_up(rng, 6, length) for length in (0, 1, 3, 9, 20, 20, 20, 40)]
    scores = rng.normal(scale=2, size=[len(rows), 6])
    scores[2, 4:] = -np.inf
    width = max(len(text) for labels, _ in rows for text in labels)
    labels, frames = (np.stack([filled(row[k], width) for row in rows]) for k in (0, 1))
    signature = [tf.TensorSpec([None] * 3, tf.int32)] * 2 + [tf.TensorSpec([None, None], tf.float64)]
    found = tf.function(agreement, input_signature=signature)(labels, frames, scores).numpy()
    num_differing = 0
    for row, (of_labels, of_frames) in enumerate(rows):
        is_there = beside.frame_matches(of_labels, of_frames)
        expected = beside.shares(scores[row]) @ is_there
        np.testing.assert_allclose(found[row, : len(expected)], expected, atol=1e-6)
        num_differing += np.sum((expected > 0) & (expected < 0.99))
    assert num_differing > 20  # there was something to agree upon


def test_batches_without_labels_have_nothing_to_agree_upon():
    nothing = tf.zeros([2, 3, 0], tf.int32)
    assert agreement(nothing, nothing, tf.zeros([2, 3], tf.float64)).shape == [2, 0]


def test_the_calibration_is_that_beside_the_graph():
    probabilities = np.array([0.0, 1e-6, 0.2, 0.5, 0.9, 0.99999, 1.0], np.float32)
    for temperature, offset in ((1.0, 0.0), (1.8, -1.25), (0.5, 2.0)):
        expected = beside.calibrated(probabilities, temperature, offset)
        np.testing.assert_allclose(calibrated(probabilities, temperature, offset), expected, rtol=1e-3, atol=1e-6)


def test_labels_beside_their_frame_agree_and_those_farther_do_not():
    labels, frames = [(1, 2), (1, 2), (1, 2), (2,)], [(4, 9), (5, 11), (3, 8), (10,)]
    expected = [[True, True], [True, False], [True, True], [False, True]]
    np.testing.assert_array_equal(beside.frame_matches(labels, frames), expected)
    assert beside.frame_matches([(), (1,)], [(), (0,)]).shape == (2, 0)
