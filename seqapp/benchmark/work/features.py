"""Feature workload: lines of ink per second, hours of audio per second."""

import functools
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from seqapp.benchmark.peers import is_installed
from seqapp.datasets.ink.synthetic_ink.examples import example
from seqapp.features import ink_features
from seqapp.features.speech.log_mel import log_mel
from seqapp.recipe import InkConfig, LogMelConfig

AXES = "examples, points or samples in each"


def work(lines: int, audio_s: float, threads: int) -> dict[str, Callable]:
    """Name to a function that builds `(shape, forward, None)`.

    Args:
        lines: Lines of synthetic ink, taken through tf.data as in a training.
        audio_s: Seconds of one waveform.
        threads: Lines that are worked on at once.
    """
    waveform = np.random.default_rng(0).uniform(-0.5, 0.5, int(audio_s * LogMelConfig().sample_rate_hz))
    waveform = waveform.astype(np.float32)
    rows = {f"ink, {kind}": functools.partial(_ink, kind, lines, threads) for kind in ("points", "curves")}
    rows |= {f"log_mel, {kind}": functools.partial(_log_mel, kind, waveform) for kind in ("librosa", "kaldi")}
    return rows | ({"librosa itself": functools.partial(_librosa, waveform)} if is_installed("librosa") else {})


def with_rates(row: dict, lines: int, audio_s: float) -> dict:
    """Return a row with its rate per second."""
    per_s = 1000 / row["forward_ms"]
    if row["name"].startswith("ink"):
        return row | {"lines_per_s": round(lines * per_s, 1)}
    return row | {"audio_hours_per_s": round(audio_s * per_s / 3600, 3)}


def _ink(kind, lines, threads):
    inks = [example("train", index).points for index in range(lines)]
    config = InkConfig(kind=kind)
    ragged = tf.ragged.stack(inks)
    dataset = tf.data.Dataset.from_tensor_slices(ragged).map(
        lambda points: ink_features(tf.ensure_shape(points.to_tensor(), [None, 4]), config), num_parallel_calls=threads
    )

    def forward():
        for features in dataset:
            features.shape  # noqa: B018  what is not fetched might not be computed

    return [lines, round(np.mean([len(points) for points in inks]))], forward, None


def _log_mel(kind, waveform):
    samples = tf.constant(waveform)
    of_config = functools.partial(log_mel, config=LogMelConfig(kind=kind))
    run = tf.function(of_config, input_signature=[tf.TensorSpec([None])], autograph=False)
    return [1, len(waveform)], lambda: run(samples).numpy(), None


def _librosa(waveform):
    import librosa

    config = LogMelConfig()
    length, hop = (config.sample_rate_hz * ms / 1000 for ms in (config.frame_length_ms, config.frame_step_ms))

    def forward():
        mel = librosa.feature.melspectrogram(
            y=waveform, sr=config.sample_rate_hz, n_fft=512, win_length=int(length), hop_length=int(hop),
            n_mels=config.num_mel_bins,
        )  # fmt: skip
        return np.log(np.maximum(mel, 1e-10))

    return [1, len(waveform)], forward, None
