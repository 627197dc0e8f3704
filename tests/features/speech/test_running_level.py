"""The running level is the weighted mean power so far, whatever the chunks, and takes loudness out of the features."""

import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.features.speech.log_mel import log_mel
from seqapp.features.speech.log_mel_stream import LogMelStream
from seqapp.features.speech.running_level import BLOCK_FRAMES, RunningLevel
from seqapp.recipe import LogMelConfig
from tests.sounds import chirp, noise

CONFIG = LogMelConfig(num_mel_bins=20, level="running", level_s=0.5)


def frames(num_frames, seed=0, num_bins=3):
    return np.random.default_rng(seed).normal(-8.0, 3.0, [num_frames, num_bins]).astype(np.float32)


def by_definition(features, frames_per_constant, floor_db):
    """The sum over the past, frame by frame, in float64."""
    features = features.astype(np.float64)
    powers = np.exp(features).sum(axis=1)
    levels = []
    for t in range(len(powers)):
        weights = math.exp(-1 / frames_per_constant) ** np.arange(t, -1, -1)
        levels.append(math.log(weights @ powers[: t + 1] / weights.sum()))
    return np.log(np.exp(features - np.reshape(levels, [-1, 1])) + 10 ** (-floor_db / 10))


@pytest.mark.parametrize("num_frames", [0, 1, 7, BLOCK_FRAMES, BLOCK_FRAMES + 1, 3 * BLOCK_FRAMES - 5])
@pytest.mark.parametrize("constant", [1.0, 50.0, 1000.0])
def test_it_is_the_weighted_mean_power_so_far(num_frames, constant):
    found = RunningLevel(constant, 30.0).whole(tf.constant(frames(num_frames)))
    np.testing.assert_allclose(found, by_definition(frames(num_frames), constant, 30.0), atol=2e-4)


@pytest.mark.parametrize("gain", [1e-6, 0.02, 1.0, 20.0])
def test_a_gain_changes_nothing(gain):
    waveform = 0.1 * chirp(8_000) + 0.01 * noise(8_000)
    np.testing.assert_allclose(log_mel(gain * waveform, CONFIG), log_mel(waveform, CONFIG), atol=2e-3)


def test_a_level_that_drifts_is_followed():
    steady = noise(64_000)
    drifting = steady * np.linspace(1.0, 0.1, len(steady), dtype=np.float32)
    found = np.mean(log_mel(drifting, CONFIG), axis=1)[-50:] - np.mean(log_mel(steady, CONFIG), axis=1)[-50:]
    assert abs(found.mean()) < 1.5 < math.log(100)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_chunks_give_the_frames_of_the_whole(data):
    rows = [noise(data.draw(st.integers(0, 9_000)), seed) for seed in range(2)]
    stream = LogMelStream(CONFIG)
    state = stream.init(2)
    found = [[], []]
    place = [0, 0]
    for final in (False, False, False, True):
        ends = [len(row) if final else data.draw(st.integers(p, len(row))) for p, row in zip(place, rows)]
        batch = np.full([2, max(e - p for e, p in zip(ends, place))], np.nan, np.float32)
        for k, row in enumerate(rows):
            batch[k, : ends[k] - place[k]] = row[place[k] : ends[k]]
        lengths = [e - p for e, p in zip(ends, place)]
        features, num_frames, state = stream.push(state, batch, lengths, tf.fill([2], final))
        for k in range(2):
            found[k].append(features[k, : num_frames[k]].numpy())
        place = ends
    for parts, row in zip(found, rows):
        np.testing.assert_allclose(np.concatenate(parts), log_mel(row, CONFIG), atol=1e-4)
    for name, tensor in stream.init(2).items():
        np.testing.assert_array_equal(state[name], tensor, err_msg="a row that has ended begins anew")


def test_padding_does_not_enter_the_state():
    level = RunningLevel(20.0, 50.0)
    batch = np.stack([frames(9), np.concatenate([frames(4, 1), np.full([5, 3], np.nan, np.float32)])])
    _, state = level.push(level.init(2), tf.constant(batch), tf.constant([9, 4]), tf.constant([False, False]))
    _, alone = level.push(level.init(1), tf.constant(frames(4, 1)[None]), tf.constant([4]), tf.constant([False]))
    for name in state:
        np.testing.assert_allclose(state[name][1:], alone[name], rtol=1e-6)


def test_digital_silence_behind_a_voice_lies_at_the_floor():
    waveform = np.concatenate([noise(8_000), np.zeros(8_000, np.float32)])
    last = log_mel(waveform, CONFIG).numpy()[-20:-3]
    np.testing.assert_allclose(last, math.log(10 ** (-CONFIG.level_floor_db / 10)), atol=0.05)


def test_silence_is_finite():
    assert np.isfinite(log_mel(np.zeros(4_000, np.float32), CONFIG)).all()
    assert np.isfinite(RunningLevel(5.0, 50.0).whole(tf.fill([3, 2], -200.0))).all()
