"""One graph for all that call a function: traced once for tensors of one kind, wherever it is called from."""

from collections.abc import Callable

import tensorflow as tf


class SharedGraph:
    """Calls a concrete function; a `tf.function` is traced anew while a SavedModel is written.

    Args:
        function: Of tensors.
    """

    def __init__(self, function: Callable):
        self._function = tf.function(function, autograph=False)
        self._traced = {}

    def __call__(self, *tensors):
        kind = tuple((tuple(tensor.shape.as_list()), tensor.dtype) for tensor in tensors)
        if kind not in self._traced:
            specs = [tf.TensorSpec(shape, dtype) for shape, dtype in kind]
            with tf.init_scope():  # it belongs to no caller
                self._traced[kind] = self._function.get_concrete_function(*specs)
        return self._traced[kind](*tensors)
