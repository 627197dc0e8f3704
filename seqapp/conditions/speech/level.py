"""Recording level: softer, louder, or drifting; and what an integer format leaves of it."""

import tensorflow as tf


def change_level(waveform, gain_db) -> tf.Tensor:
    """Multiply a waveform float32 `[N]` by a gain in dB, float `[]`."""
    return waveform * 10.0 ** (tf.cast(gain_db, tf.float32) / 20.0)


def drift_level(waveform, seed, depth_db: float, sample_rate_hz: int) -> tf.Tensor:
    """Let the level wander, as of a speaker who turns away: gains of U(-depth, depth) dB a second apart, straight lines
    between them.

    Args:
        waveform: Float32 `[N]`.
        seed: Int `[2]`.
        depth_db: Largest gain either way.
        sample_rate_hz: Of the waveform.

    Returns:
        Float32 `[N]`.
    """
    num_samples = tf.shape(waveform)[0]
    knots = tf.random.stateless_uniform([num_samples // sample_rate_hz + 2], seed, -depth_db, depth_db)
    place = tf.cast(tf.range(num_samples), tf.float32) / sample_rate_hz
    left = tf.cast(place, tf.int32)
    share = place - tf.cast(left, tf.float32)
    return change_level(waveform, (1.0 - share) * tf.gather(knots, left) + share * tf.gather(knots, left + 1))


def quantize(waveform, bits: int) -> tf.Tensor:
    """Round a waveform float32 `[N]` to the steps of a linear format with so many bits, and limit it to full scale."""
    steps = 2.0 ** (bits - 1)
    return tf.clip_by_value(tf.round(waveform * steps), -steps, steps - 1) / steps
