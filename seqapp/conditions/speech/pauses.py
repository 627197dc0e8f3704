"""Pauses: digital silence around an utterance, and a break within it."""

import tensorflow as tf

WINDOW_S = 0.05  # over which the quietest place of an utterance is looked for


def pad_silence(waveform, before_s, behind_s, sample_rate_hz: int) -> tf.Tensor:
    """Put zeros before and behind a waveform float32 `[N]`, durations in seconds: float32 `[M]`."""
    counts = tf.cast(tf.stack([before_s, behind_s]) * float(sample_rate_hz), tf.int32)
    return tf.pad(waveform, counts[tf.newaxis])


def insert_pause(waveform, pause_s: float, sample_rate_hz: int) -> tf.Tensor:
    """Put zeros into the quietest place of the middle half: between two words, or so one hopes.

    Args:
        waveform: Float32 `[N]`.
        pause_s: How long.
        sample_rate_hz: Of the waveform.

    Returns:
        Float32 `[N + pause_s * sample_rate_hz]`.
    """
    size = int(WINDOW_S * sample_rate_hz)
    middle = tf.shape(waveform)[0] // 4
    energies = tf.reduce_sum(tf.square(tf.signal.frame(waveform[middle : 3 * middle], size, size)), axis=1)
    quietest = tf.argmin(tf.concat([energies, [tf.float32.max]], axis=0), output_type=tf.int32)
    place = middle + quietest * size + size // 2
    pause = tf.zeros([int(pause_s * sample_rate_hz)])
    return tf.concat([waveform[:place], pause, waveform[place:]], axis=0)
