"""Clipping: an amplifier turned up too far."""

import tensorflow as tf

from seqapp.conditions.speech.level import change_level


def clip(waveform, gain_db) -> tf.Tensor:
    """Amplify by a gain in dB and cut off what exceeds full scale: float32 `[N]`."""
    return tf.clip_by_value(change_level(waveform, gain_db), -1.0, 1.0)


def overdrive(waveform, excess_db) -> tf.Tensor:
    """Amplify so that the highest peak would exceed full scale by so many dB, and clip: float32 `[N]`."""
    peak = tf.reduce_max(tf.abs(tf.concat([waveform, [1e-6]], axis=0)))
    return clip(waveform / peak, excess_db)
