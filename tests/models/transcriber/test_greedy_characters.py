"""Frame by frame gives what greedy decoding finds in all frames at once."""

import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from seqapp.ctc import greedy_decode
from seqapp.decoding.reading_confidence import STATISTICS, ReadingConfidence
from seqapp.models.transcriber.greedy_characters import GreedyCharacters

SYMBOLS = "ab "
BLANK = len(SYMBOLS)


def run(best, log_probs):
    """Runs over the frames of given best classes."""
    columns = np.full([len(best), BLANK + 1], -np.inf)
    columns[np.arange(len(best)), best] = log_probs
    return GreedyCharacters.of(columns, SYMBOLS)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, BLANK), max_size=25), st.integers(0, 1_000))
def test_equals_greedy_decoding(best, seed):
    logits = np.random.default_rng(seed).normal(size=(len(best), BLANK + 1)).astype(np.float32)
    logits[np.arange(len(best)), best] += 8.0
    log_probs = tf.nn.log_softmax(logits).numpy().max(axis=1, initial=-np.inf)
    expected = greedy_decode(logits[np.newaxis], np.array([len(best)], np.int32))
    runs = run(best, log_probs)
    assert runs.characters == [SYMBOLS[label] for label in expected.labels[0].numpy()]
    assert runs.frames == expected.frames[0].numpy().tolist()
    np.testing.assert_allclose(np.exp(runs.log_probs), expected.confidences[0], rtol=1e-5)
    assert runs.so_far(True).confidence == pytest.approx(float(expected.confidence[0]), rel=1e-4)
    assert runs.num_frames == len(best)


@pytest.mark.parametrize(
    ("best", "num_silent", "num_settled"),
    [
        ([], 0, 0),
        ([BLANK, BLANK], 2, 0),
        ([0], 0, 0),  # more frames may be surer of it
        ([0, BLANK], 1, 1),
        ([0, 2, 2, BLANK], 3, 2),  # a space is silence
        ([0, 2, 2], 2, 1),
        ([0, BLANK, 0, 1], 0, 2),
    ],
)
def test_silence_and_what_is_settled(best, num_silent, num_settled):
    runs = run(best, [-0.1] * len(best))
    assert (runs.num_silent, runs.num_settled) == (num_silent, num_settled)


def test_a_run_stands_where_it_is_surest_first():
    runs = run([0, 0, 0, 0], [math.log(p) for p in (0.5, 0.9, 0.9, 0.6)])
    assert runs.frames == [1] and runs.log_probs == [pytest.approx(math.log(0.9))]


def test_a_fitted_confidence_judges_characters_and_frames():
    weights = dict.fromkeys(STATISTICS, 0.0) | {"weakest_character": 1.0, "wavering_frames": -2.0}
    fitted = ReadingConfidence(weights, 3.0, 0.9)
    runs = GreedyCharacters(fitted)
    for log_prob in np.log([0.9, 0.6]):
        runs.add("a", False, log_prob)
    heard = runs.so_far(is_final=True)
    assert heard.confidence == pytest.approx(expit(np.log(0.6) - 2.0 * 0.5 + 3.0)) and not heard.is_sure
