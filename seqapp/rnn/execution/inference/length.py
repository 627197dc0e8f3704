"""Choice between two graphs by the number of frames, while tracing where it is known, else while running."""

from collections.abc import Callable

import tensorflow as tf


def cond_on_length(x, most: int, few: Callable, many: Callable):
    """Return what `few()` gives where x `[B, T, ...]` has `most` frames or fewer, else what `many()` gives."""
    if x.shape[1] is not None:
        return few() if x.shape[1] <= most else many()
    return tf.cond(tf.shape(x)[1] <= most, few, many)
