"""Label by label gives what frame by frame gives."""

import numpy as np
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc import label_log_prob, read_log_prob
from seqapp.ctc.lattice import IMPOSSIBLE

K = 4
SIGNATURE = [
    tf.TensorSpec([None, None, None], tf.float32),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None, None], tf.int32),
    tf.TensorSpec([None], tf.int32),
]
BY_LABELS, BY_FRAMES = (tf.function(f, input_signature=SIGNATURE) for f in (read_log_prob, label_log_prob))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 4), st.integers(0, 9), st.integers(0, 5), st.sampled_from([1.0, 30.0]))
def test_equals_the_recursion_over_frames(seed, num_rows, num_frames, width, scale):
    rng = np.random.default_rng(seed)
    log_probs = tf.nn.log_softmax(scale * rng.normal(size=(num_rows, num_frames, K)).astype(np.float32)).numpy()
    logit_length = rng.integers(0, num_frames + 1, num_rows).astype(np.int32)
    labels = rng.integers(0, K - 1, (num_rows, width)).astype(np.int32)
    label_length = rng.integers(0, width + 1, num_rows).astype(np.int32)
    expected = BY_FRAMES(log_probs, logit_length, labels, label_length).numpy()
    for row, length in zip(log_probs, logit_length):
        row[length:] = np.nan
    found = BY_LABELS(log_probs, logit_length, labels, label_length).numpy()
    is_possible = np.isfinite(expected)
    np.testing.assert_allclose(found[is_possible], expected[is_possible], rtol=1e-5, atol=1e-4)
    assert (found[~is_possible] <= IMPOSSIBLE / 2).all()


def test_long_silence_costs_no_precision():
    log_probs = np.full([1, 5_000, K], -12.0, np.float32)
    log_probs[0, :, -1] = -1e-3
    log_probs[0, 2_500] = np.log([0.7, 0.1, 0.1, 0.1])
    found = BY_LABELS(log_probs, [5_000], [[0]], [1])
    exact = np.logaddexp(np.log(0.7), np.log(4_999 * np.exp(-12.0 + 1e-3) * 0.1)) - 4.999
    np.testing.assert_allclose(found, [exact], atol=1e-3)
