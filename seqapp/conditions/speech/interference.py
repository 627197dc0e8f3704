"""Interference: a constant offset, the hum of the mains, and other voices."""

import math

import tensorflow as tf

from seqapp.features.speech.noise import add_at_ratio

HARMONICS = (1.0, 0.5, 0.35, 0.2, 0.15)  # amplitudes of the mains frequency and its multiples


def offset(waveform, share) -> tf.Tensor:
    """Add a constant, in shares of full scale, to a waveform float32 `[N]`."""
    return waveform + share


def hum(waveform, level_db, mains_hz, sample_rate_hz: int) -> tf.Tensor:
    """Add the hum of the mains.

    Args:
        waveform: Float32 `[N]`.
        level_db: Float `[]`, effective level of the hum below that of a square wave at full scale.
        mains_hz: Float `[]`, 50 or 60.
        sample_rate_hz: Of the waveform.

    Returns:
        Float32 `[N]`.
    """
    time_s = tf.cast(tf.range(tf.shape(waveform)[0]), tf.float32) / sample_rate_hz
    order = tf.range(1.0, len(HARMONICS) + 1.0)
    phase = tf.math.floormod(mains_hz * time_s, 1.0)[:, tf.newaxis] * order * 2.0 * math.pi
    sound = tf.linalg.matvec(tf.sin(phase), HARMONICS)
    effective = math.sqrt(sum(a * a for a in HARMONICS) / 2)
    return waveform + sound * 10.0 ** (tf.cast(level_db, tf.float32) / 20.0) / effective


def mix(waveform, sound, snr_db) -> tf.Tensor:
    """Add another sound, repeated or cut to length, at a ratio of the mean powers.

    Args:
        waveform: Float32 `[N]`.
        sound: Float32 `[M]`, M > 0.
        snr_db: Float `[]`, power of the waveform over that of the sound. Silence stays silent.

    Returns:
        Float32 `[N]`.
    """
    num_samples = tf.shape(waveform)[0]
    sound = tf.tile(sound, [num_samples // tf.shape(sound)[0] + 1])[:num_samples]
    return add_at_ratio(waveform, sound, snr_db)


def crowd(waveform, seed, num_voices: int = 6) -> tf.Tensor:
    """Make babble of one voice: the waveform backwards, from as many random places on, all at once: float32 `[N]`.

    For training, where other examples are not at hand; its rhythm and spectrum are those of speech.
    """
    backwards = tf.reverse(waveform, [0])
    places = tf.random.stateless_uniform([num_voices], seed, 0, tf.maximum(tf.shape(waveform)[0], 1), tf.int32)
    return tf.add_n([tf.roll(backwards, places[k], 0) for k in range(num_voices)])
