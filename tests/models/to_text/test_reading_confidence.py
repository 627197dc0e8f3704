"""The confidence in the graph is that of NumPy, whatever stands behind the valid frames."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc import greedy_decode
from seqapp.decoding.reading_confidence import STATISTICS, ReadingConfidence, reading_statistics
from seqapp.models.to_text.reading_confidence import graph_statistics, reading_confidence
from seqapp.models.transcriber.greedy_characters import GreedyCharacters

SYMBOLS = "abc"
WEIGHTS = ReadingConfidence(dict(zip(STATISTICS, np.linspace(-1.0, 1.0, len(STATISTICS)))), 0.5, 0.4)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=4), st.floats(0.1, 9.0), st.integers(0, 1_000))
def test_equals_numpy(lengths, scale, seed):
    logits = scale * np.random.default_rng(seed).normal(size=[len(lengths), max(lengths) + 2, 4]).astype(np.float32)
    for row, length in zip(logits, lengths):
        row[length:] = np.nan
    lengths = np.array(lengths, np.int32)
    decoding = greedy_decode(logits, lengths)
    rows = [GreedyCharacters.of(tf.nn.log_softmax(row[:n]).numpy(), SYMBOLS) for row, n in zip(logits, lengths)]
    expected = [reading_statistics(np.exp(row.log_probs), row.best) for row in rows]
    np.testing.assert_allclose(graph_statistics(decoding, logits, lengths), expected, rtol=1e-4, atol=1e-5)
    confidences = reading_confidence(WEIGHTS, decoding, logits, lengths)
    np.testing.assert_allclose(confidences, WEIGHTS(np.array(expected)), rtol=1e-4)


@pytest.mark.parametrize("kind", [tf.float16, tf.float32])
def test_the_result_is_float32(kind):
    logits, lengths = tf.zeros([1, 3, 4], kind), np.array([3], np.int32)
    assert reading_confidence(WEIGHTS, greedy_decode(logits, lengths), logits, lengths).dtype == tf.float32
