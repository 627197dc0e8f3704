"""Power spectra of frames under the window of librosa or of Kaldi."""

import numpy as np
import tensorflow as tf

from seqapp.features.speech.waveform import FULL_SCALE

PREEMPHASIS = 0.97
POVEY_EXPONENT = 0.85  # of a Hann window: like Hamming's, but zero at the ends
FLOORS = {"librosa": 1e-10, "kaldi": 1.1920928955078125e-07}  # before the logarithm; Kaldi's is float32's epsilon


def power_spectra(frames, kind: str, length: int) -> tf.Tensor:
    """Compute the squared magnitudes of each frame's Fourier transform.

    Args:
        frames: Float32 `[..., S]`, full scale 1.
        kind: "librosa" or "kaldi".
        length: Samples of the transform, even, at least S: zeros follow the frame. Where in the transform a frame
            stands only turns phases, so it need not be centred.

    Returns:
        Float32 `[..., length // 2 + 1]`.
    """
    size = frames.shape[-1]
    if kind == "kaldi":
        windowed = _emphasized(frames) * _hann(size, size - 1) ** POVEY_EXPONENT
    else:
        windowed = frames * _hann(size, size)
    # tf.signal.rfft would do this itself, but not for no frames.
    behind = [[0, 0]] * (frames.shape.rank - 1) + [[0, length - size]]
    spectra = tf.signal.rfft(tf.pad(windowed, behind))
    # Twice as fast as tf.abs, which takes the root that the square undoes.
    return tf.square(tf.math.real(spectra)) + tf.square(tf.math.imag(spectra))


def _emphasized(frames):
    """Treat a frame as Kaldi does before its window: scaled to int16, without its mean, pre-emphasised."""
    frames = FULL_SCALE * (frames - tf.reduce_mean(frames, axis=-1, keepdims=True))
    before = tf.concat([frames[..., :1], frames[..., :-1]], axis=-1)  # the first sample precedes itself
    return frames - PREEMPHASIS * before


def _hann(size, period):
    """Return a Hann window, float32 `[size]`, zero at every multiple of `period`."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / period)).astype(np.float32)
