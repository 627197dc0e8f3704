"""Signature of a loaded model: a function of NumPy arrays with checks of names, shapes and numbers of rows."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from seqapp.serving.server.refusal import Refusal

Arrays = dict[str, np.ndarray]  # by name


class Signature:
    """Computes one row or many.

    Args:
        name: Such as "serving_default".
        signature_def: Its `SignatureDef` message.
        function: Of NumPy arrays by name, that gives such; None: it is computed elsewhere, and only described here.

    Attributes:
        inputs: `tf.TensorSpec` of each argument, by name.
        outputs: `tf.TensorSpec` of each output, by name.
    """

    def __init__(self, name: str, signature_def, function: Callable[[Arrays], Arrays] | None = None):
        self.name = name
        self._function = function
        self.inputs = _specs(signature_def.inputs)
        self.outputs = _specs(signature_def.outputs)

    @property
    def is_computed_here(self) -> bool:
        """Whether it can be called, and is not only described."""
        return self._function is not None

    def check(self, inputs: Arrays) -> None:
        """Refuse arrays that the graph cannot take.

        Args:
            inputs: NumPy arrays by name.

        Raises:
            Refusal: INVALID_ARGUMENT.
        """
        if inputs.keys() != self.inputs.keys():
            extra = sorted(inputs.keys() - self.inputs.keys())
            missing = sorted(self.inputs.keys() - inputs.keys())
            raise Refusal(
                "INVALID_ARGUMENT",
                f"input size does not match signature: {len(inputs)}!={len(self.inputs)}. Sent extra: {extra}. "
                f"Missing but required: {missing}.",
            )
        for name, spec in self.inputs.items():
            received = inputs[name]
            if not spec.shape.is_compatible_with(received.shape):
                expected = [-1 if size is None else size for size in spec.shape.as_list()]
                raise Refusal(
                    "INVALID_ARGUMENT",
                    f"{self.name}: expected {name} of shape {expected} (-1: any). Received: {list(received.shape)}.",
                )

        counts = {name: len(inputs[name]) for name, spec in self.inputs.items() if spec.shape.rank}
        if "lengths" in counts and len(set(counts.values())) > 1:
            raise Refusal("INVALID_ARGUMENT", f"{self.name}: expected as many rows of each input. Received: {counts}.")

    def __call__(self, inputs: Arrays, timeout_s: float | None = None) -> Arrays:
        """Compute NumPy outputs of NumPy inputs, by name.

        Args:
            inputs: NumPy arrays by name.
            timeout_s: Seconds after which the computation stops; None: never.

        Raises:
            tf.errors.OpError: The graph refuses them, or the time is over.
        """
        arrays = {name: np.asarray(inputs[name], spec.dtype.as_numpy_dtype) for name, spec in self.inputs.items()}
        return self._function(arrays) if timeout_s is None else self._function(arrays, timeout_s=timeout_s)

    def example(self) -> Arrays:
        """Make the smallest inputs that it takes, for a warm-up: zeros, False or empty strings."""
        return {name: _zeros(spec) for name, spec in self.inputs.items()}


def _specs(tensor_infos):
    return {
        key: tf.TensorSpec(tf.TensorShape(info.tensor_shape), tf.dtypes.as_dtype(info.dtype), key)
        for key, info in sorted(tensor_infos.items())
    }


def _zeros(spec):
    shape = [1 if size is None else size for size in spec.shape.as_list()]
    return np.full(shape, b"", object) if spec.dtype == tf.string else np.zeros(shape, spec.dtype.as_numpy_dtype)
