"""The log-probability of a text is that of the recursion over frames, and of a growing one whenever it is told."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.ctc import greedy_decode, label_log_prob
from seqapp.decoding.text_probability import NEVER, GrowingText, best_path, text_log_prob

K = 4


def frames(seed, count, scale=1.0):
    logits = scale * np.random.default_rng(seed).normal(size=(count, K)).astype(np.float32)
    return tf.nn.log_softmax(logits).numpy()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(0, 12), st.integers(0, 5), st.sampled_from([1.0, 20.0]))
def test_labels_may_be_told_at_any_time(seed, num_frames, num_labels, scale):
    rng = np.random.default_rng(seed)
    log_probs = frames(seed, num_frames, scale)
    labels = rng.integers(0, K - 1, num_labels)
    told = np.sort(rng.integers(0, num_frames + 1, num_labels))  # after so many frames
    text = GrowingText(K)
    for count in range(num_frames + 1):
        for label in labels[told == count]:
            text.add_label(int(label))
        if count < num_frames:
            text.add_frame(log_probs[count])
    lengths = np.array([num_frames], np.int32), np.array([num_labels], np.int32)
    (expected,) = label_log_prob(log_probs[None], lengths[0], labels[None].astype(np.int32), lengths[1]).numpy()
    at_once = text_log_prob(log_probs, labels)
    assert text.log_prob == pytest.approx(at_once, rel=1e-6)
    if np.isfinite(expected):
        assert at_once == pytest.approx(float(expected), rel=1e-5, abs=1e-4)
    else:
        assert at_once <= NEVER / 2


def test_nothing_in_no_frame_is_certain():
    assert GrowingText(K).log_prob == text_log_prob(np.zeros([0, K]), []) == 0.0


def test_long_streams_keep_what_they_have():
    log_probs, text = frames(0, 300), GrowingText(K)
    for count, frame in enumerate(log_probs):
        text.add_frame(frame)
        if count % 9 == 4:
            text.add_label(count % 3)
    labels = [count % 3 for count in range(300) if count % 9 == 4]
    assert text.log_prob == pytest.approx(text_log_prob(log_probs, labels), rel=1e-9)


def test_the_best_path_is_that_of_greedy_decoding():
    log_probs = frames(5, 80)
    expected = greedy_decode(log_probs[None], np.array([80], np.int32)).labels[0].numpy()
    assert best_path(log_probs) == expected.tolist() and best_path(np.zeros([0, K])) == []
