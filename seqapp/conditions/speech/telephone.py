"""Telephone lines: a narrow band, fewer samples, and the logarithmic steps of G.711."""

import math

import tensorflow as tf

from seqapp.features.speech.fourier import fast_length

LINE_HZ = (300.0, 3_400.0)  # what a line passes on (ITU-T G.712)
LINE_RATE_HZ = 8_000
MU = 255.0  # of G.711's logarithm
EDGE = 0.08  # width of a band's edges, as a share of their frequency


def band_pass(waveform, low_hz, high_hz, sample_rate_hz: int) -> tf.Tensor:
    """Keep what lies between two frequencies; the edges are soft.

    Args:
        waveform: Float32 `[N]`.
        low_hz: Float `[]`; 0 keeps all below `high_hz`.
        high_hz: Float `[]`; half the sample rate or more keeps all above `low_hz`.
        sample_rate_hz: Of the waveform.

    Returns:
        Float32 `[N]`.
    """
    num_samples = tf.shape(waveform)[0]
    length = fast_length(num_samples)
    hz = tf.cast(tf.range(length // 2 + 1), tf.float32) * (sample_rate_hz / tf.cast(length, tf.float32))
    rise = tf.clip_by_value((hz - low_hz) / (EDGE * low_hz + 1e-3) + 1.0, 0.0, 1.0)
    fall = tf.clip_by_value((high_hz - hz) / (EDGE * high_hz + 1e-3) + 1.0, 0.0, 1.0)
    spectrum = tf.signal.rfft(waveform, [length]) * tf.cast(rise * fall, tf.complex64)
    return tf.signal.irfft(spectrum, [length])[:num_samples]


def telephone(waveform, sample_rate_hz: int) -> tf.Tensor:
    """Send a waveform down a telephone line: 300-3,400 Hz, 8,000 samples a second, G.711's mu-law in 8 bits.

    Args:
        waveform: Float32 `[N]`.
        sample_rate_hz: Of the waveform: a multiple of 8,000.

    Returns:
        Float32 `[N]`, at the same rate, empty above 4 kHz.

    Reference: ITU-T G.711, G.712.
    """
    factor = sample_rate_hz // LINE_RATE_HZ
    num_samples = tf.shape(waveform)[0]
    length = fast_length(num_samples) * factor  # whatever the length, one that the factor divides
    narrow = tf.pad(band_pass(waveform, *LINE_HZ, sample_rate_hz), [[0, length - num_samples]])
    few = companded(narrow[::factor])
    # Back to the old rate by the Fourier transform: an ideal interpolator, whatever the receiver's is.
    spectrum = tf.signal.rfft(few) * tf.cast(factor, tf.complex64)
    missing = length // 2 + 1 - tf.shape(spectrum)[0]
    return tf.signal.irfft(tf.pad(spectrum, [[0, missing]]), [length])[:num_samples]


def companded(waveform) -> tf.Tensor:
    """Round to the 256 logarithmic steps of mu-law; float32 of the same shape, within full scale."""
    waveform = tf.clip_by_value(waveform, -1.0, 1.0)
    steps = tf.round(127.0 * tf.math.log1p(MU * tf.abs(waveform)) / math.log1p(MU)) / 127.0
    return tf.sign(waveform) * tf.math.expm1(steps * math.log1p(MU)) / MU
