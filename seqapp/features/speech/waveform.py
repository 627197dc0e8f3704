"""Waveform samples as float32 of full scale one."""

import tensorflow as tf

FULL_SCALE = 32_768.0  # of int16: the constant of librosa, soundfile and Kaldi


def to_float(waveform) -> tf.Tensor:
    """Divide int16 samples by 32768; floats stay as they are.

    Args:
        waveform: Int16, or float of full scale 1, any shape.

    Returns:
        Float32 of the same shape.

    Raises:
        ValueError: Another type, whose full scale nobody knows.
    """
    waveform = tf.convert_to_tensor(waveform)
    if waveform.dtype == tf.int16:
        return tf.cast(waveform, tf.float32) / FULL_SCALE
    if waveform.dtype.is_floating:
        return tf.cast(waveform, tf.float32)
    raise ValueError(
        f"waveform: expected int16, or float with full scale 1, received {waveform.dtype.name}. "
        "Convert it, so that silence is 0 and full scale is 32768 or 1."
    )
