"""Chunks of any size give the very frames of the whole."""

import doctest

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

import seqapp.features.speech.log_mel_stream
from seqapp.features.speech.log_mel import log_mel
from seqapp.features.speech.log_mel_stream import LogMelStream
from seqapp.recipe import LogMelConfig
from tests.sounds import noise

CONFIGS = {
    "librosa": LogMelConfig(num_mel_bins=40),
    "kaldi": LogMelConfig(kind="kaldi", num_mel_bins=40),
    "odd librosa": LogMelConfig(sample_rate_hz=11_025, num_mel_bins=20, frame_length_ms=23.0),
    "gaps": LogMelConfig(kind="kaldi", frame_length_ms=8.0, num_mel_bins=10, min_hz=100.0),
}
NAMES = pytest.mark.parametrize("name", CONFIGS)
SIGNATURE = [
    {"pending": tf.TensorSpec([None, None, 1]), "num_pending": tf.TensorSpec([None], tf.int32)},
    tf.TensorSpec([None, None]),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.bool),
]


@pytest.fixture(scope="module")
def traced():
    """`push` of every config as one graph of unknown batch and time."""
    return {name: tf.function(LogMelStream(config).push, input_signature=SIGNATURE) for name, config in CONFIGS.items()}


def streamed(push, state, waveforms, cuts):
    """Features of each row, its waveform cut at `cuts` [row][k], unequal rows padded with NaN."""
    num_chunks = max(len(row) for row in cuts) + 1
    edges = [[0, *row, *[len(waveform)] * (num_chunks - len(row))] for row, waveform in zip(cuts, waveforms)]
    rows = [[] for _ in waveforms]
    for k in range(num_chunks):
        chunks = [waveform[edge[k] : edge[k + 1]] for waveform, edge in zip(waveforms, edges)]
        lengths = np.array([len(chunk) for chunk in chunks], np.int32)
        batch = np.full([len(chunks), max(lengths)], np.nan, np.float32)
        for row, chunk in zip(batch, chunks):
            row[: len(chunk)] = chunk
        final = np.full(len(chunks), k == num_chunks - 1)
        features, num_frames, state = push(state, batch, lengths, final)
        for row, found, count in zip(rows, features.numpy(), num_frames.numpy()):
            row.append(found[:count])
            assert (found[count:] == 0).all()
    return [np.concatenate(row) for row in rows], state


@NAMES
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_cut_gives_the_frames_of_the_whole(name, traced, data):
    waveforms = [noise(data.draw(st.integers(0, 4_000)), seed) for seed in range(3)]
    cuts = [sorted(data.draw(st.lists(st.integers(0, len(row)), max_size=6))) for row in waveforms]
    found, _ = streamed(traced[name], LogMelStream(CONFIGS[name]).init(3), waveforms, cuts)
    for row, waveform in zip(found, waveforms):
        whole = log_mel(waveform, CONFIGS[name]).numpy()
        assert row.shape == whole.shape
        np.testing.assert_allclose(row, whole, rtol=0, atol=1e-5)


@NAMES
def test_sample_by_sample(name, traced):
    waveform = noise(500)
    found, _ = streamed(traced[name], LogMelStream(CONFIGS[name]).init(1), [waveform], [range(1, 500)])
    np.testing.assert_allclose(found[0], log_mel(waveform, CONFIGS[name]), atol=1e-5)


@NAMES
def test_a_row_begins_anew_behind_its_end(name, traced):
    first, second = noise(3_000), noise(2_000, seed=1)
    _, state = streamed(traced[name], LogMelStream(CONFIGS[name]).init(1), [first], [[1_234]])
    found, _ = streamed(traced[name], state, [second], [[999]])
    np.testing.assert_allclose(found[0], log_mel(second, CONFIGS[name]), atol=1e-5)


@pytest.mark.parametrize("name, samples", [("librosa", [200, 360, 520]), ("kaldi", [400, 560, 720])])
def test_a_frame_is_given_with_its_last_sample(name, samples, traced):
    state, given_at = LogMelStream(CONFIGS[name]).init(1), []
    for sample in range(1, 721):
        _, num_frames, state = traced[name](state, np.ones([1, 1]), [1], [False])
        given_at += [sample] * int(num_frames[0])
    assert given_at[:3] == samples


@NAMES
def test_the_state_has_one_size(name, traced):
    state = LogMelStream(CONFIGS[name]).init(2)
    shapes = tf.nest.map_structure(lambda tensor: tensor.shape, state)
    for size in (0, 10, 5_000):
        _, _, state = traced[name](state, np.zeros([2, size]), [size, size // 2], [False, True])
        assert tf.nest.map_structure(lambda tensor: tensor.shape, state) == shapes


def test_int16_streams_as_float():
    stream = LogMelStream(CONFIGS["librosa"])
    samples = (noise(1_000) * 32768).astype(np.int16)[np.newaxis]
    found, *_ = stream.push(stream.init(1), samples, [1_000], [True])
    expected, *_ = stream.push(stream.init(1), samples.astype(np.float32) / 32768, [1_000], [True])
    np.testing.assert_array_equal(found, expected)


def test_no_row_gives_no_frame(traced):
    features, num_frames, _ = traced["librosa"](
        LogMelStream(CONFIGS["librosa"]).init(0), np.zeros([0, 500]), np.zeros([0], np.int32), np.zeros([0], bool)
    )
    assert features.shape == [0, 0, 40] and num_frames.shape == [0]


def test_the_example_holds():
    assert doctest.testmod(seqapp.features.speech.log_mel_stream).failed == 0
