"""Best-path decoding equals a few lines of Python, whatever stands in the padding."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc import greedy_decode

K = 4
BLANK = K - 1

decode = tf.function(
    greedy_decode, input_signature=[tf.TensorSpec([None, None, None], tf.float32), tf.TensorSpec([None], tf.int32)]
)


def as_lists(decoding):
    return [v.to_list() if isinstance(v, tf.RaggedTensor) else v.numpy().tolist() for v in decoding]


def plain_decode(log_probs):
    """(label, frame, confidence) of every symbol of one row `[T, K]`, in plain Python."""
    symbols = []
    for label, run in itertools.groupby(range(len(log_probs)), key=lambda t: int(np.argmax(log_probs[t]))):
        peak = max(run, key=lambda t: log_probs[t, label])  # the first of equal ones
        if label != BLANK:
            symbols.append((label, peak, float(np.exp(log_probs[peak, label]))))
    return symbols


def plain_confidence(log_probs, symbols):
    chosen = np.log([confidence for *_, confidence in symbols]) if symbols else log_probs[:, BLANK]
    return float(np.exp(np.mean(chosen))) if len(chosen) else 1.0


@st.composite
def batches(draw):
    """Logits `[B, T, K]` from few values, so that runs and ties are frequent, and lengths in 0..T."""
    size, num_frames = draw(st.integers(1, 3)), draw(st.integers(0, 12))
    lengths = draw(st.lists(st.integers(0, num_frames), min_size=size, max_size=size))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    coarse, fine = rng.integers(0, 3, (size, num_frames, K)), rng.normal(size=(size, num_frames, K))
    logits = coarse + draw(st.sampled_from([0.0, 0.3, 3.0])) * fine
    return logits.astype(np.float32), np.array(lengths, np.int32)


@settings(max_examples=100, deadline=None)
@given(batches())
def test_equals_a_plain_decoder(batch):
    logits, lengths = batch
    decoding = decode(logits, lengths)
    log_probs = tf.nn.log_softmax(logits).numpy()
    for row, length in enumerate(lengths):
        expected = plain_decode(log_probs[row, :length])
        assert decoding.labels[row].numpy().tolist() == [label for label, *_ in expected]
        assert decoding.frames[row].numpy().tolist() == [frame for _, frame, _ in expected]
        np.testing.assert_allclose(decoding.confidences[row], [c for *_, c in expected], rtol=1e-5)
        confidence = plain_confidence(log_probs[row, :length], expected)
        np.testing.assert_allclose(decoding.confidence[row], confidence, rtol=1e-5)


@settings(max_examples=50, deadline=None)
@given(batches())
def test_frames_rise_inside_the_length_and_confidences_are_probabilities(batch):
    decoding = decode(*batch)
    for row, length in enumerate(batch[1]):
        frames, confidences = decoding.frames[row].numpy(), decoding.confidences[row].numpy()
        assert (np.diff(frames) > 0).all() and ((frames >= 0) & (frames < length)).all()
        assert ((confidences >= 0) & (confidences <= 1)).all()
    assert ((decoding.confidence >= 0) & (decoding.confidence <= 1)).numpy().all()


@pytest.mark.parametrize("garbage", [np.nan, np.inf, -np.inf, 1e30])
def test_logits_behind_the_length_change_nothing(garbage):
    logits = np.random.default_rng(3).normal(size=(4, 9, K)).astype(np.float32)
    lengths = np.array([9, 5, 0, 4], np.int32)
    logits[3, :4, BLANK] = 9.0  # a row that reads nothing: its confidence is a mean over frames
    expected = decode(logits, lengths)
    logits[np.arange(9) >= lengths[:, np.newaxis]] = garbage
    assert as_lists(decode(logits, lengths)) == as_lists(expected)


def test_blanks_separate_repeats_and_runs_merge():
    path = [0, 0, BLANK, 0, 1, 1, BLANK, BLANK, 1]
    decoding = greedy_decode(5.0 * np.eye(K, dtype=np.float32)[np.newaxis, path], [len(path)])
    assert decoding.labels.to_list() == [[0, 0, 1, 1]]
    assert decoding.frames.to_list() == [[0, 3, 4, 8]]


def test_runs_end_with_their_row():
    decoding = greedy_decode(np.eye(K, dtype=np.float32)[np.zeros((3, 2), int)], [2, 2, 2])
    assert decoding.labels.to_list() == [[0], [0], [0]]


def test_a_symbol_stands_at_the_peak_of_its_run():
    logits = np.zeros((1, 4, K), np.float32)
    logits[0, :, 2] = [1, 3, 3, 2]
    decoding = greedy_decode(logits, [4])
    assert decoding.frames.to_list() == [[1]]
    np.testing.assert_allclose(decoding.confidences[0], [np.e**3 / (np.e**3 + 3)], rtol=1e-6)


@pytest.mark.parametrize("shape", [(2, 0, K), (0, 0, K), (0, 5, K)])
def test_nothing_to_read_gives_nothing(shape):
    decoding = decode(np.zeros(shape, np.float32), np.zeros(shape[0], np.int32))
    assert decoding.labels.to_list() == [[]] * shape[0]
    np.testing.assert_array_equal(decoding.confidence, np.ones(shape[0]))
