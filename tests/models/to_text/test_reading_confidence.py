"""The confidence in the graph is that of NumPy, whatever stands behind the valid frames."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc import greedy_decode
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.decoding.text_probability import best_path, text_log_prob
from seqapp.models.to_text.reading_confidence import reading_confidence

FITTED = ReadingConfidence(bias=1.0, doubt=-0.7, empty=-1.5, sure_from=0.4)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=4), st.floats(0.1, 9.0), st.integers(0, 1_000))
def test_equals_numpy(lengths, scale, seed):
    logits = scale * np.random.default_rng(seed).normal(size=[len(lengths), max(lengths) + 2, 4]).astype(np.float32)
    expected = []
    for row, length in zip(logits, lengths):
        log_probs = tf.nn.log_softmax(row[:length]).numpy()
        labels = best_path(log_probs)
        expected.append(FITTED.judge(text_log_prob(log_probs, labels), not labels)[0])
        row[length:] = np.nan
    lengths = np.array(lengths, np.int32)
    found = reading_confidence(FITTED, greedy_decode(logits, lengths).labels, logits, lengths)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


@pytest.mark.parametrize("kind", [tf.float16, tf.float32])
def test_the_result_is_float32(kind):
    logits, lengths = tf.zeros([1, 3, 4], kind), np.array([3], np.int32)
    assert reading_confidence(FITTED, greedy_decode(logits, lengths).labels, logits, lengths).dtype == tf.float32
