"""Minimum number of frames that CTC needs for a label sequence."""

import numpy as np
import tensorflow as tf


def frames_needed(labels):
    """Count the frames that CTC needs for a label sequence: one per label, and a blank between equal neighbours.

    Args:
        labels: Int `[U]`, classes without the blank: a list, an array, or a tensor inside a graph.

    Returns:
        U + number of immediate repeats, an int or a scalar int32 tensor: with fewer frames no alignment exists.
    """
    if tf.is_tensor(labels):
        return tf.size(labels) + tf.math.count_nonzero(labels[1:] == labels[:-1], dtype=tf.int32)
    labels = np.asarray(labels)
    return len(labels) + int(np.count_nonzero(labels[1:] == labels[:-1]))
