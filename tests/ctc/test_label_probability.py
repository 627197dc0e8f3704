"""The forward recursion alone is what the loss is the negative of."""

import numpy as np
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc import ctc_loss, label_log_prob

K = 4
FUNCTION = tf.function(
    label_log_prob,
    input_signature=[
        tf.TensorSpec([None, None, None], tf.float32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None], tf.int32),
    ],
)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 4), st.integers(0, 9), st.integers(0, 5), st.sampled_from([1.0, 30.0]))
def test_is_minus_the_loss_for_empty_repeated_and_impossible_labels(seed, num_rows, num_frames, width, scale):
    rng = np.random.default_rng(seed)
    logits = scale * rng.normal(size=(num_rows, num_frames, K)).astype(np.float32)
    logit_length = rng.integers(0, num_frames + 1, num_rows).astype(np.int32)
    labels = rng.integers(0, K - 1, (num_rows, width)).astype(np.int32)
    label_length = rng.integers(0, width + 1, num_rows).astype(np.int32)
    found = FUNCTION(tf.nn.log_softmax(logits), logit_length, labels, label_length)
    expected = -ctc_loss(logits, logit_length, labels, label_length)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_padding_of_labels_and_frames_is_not_looked_at():
    log_probs = tf.nn.log_softmax(np.random.default_rng(3).normal(size=(1, 6, K)).astype(np.float32))
    padded = tf.pad(log_probs, [[0, 0], [0, 3], [0, 0]], constant_values=-7.0)
    alone, among = (FUNCTION(x, [6], labels, [2]) for x, labels in ((log_probs, [[1, 1]]), (padded, [[1, 1, -1, 99]])))
    np.testing.assert_allclose(among, alone, rtol=1e-6)
