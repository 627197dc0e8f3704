"""The best path is the most probable of all paths, its spans are its own, and its probability a part of the loss's."""

import doctest
import itertools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc import ctc_loss, forced_align, forced_alignment, frames_needed

K = 4  # three labels and the blank
BLANK = K - 1


def log_softmax(logits):
    logits = np.asarray(logits, np.float64)
    return logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)


def collapse(path):
    return [k for k, _ in itertools.groupby(path) if k != BLANK]


def best_path_of_all(logits, label):
    """The most probable of all K^T paths that collapse to `label`, None if there is none, and its log-probability."""
    log_probs, frames = log_softmax(logits), np.arange(len(logits))
    paths = [p for p in itertools.product(range(K), repeat=len(logits)) if collapse(p) == list(label)]
    score = {path: log_probs[frames, list(path)].sum() for path in paths}
    best = max(score, key=score.get, default=None)
    return best, score.get(best, -np.inf)


def spans(path):
    """(start, end) of each run that is no blank."""
    runs, start = [], 0
    for k, run in itertools.groupby(path):
        end = start + len(list(run))
        if k != BLANK:
            runs.append((start, end))
        start = end
    return runs


def align(logits, logit_length, labels, label_length):
    given = (tf.constant(logits, tf.float32), *(tf.constant(x, tf.int32) for x in (logit_length, labels, label_length)))
    return forced_align(*given)


def align_one(logits, label, width=None):
    padded = [*label, *[0] * ((width or len(label)) - len(label))]
    found = align(logits[np.newaxis], [len(logits)], [padded], [len(label)])
    return [tuple(span) for span in np.stack([found.starts[0], found.ends[0]], axis=1).tolist()], found


def random_logits(*shape, seed=0):
    return np.random.default_rng(seed).normal(scale=2.0, size=shape)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 2), max_size=4), st.integers(0, 6), st.integers(0, 2**31))
def test_is_the_most_probable_of_all_paths(label, num_frames, seed):
    logits = random_logits(num_frames, K, seed=seed)
    path, log_prob = best_path_of_all(logits, label)
    received, found = align_one(logits, label, width=4)
    np.testing.assert_allclose(found.log_prob[0], log_prob, rtol=1e-5, atol=1e-5)
    expected = spans(path) if path is not None else [(0, 0)] * len(label)
    assert received == expected + [(0, 0)] * (4 - len(label))
    probs = np.exp(log_softmax(logits))
    means = [probs[start:end, k].mean() if end else 0.0 for k, (start, end) in zip(label, expected)]
    np.testing.assert_allclose(found.confidences[0], means + [0.0] * (4 - len(label)), rtol=1e-4, atol=1e-6)


def batch(seed=3):
    """Rows of several lengths: one with repeats, one without labels, one that is too short, one without frames."""
    labels = np.random.default_rng(seed).integers(0, K - 1, (6, 12)).astype(np.int32)
    labels[1, :6] = [0, 0, 1, 1, 1, 2]
    return random_logits(6, 150, K, seed=seed), [150, 40, 70, 11, 0, 90], labels, [12, 6, 0, 12, 0, 9]


def test_never_exceeds_the_sum_of_all_paths():
    logits, *lengths_and_labels = batch()
    best = align(logits, *lengths_and_labels).log_prob
    every = -ctc_loss(tf.constant(logits, tf.float32), *lengths_and_labels)
    assert np.all(best <= every + 1e-4) and best[0] < every[0] - 1
    np.testing.assert_array_equal(np.isinf(best), [False, False, False, True, False, False])


def test_where_one_path_has_all_the_mass_it_is_the_loss():
    path = [0, 0, BLANK, 0, 2, 2, BLANK, 1]
    logits = 100.0 * np.eye(K)[path]
    received, found = align_one(logits, collapse(path))
    assert received == spans(path)
    np.testing.assert_allclose(found.log_prob, -ctc_loss(logits[np.newaxis], [8], [collapse(path)], [4]), atol=1e-6)
    np.testing.assert_allclose(found.confidences, np.ones([1, 4]), rtol=1e-6)


def test_spans_are_in_order_and_equal_neighbours_are_parted():
    logits, logit_length, labels, label_length = batch()
    found = align(logits, logit_length, labels, label_length)
    for row in (0, 1, 5):
        starts, ends = (x[row, : label_length[row]].numpy() for x in (found.starts, found.ends))
        assert starts[0] >= 0 and ends[-1] <= logit_length[row] and np.all(starts < ends)
        repeats = labels[row, 1 : label_length[row]] == labels[row, : label_length[row] - 1]
        assert np.all(starts[1:] - ends[:-1] >= repeats)


def test_of_equal_paths_the_one_that_leaves_its_labels_earliest():
    label = [0, 1, 1, 2]
    assert align_one(np.zeros((9, K)), label)[0] == [(0, 1), (1, 2), (3, 4), (4, 5)]
    assert frames_needed(label) == 5


def test_a_batch_is_each_row_alone_and_padding_changes_nothing():
    logits, logit_length, labels, label_length = batch()
    for row in range(6):
        logits[row, logit_length[row] :] = np.nan
        labels[row, label_length[row] :] = 10**6
    together = align(logits, logit_length, labels, label_length)
    for row, (frames, count) in enumerate(zip(logit_length, label_length)):
        alone = align(logits[row : row + 1, :frames], [frames], labels[row : row + 1, :count], [count])
        for received, expected in zip(together, alone):
            np.testing.assert_allclose(np.atleast_1d(received[row])[: expected[0].shape.num_elements()], expected[0])


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_function_of_unknown_shapes_equals_eager(jit_compile):
    unknown = [tf.TensorSpec([None] * 3), *(tf.TensorSpec([None] * rank, tf.int32) for rank in (1, 2, 1))]
    traced = tf.function(forced_align, input_signature=unknown, jit_compile=jit_compile)
    given = [tf.constant(x, dtype) for x, dtype in zip(batch(), (tf.float32, *[tf.int32] * 3))]
    for received, expected in zip(traced(*given), forced_align(*given)):
        np.testing.assert_allclose(received, expected, rtol=1e-5, atol=1e-5)


def test_equals_torchaudio():
    torch = pytest.importorskip("torch")
    functional = pytest.importorskip("torchaudio.functional")
    logits = random_logits(60, K, seed=8)
    label = [0, 1, 1, 2, 0]
    log_probs = torch.tensor(log_softmax(logits)[np.newaxis].astype(np.float32))
    path, scores = functional.forced_align(log_probs, torch.tensor([label], dtype=torch.int32), blank=BLANK)
    received, found = align_one(logits, label)
    tokens = functional.merge_tokens(path[0], scores[0].exp(), blank=BLANK)
    assert received == [(token.start, token.end) for token in tokens]
    np.testing.assert_allclose(found.confidences[0], [token.score for token in tokens], rtol=1e-4)


def test_nothing_flows_back_into_the_logits():
    logits = tf.constant(random_logits(1, 5, K), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        log_prob = forced_align(logits, [5], [[0, 1]], [2]).log_prob
    assert tape.gradient(log_prob, logits) is None


def test_examples_in_the_docstring():
    assert doctest.testmod(forced_alignment, extraglobs={"tf": tf}).failed == 0
