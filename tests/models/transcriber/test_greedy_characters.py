"""Frame by frame gives what greedy decoding finds in all frames at once."""

import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc import greedy_decode
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.decoding.text_probability import best_path, path_log_prob, text_log_prob
from seqapp.models.transcriber.greedy_characters import GreedyCharacters

SYMBOLS = "ab "
BLANK = len(SYMBOLS)


def run(best, log_probs):
    """Runs over the frames of given best classes."""
    runs, previous = GreedyCharacters(), BLANK
    for label, log_prob in zip(best, log_probs):
        begins = label not in (BLANK, previous)
        runs.add(SYMBOLS[label] if begins else "", label == BLANK, float(log_prob))
        previous = label
    return runs


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


def test_a_fitted_confidence_judges_the_text_so_far_in_all_frames_so_far():
    fitted = ReadingConfidence(bias=1.0, doubt=-0.7, empty=-1.5, sure_from=0.4, path=-0.3, sure_log_prob=-0.6)
    log_probs = tf.nn.log_softmax(
        2.0 * np.random.default_rng(3).normal(size=(40, BLANK + 1)).astype(np.float32)
    ).numpy()
    runs, previous = GreedyCharacters(fitted), BLANK
    assert runs.so_far(False)[4:] == fitted.judge(0.0, 0)
    for count, frame in enumerate(log_probs, 1):
        label = int(frame.argmax())
        begins = label not in (BLANK, previous)
        runs.add(SYMBOLS[label] if begins else "", label == BLANK, float(frame.max()), frame)
        previous, labels = label, best_path(log_probs[:count])
        of_text, of_path = text_log_prob(log_probs[:count], labels), path_log_prob(log_probs[:count])
        confidence, is_sure = fitted.judge(of_text, len(labels), path_log_prob=of_path)
        assert runs.so_far(False).confidence == pytest.approx(confidence) and runs.so_far(False).is_sure == is_sure
