"""Log-mel spectrogram: raw waveform to the sequence that a network reads; one graph in training and serving.

Nothing is normalised over the utterance: a frame depends on its own samples, and on the level so far where the config
asks for that, hence chunks give the frames of the whole (`seqapp.features.speech.log_mel_stream`). The model subtracts
a mean and divides by a stored deviation.
"""

import tensorflow as tf

from seqapp.features.speech.frames import fft_length, frame_windows
from seqapp.features.speech.mel_filters import mel_filters
from seqapp.features.speech.running_level import LEAST_POWER, RunningLevel
from seqapp.features.speech.spectra import FLOORS, power_spectra
from seqapp.features.speech.waveform import to_float

BLOCK_FRAMES = 512  # computed at once: their spectra fit a processor's cache, and an hour takes no more memory


def num_frames(num_samples, config):
    """Count the frames that `log_mel` gives.

    Args:
        num_samples: Int, or int tensor of any shape.
        config: `seqapp.recipe.LogMelConfig`.

    Returns:
        Int or int tensor. "librosa": 1 + num_samples // step, also for no sample at all. "kaldi": the frames that lie
        within the samples, 0 where they are shorter than one.
    """
    return frame_windows(config).num_windows(num_samples)


def log_mel(waveform, config) -> tf.Tensor:
    """Compute the logarithmic energy in mel bands, one row every `config.frame_step_ms`.

    "librosa" equals `log(maximum(librosa.feature.melspectrogram(...), 1e-10))` with n_fft the power of two from the
    frame length on and librosa's own defaults otherwise: a periodic Hann window, frame j centred at sample j * step,
    zeros before the first and behind the last sample. "kaldi" equals compute-fbank-feats with --dither=0 and
    --num-mel-bins, its defaults otherwise: samples in the range of int16, each frame without its mean, pre-emphasised
    by 0.97 and under a Povey window; frame j begins at sample j * step.

    The last partial frame: "librosa" gives every frame with a centre of at most N, completed by zeros; "kaldi" gives
    none that is not complete (--snip-edges=true).

    Args:
        waveform: Int16, or float32 of full scale 1, `[N]`, at `config.sample_rate_hz`, finite. N may be 0 or unknown.
        config: `seqapp.recipe.LogMelConfig`.

    Returns:
        Float32 `[T, F]`, T = `num_frames(N, config)`, F = `config.num_mel_bins`: natural logarithms, never below
        log(1e-10) ("librosa") or log(1.2e-7) ("kaldi"); where `config.level` says so without this floor, and less the
        running level.

    Raises:
        ValueError: Unknown `config.kind`, samples of another type, or values that make no mel bands.

    Reference: McFee et al. 2015, "librosa: Audio and music signal analysis in Python"; Povey et al. 2011, "The Kaldi
        speech recognition toolkit".
    """
    waveform = tf.ensure_shape(to_float(waveform), [None])
    windows = frame_windows(config)
    samples = tf.pad(waveform, [[windows.left, windows.right]])
    count = windows.num_windows(tf.shape(waveform)[0])
    num_blocks = tf.maximum(-(-count // BLOCK_FRAMES), 1)  # one empty block: an array of none has no shape

    def add_block(index, blocks):
        first = index * BLOCK_FRAMES
        last = tf.minimum(first + BLOCK_FRAMES, count) - 1
        block = samples[first * windows.step : last * windows.step + windows.size]
        frames = tf.signal.frame(block, windows.size, windows.step)
        return index + 1, blocks.write(index, log_mel_of_frames(frames, config))

    blocks = tf.TensorArray(tf.float32, num_blocks, infer_shape=False, element_shape=[None, config.num_mel_bins])
    _, blocks = tf.while_loop(lambda index, _: index < num_blocks, add_block, [0, blocks])
    features = tf.ensure_shape(blocks.concat(), [None, config.num_mel_bins])
    level = level_control(config)
    return level.whole(features) if level else features


def level_control(config) -> RunningLevel | None:
    """Return what takes the level out of the frames; None where `config.level` leaves it."""
    if config.level == "as_recorded":
        return None
    return RunningLevel(1000.0 * config.level_s / config.frame_step_ms, config.level_floor_db)


def log_mel_of_frames(frames, config) -> tf.Tensor:
    """Compute the logarithmic mel spectrum of each frame by itself.

    Args:
        frames: Float32 `[..., S]`, S samples as `frame_windows(config)` cuts them.
        config: `seqapp.recipe.LogMelConfig`.

    Returns:
        Float32 `[..., F]`.
    """
    length = fft_length(config)
    filters = mel_filters(config.kind, config.sample_rate_hz, length, config.num_mel_bins, config.min_hz, config.max_hz)
    energies = tf.matmul(power_spectra(frames, config.kind, length), filters)
    # A floor of full scale would lie above the pauses of a soft recording: that of the level comes behind it.
    floor = FLOORS[config.kind] if config.level == "as_recorded" else min(FLOORS[config.kind], LEAST_POWER)
    return tf.math.log(tf.maximum(energies, floor))
