"""librosa and an independent reading of Kaldi's recipe are the references; both in double precision."""

import dataclasses
import functools
import math

import librosa
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.features.speech.log_mel import BLOCK_FRAMES, log_mel, num_frames
from seqapp.recipe import LogMelConfig
from tests.sounds import RATE_HZ, chirp, clicks, noise, tone

LIBROSA = LogMelConfig()
KALDI = LogMelConfig(kind="kaldi", min_hz=20.0)
KINDS = pytest.mark.parametrize("config", [LIBROSA, KALDI], ids=lambda config: config.kind)
SOUNDS = {
    "noise": noise(),
    "tone": tone(440.0),
    "between two bins": tone(1015.625),
    "chirp": chirp(),
    "silence": np.zeros(RATE_HZ, np.float32),
    "clicks": clicks(),
    "offset": noise() * 0.01 + np.float32(0.3),
    "full scale": np.sign(tone(300.0)),
}


def librosa_mel(waveform, config):
    """Mel energies float64 `[T, F]`."""
    size = int(config.sample_rate_hz * config.frame_length_ms / 1000)
    mel = librosa.feature.melspectrogram(
        y=waveform.astype(np.float64),
        sr=config.sample_rate_hz,
        n_fft=2 ** int(np.ceil(np.log2(size))),
        win_length=size,
        hop_length=int(config.sample_rate_hz * config.frame_step_ms / 1000),
        n_mels=config.num_mel_bins,
        fmin=config.min_hz,
        fmax=config.max_hz or None,
    )
    return mel.T


