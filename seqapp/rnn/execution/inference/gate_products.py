"""Products of one gate each: small ones are left to one thread, and run side by side."""

import tensorflow as tf

from seqapp.rnn.cells.cell import Cell


def columns(cell: Cell, weight, dtype) -> list:
    """Return G pieces of a weight `[..., G*H]` in a dtype, one per gate; None for each where there is no weight."""
    if weight is None:
        return [None] * cell.num_gates
    return tf.split(tf.cast(tf.convert_to_tensor(weight), dtype), cell.num_gates, axis=-1)


def product(rows, kernel, bias) -> tf.Tensor:
    """Return rows `[N, F]` @ kernel `[F, H]` + bias `[H]` or None."""
    result = tf.matmul(rows, kernel)
    return result if bias is None else tf.nn.bias_add(result, bias)
