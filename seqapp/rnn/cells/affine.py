"""Affine map of frames: inputs @ kernel + bias, as the product that TensorFlow runs fastest."""

import tensorflow as tf


def affine(inputs, kernel, bias) -> tf.Tensor:
    """Compute inputs `[..., F]` @ kernel `[F, D]` + bias `[D]` or None, `[..., D]` in the dtype of the inputs.

    As a matrix: so TensorFlow adds the bias while it multiplies, and sums its gradient as fast. Of one known frame,
    `[B, 1, F]`, the bias is added behind the product: the operation that joins both prepares longer than a frame takes.
    """
    rows = tf.matmul(tf.reshape(inputs, [-1, inputs.shape[-1]]), tf.cast(kernel, inputs.dtype))
    bias = None if bias is None else tf.cast(bias, inputs.dtype)
    is_one_frame = inputs.shape.rank == 3 and inputs.shape[1] == 1
    if bias is not None and not is_one_frame:
        rows = tf.nn.bias_add(rows, bias)
    outputs = tf.reshape(rows, [*frame_sizes(inputs), kernel.shape[-1]])
    outputs.set_shape([*inputs.shape[:-1], kernel.shape[-1]])  # LiteRT has no operation for ensure_shape
    return tf.nn.bias_add(outputs, bias) if bias is not None and is_one_frame else outputs


def frame_sizes(inputs) -> list:
    """Return the sizes of all axes of `[..., F]` but the last, as `tf.reshape` takes them without further operations.

    What is known is a number; the only unknown one is -1, but for inputs that are known to be empty.
    """
    sizes = list(inputs.shape[:-1])
    if sizes.count(None) == 1 and 0 not in sizes:
        return [-1 if size is None else size for size in sizes]
    return [tf.shape(inputs)[k] if size is None else size for k, size in enumerate(sizes)]