def kaldi_mel(waveform, config):
    """Mel energies float64 `[T, F]`, frame by frame and band by band from the written recipe."""
    size = int(config.sample_rate_hz * config.frame_length_ms / 1000)
    step = int(config.sample_rate_hz * config.frame_step_ms / 1000)
    length = 2 ** int(np.ceil(np.log2(size)))
    povey = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / (size - 1))) ** 0.85
    bands, rows = kaldi_bands(length, config), []
    for start in range(0, len(waveform) - size + 1, step):
        frame = waveform[start : start + size].astype(np.float64) * 32768
        frame = frame - frame.mean()
        emphasized = np.concatenate([[frame[0] - 0.97 * frame[0]], frame[1:] - 0.97 * frame[:-1]])
        power = np.abs(np.fft.fft(emphasized * povey, length)[: length // 2]) ** 2
        rows.append(bands @ power)
    return np.reshape(rows, [-1, config.num_mel_bins])


@functools.lru_cache
def kaldi_bands(length, config):
    """Weights float64 `[F, length // 2]`, one at a time from the written recipe."""
    low, high = kaldi_scale(config.min_hz), kaldi_scale(config.max_hz or config.sample_rate_hz / 2)
    delta = (high - low) / (config.num_mel_bins + 1)
    weights = np.zeros([config.num_mel_bins, length // 2])
    for band, index in np.ndindex(weights.shape):
        left, centre, right = (low + (band + corner) * delta for corner in range(3))
        place = kaldi_scale(config.sample_rate_hz / length * index)
        if left < place <= centre:
            weights[band, index] = (place - left) / (centre - left)
        elif centre < place < right:
            weights[band, index] = (right - place) / (right - centre)
    return weights


def kaldi_scale(hz):
    return 1127 * math.log(1 + hz / 700)


def assert_close(features, energies, floor):
    """Equal to 1e-5 of each energy, and to 1e-6 of the strongest of the frame: float32 keeps no more of a spectrum."""
    assert features.dtype == np.float32 and features.shape == energies.shape
    error = np.abs(np.exp(features.astype(np.float64)) - np.maximum(energies, floor))
    strongest = np.max(energies, axis=1, keepdims=True, initial=floor)
    assert (error <= 1e-5 * np.maximum(energies, floor) + 1e-6 * strongest).all(), np.max(error / strongest)


@pytest.fixture(scope="module")
def traced():
    """`log_mel` of both kinds as graphs of unknown length."""
    return {config: trace(config) for config in (LIBROSA, KALDI)}


def trace(config):
    return tf.function(lambda waveform: log_mel(waveform, config), input_signature=[tf.TensorSpec([None])])


@pytest.mark.parametrize("name", SOUNDS)
def test_equals_librosa(name, traced):
    assert_close(traced[LIBROSA](SOUNDS[name]).numpy(), librosa_mel(SOUNDS[name], LIBROSA), 1e-10)


def test_logarithms_of_noise_equal_librosas_to_1e_5(traced):
    expected = np.log(librosa_mel(noise(), LIBROSA))
    np.testing.assert_allclose(traced[LIBROSA](noise()), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", SOUNDS)
def test_equals_the_recipe_of_kaldi(name, traced):
    waveform = SOUNDS[name][: RATE_HZ // 4]
    features, energies = traced[KALDI](waveform).numpy(), kaldi_mel(waveform, KALDI)
    assert_close(features, energies, np.finfo(np.float32).eps)


def test_equals_values_that_kaldis_own_code_gave():
    # kaldi-native-fbank 1.23.0 with --dither=0 --num-mel-bins=40
    waveform = np.random.RandomState(0).uniform(-0.5, 0.7, 1600).astype(np.float32)
    features = log_mel(waveform, dataclasses.replace(KALDI, num_mel_bins=40)).numpy()
    expected = [
        [17.5586, 19.3121, 22.9551, 24.9280, 26.2370, 28.2317],
        [17.9165, 21.3385, 22.2520, 25.4430, 26.3989, 27.9245],
        [17.4948, 21.5323, 22.0672, 25.7501, 26.3700, 28.1111],
    ]
    np.testing.assert_allclose(features[[0, 3, 7]][:, [0, 5, 10, 20, 30, 39]], expected, atol=2e-4)


@pytest.mark.filterwarnings("ignore:n_fft=")
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 2**16))
def test_every_length_gives_the_frames_of_the_references(traced, length, seed):
    waveform = noise(length, seed)
    assert_close(traced[LIBROSA](waveform).numpy(), librosa_mel(waveform, LIBROSA), 1e-10)
    assert_close(traced[KALDI](waveform).numpy(), kaldi_mel(waveform, KALDI), np.finfo(np.float32).eps)


@pytest.mark.filterwarnings("ignore:n_fft=")
@pytest.mark.parametrize(
    "config",
    [
        LogMelConfig(sample_rate_hz=8_000, num_mel_bins=40, min_hz=100.0, max_hz=3_800.0),
        LogMelConfig(sample_rate_hz=22_050, frame_length_ms=23.0, frame_step_ms=11.5),  # an odd number of samples
        LogMelConfig(sample_rate_hz=48_000, frame_length_ms=20.0, frame_step_ms=20.0, num_mel_bins=64),
        LogMelConfig(frame_length_ms=32.0),  # a power of two
    ],
    ids=lambda config: f"{config.sample_rate_hz} Hz",
)
@pytest.mark.parametrize("kind", ["librosa", "kaldi"])
def test_other_rates_and_frames_equal_the_references_too(config, kind):
    config = dataclasses.replace(config, kind=kind)
    reference, floor = (librosa_mel, 1e-10) if kind == "librosa" else (kaldi_mel, np.finfo(np.float32).eps)
    for length in (0, 1, 500, 5_001):
        assert_close(log_mel(noise(length), config).numpy(), reference(noise(length), config), floor)


@KINDS
@pytest.mark.parametrize("frames", [BLOCK_FRAMES - 1, BLOCK_FRAMES, BLOCK_FRAMES + 1, 2 * BLOCK_FRAMES + 5])
def test_the_seams_of_blocks_do_not_show(config, frames, traced):
    waveform = noise(400 + 160 * (frames - 1) + 7)
    features = traced[config](waveform).numpy()
    middle = traced[config](waveform[160 * (BLOCK_FRAMES - 20) :]).numpy()
    inner = middle[3:-3]
    np.testing.assert_allclose(features[BLOCK_FRAMES - 17 :][: len(inner)], inner, atol=1e-5)


@KINDS
@given(length=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_num_frames_tells_the_number_of_frames(config, traced, length):
    expected = len(traced[config](np.zeros(length, np.float32)))
    assert num_frames(length, config) == expected
    assert num_frames(tf.constant([length, length]), config).numpy().tolist() == [expected] * 2


def test_the_last_partial_frame_is_completed_or_dropped():
    assert [num_frames(n, LIBROSA) for n in (0, 1, 159, 160, 400, 16_000)] == [1, 1, 1, 2, 3, 101]
    assert [num_frames(n, KALDI) for n in (0, 1, 399, 400, 559, 560, 16_000)] == [0, 0, 0, 1, 1, 2, 98]


@KINDS
def test_int16_is_divided_by_32768(config, traced):
    samples = (noise() * 32768).astype(np.int16)
    np.testing.assert_array_equal(log_mel(samples, config), traced[config]((samples / 32768).astype(np.float32)))


@KINDS
def test_nothing_is_normalised_over_the_utterance(config, traced):
    alone, loud = noise(8_000), np.concatenate([noise(8_000), 9 * noise(8_000, seed=1)])
    before = num_frames(8_000 - 200, config) - 1
    np.testing.assert_allclose(traced[config](loud)[:before], traced[config](alone)[:before], atol=1e-5)


@KINDS
def test_ten_times_the_amplitude_adds_the_logarithm_of_a_hundred(config, traced):
    difference = traced[config](10 * noise()) - traced[config](noise())
    np.testing.assert_allclose(difference, np.log(100), atol=1e-4)


@KINDS
def test_silence_stands_at_the_floor(config):
    features = log_mel(np.zeros(1000, np.float32), config)
    np.testing.assert_allclose(features, np.log(1e-10 if config.kind == "librosa" else 2.0**-23), rtol=1e-6)


@KINDS
def test_maps_over_a_dataset(config):
    dataset = tf.data.Dataset.from_tensors((noise() * 3000).astype(np.int16)).map(lambda x: log_mel(x, config))
    assert dataset.element_spec.shape.as_list() == [None, 80]
    assert next(iter(dataset)).shape == [num_frames(RATE_HZ, config), 80]


@KINDS
def test_a_saved_model_needs_neither_librosa_nor_this_package(config, traced, tmp_path):
    module = tf.Module()
    module.features = traced[config]
    tf.saved_model.save(module, str(tmp_path))
    loaded = tf.saved_model.load(str(tmp_path))
    np.testing.assert_array_equal(loaded.features(noise(5_000)), traced[config](noise(5_000)))


def test_unknown_kind_tells_the_known_ones():
    with pytest.raises(ValueError, match="features.kind: expected one of .*librosa.*kaldi.*received 'mfcc'"):
        log_mel(noise(), dataclasses.replace(LIBROSA, kind="mfcc"))
