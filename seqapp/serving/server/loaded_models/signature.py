"""One signature of a loaded model as a function of NumPy arrays, which says what it expects."""

import numpy as np
import tensorflow as tf

from seqapp.serving.server.refusal import Refusal


class Signature:
    """Runs one row or many.

    Args:
        name: Such as "serving_default".
        described: Its `SignatureDef` message.
        function: Of NumPy arrays by name, that gives such; None: it is computed elsewhere, and only described here.

    Attributes:
        inputs: `tf.TensorSpec` of each argument, by name.
        outputs: `tf.TensorSpec` of each output, by name.
    """

    def __init__(self, name, described, function=None):
        self.name, self._function = name, function
        self.inputs, self.outputs = _specs(described.inputs), _specs(described.outputs)

    def check(self, inputs):
        """Refuses arrays that the graph cannot take.

        Args:
            inputs: NumPy arrays by name.

        Raises:
            Refusal: INVALID_ARGUMENT.
        """
        if inputs.keys() != self.inputs.keys():
            extra, missing = sorted(inputs.keys() - self.inputs.keys()), sorted(self.inputs.keys() - inputs.keys())
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

    def __call__(self, inputs):
        """NumPy outputs of NumPy inputs, by name.

        Raises:
            tf.errors.OpError: What the graph has to say against them.
        """
        return self._function(
            {name: np.asarray(inputs[name], spec.dtype.as_numpy_dtype) for name, spec in self.inputs.items()}
        )

    def example(self):
        """The smallest inputs that it takes, for a warm-up: zeros, False or empty strings."""
        return {name: _zeros(spec) for name, spec in self.inputs.items()}


def _specs(described):
    return {
        key: tf.TensorSpec(tf.TensorShape(info.tensor_shape), tf.dtypes.as_dtype(info.dtype), key)
        for key, info in sorted(described.items())
    }


def _zeros(spec):
    shape = [1 if size is None else size for size in spec.shape.as_list()]
    return np.full(shape, b"", object) if spec.dtype == tf.string else np.zeros(shape, spec.dtype.as_numpy_dtype)
