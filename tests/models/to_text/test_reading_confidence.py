"""The confidence in the graph is that of NumPy, whatever stands behind the valid frames."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc import greedy_decode
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.decoding.text_probability import best_path, path_log_prob, text_log_prob
from seqapp.models.to_text.reading_confidence import reading_confidence

OLD = ReadingConfidence(bias=1.0, doubt=-0.7, empty=-1.5, sure_from=0.4)
FITTED = dataclasses.replace(OLD, path=-0.4, sure_log_prob=-0.8)


@pytest.mark.parametrize("fitted", [OLD, FITTED], ids=["old", "new"])
@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=4), st.floats(0.1, 9.0), st.integers(0, 1_000))
def test_equals_numpy(fitted, lengths, scale, seed):
    logits = scale * np.random.default_rng(seed).normal(size=[len(lengths), max(lengths) + 2, 4]).astype(np.float32)
    expected = []
    for row, length in zip(logits, lengths):
        log_probs = tf.nn.log_softmax(row[:length]).numpy()
        labels = best_path(log_probs)
        path = path_log_prob(log_probs)
        expected.append(fitted.judge(text_log_prob(log_probs, labels), len(labels), path_log_prob=path))
        row[length:] = np.nan
    lengths = np.array(lengths, np.int32)
    confidence, is_sure = reading_confidence(fitted, greedy_decode(logits, lengths).labels, logits, lengths)
    np.testing.assert_allclose(confidence, [number for number, _ in expected], rtol=1e-4)
    assert is_sure.numpy().tolist() == [is_sure for _, is_sure in expected]


@pytest.mark.parametrize("kind", [tf.float16, tf.float32])
def test_the_result_is_float32(kind):
    logits, lengths = tf.zeros([1, 3, 4], kind), np.array([3], np.int32)
    confidence, is_sure = reading_confidence(FITTED, greedy_decode(logits, lengths).labels, logits, lengths)
    assert confidence.dtype == tf.float32 and is_sure.dtype == tf.bool
