"""Padding of outputs: zero where a mask says that there is no frame."""

import tensorflow as tf


def zero_padding(frames, mask) -> tf.Tensor:
    """Zero frames `[B, T, H]` where the mask `[B, T]` is False; a batch without padding is not copied."""
    return tf.cond(
        tf.reduce_all(mask), lambda: frames, lambda: tf.where(mask[:, :, tf.newaxis], frames, tf.zeros_like(frames))
    )
