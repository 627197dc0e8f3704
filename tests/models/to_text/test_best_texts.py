"""The texts that a graph finds by itself are those that enumeration finds."""

import collections
import functools
import itertools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.models.to_text.best_texts import NUM_TEXTS, n_best


@functools.cache
def finder(num_classes):
    """The function as it is exported: of any number of rows and frames."""
    symbols = tf.constant([*"abcdefghijk"[: num_classes - 1], ""])
    shapes = [tf.TensorSpec([None, None, num_classes], tf.float32), tf.TensorSpec([None], tf.int32)]
    return tf.function(lambda *tensors: n_best(*tensors, symbols), input_signature=shapes)


def random_log_probs(num_frames, num_classes, seed=0, scale=2.0):
    logits = scale * np.random.default_rng(seed).normal(size=(1, num_frames, num_classes))
    return tf.nn.log_softmax(logits.astype(np.float32))


def all_texts(log_probs):
    """{text: log-probability} over every path of one row `[T, K]`."""
    num_frames, num_classes = log_probs.shape
    found = collections.defaultdict(lambda: -np.inf)
    for path in itertools.product(range(num_classes), repeat=num_frames):
        text = "".join("abcdefghijk"[k] for k, _ in itertools.groupby(path) if k < num_classes - 1)
        score = sum((log_probs[t, k] for t, k in enumerate(path)), 0.0)
        found[text] = np.logaddexp(found[text], score)
    return found


@pytest.mark.parametrize("num_frames, num_classes", [(6, 4), (1, 4), (0, 4), (7, 2), (1, 2), (2, 9)])
def test_are_the_most_probable_of_all_texts(num_frames, num_classes):
    log_probs = random_log_probs(num_frames, num_classes)
    texts, scores = finder(num_classes)(log_probs, tf.constant([num_frames]))
    expected = sorted(all_texts(log_probs[0].numpy()).items(), key=lambda pair: -pair[1])[:NUM_TEXTS]
    assert [text.decode() for text in texts[0, : len(expected)].numpy()] == [text for text, _ in expected]
    np.testing.assert_allclose(scores[0, : len(expected)], [score for _, score in expected], atol=1e-4)
    assert not any(texts[0, len(expected) :].numpy()) and np.isneginf(scores[0, len(expected) :]).all()


def test_a_batch_is_each_row_alone_whatever_stands_behind_it():
    log_probs = tf.concat([random_log_probs(6, 5, seed) for seed in range(3)], axis=0)
    num_frames = tf.constant([6, 0, 3])
    texts, scores = finder(5)(log_probs, num_frames)
    for row, count in enumerate(num_frames.numpy()):
        alone = finder(5)(log_probs[row : row + 1, :count], tf.constant([count]))
        np.testing.assert_array_equal(texts[row], alone[0][0])
        np.testing.assert_allclose(scores[row], alone[1][0], atol=1e-5)
