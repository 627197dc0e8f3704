"""Semirings of the CTC recursion: log-sum over all paths for the loss, maximum for the best path.

Both have `join(*ways)` and `shares(*ways)`, the part of a state's occupancy that each way gets when it is handed back
from the end to the beginning. Shares add up to 1, so that nothing is lost over thousands of frames.
"""

import functools

import tensorflow as tf


class LogSum:
    """All paths together."""

    @staticmethod
    def join(*ways):
        largest = functools.reduce(tf.maximum, ways)
        return largest + tf.math.log(tf.add_n([tf.exp(way - largest) for way in ways]))

    @staticmethod
    def shares(*ways):
        largest = functools.reduce(tf.maximum, ways)
        parts = [tf.exp(way - largest) for way in ways]
        scale = 1.0 / tf.add_n(parts)
        return [part * scale for part in parts]


class Maximum:
    """The best path alone; of equal ways the first."""

    @staticmethod
    def join(*ways):
        return functools.reduce(tf.maximum, ways)

    @staticmethod
    def shares(*ways):
        largest = functools.reduce(tf.maximum, ways)
        shares = []
        is_open = tf.ones_like(largest)
        for way in ways:
            share = tf.where(way == largest, is_open, tf.zeros_like(is_open))
            shares.append(share)
            is_open -= share
        return shares


Semiring = type[LogSum] | type[Maximum]
