"""Base class of cells with a matrix for a state, which stores values under keys and is read by queries."""

import numbers
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.affine import frame_sizes
from seqapp.rnn.cells.cell import Cell

HEAD_SIZE = 32  # at least, where the units can be cut so
EPSILON = 1e-5  # added to mean squares


class Associations(NamedTuple):
    """What a frame does to the memory, and asks of it. N heads of V units, keys of K numbers that all heads share.

    Attributes:
        log_decay: Float `[..., N]`, not above 0: logarithm of what is left of the memory.
        key: Float `[..., K]`.
        value: Float `[..., N, V]`.
        query: Float `[..., K]`.
        strength: Float `[..., N]` in [0, 1], how much of the memory's own value under the key is replaced (the delta
            rule); None: values are added to it.
    """

    log_decay: tf.Tensor
    key: tf.Tensor
    value: tf.Tensor
    query: tf.Tensor
    strength: tf.Tensor | None = None


class MatrixCell(Cell):
    """A cell whose state is a matrix `[K, V]` per head, all in one row of H * K numbers. With a_t = exp(log_decay):

        S_t = a_t S_{t-1} + k_t v_t^T                                              where values are added
        S_t = a_t S_{t-1} + strength_t k_t (v_t - a_t S_{t-1}^T k_t)^T             the delta rule
        h_t = gain RMSNorm(S_t^T q_t) silu(z_t)                                    the output

    a, k, v, q and z depend on the inputs alone, so `execution="chunkwise"` applies. A kind of cell is one function,
    `associations`. All heads share keys and queries, and the norm stands before the output gate z and is taken per
    head: so a gate can silence a unit, as CTC asks of it for most frames.

    Recurrent dropout drops values: what such a unit stores is zero all along the row.

    Args:
        units: H, divided into heads.
        key_size: K, numbers in a key: the state holds K numbers for each unit.
        num_heads: N; by default so many that a head has 32 units or few more, one where H cannot be cut so.
        memory: Shortest and longest initial memory of a head, in frames; the heads lie between them.
    """

    is_matrix = True

    def __init__(
        self,
        units: int,
        key_size: int = 32,
        num_heads: int | None = None,
        memory: tuple[float, float] = (2.0, 32.0),
        **kwargs,
    ):
        super().__init__(units, **kwargs)
        for name, value in (("key_size", key_size), ("num_heads", num_heads)):
            is_default = name == "num_heads" and value is None
            if not (is_default or (isinstance(value, numbers.Integral) and value > 0)):
                raise ValueError(f"{name} must be a positive integer. Received: {name}={value!r}.")
        if units % (num_heads or 1):
            raise ValueError(f"units must be a multiple of num_heads. Received: units={units}, num_heads={num_heads}.")
        if len(memory) != 2 or not 1 <= memory[0] <= memory[1]:
            raise ValueError(f"memory must hold two numbers of frames, 1 <= shortest <= longest. Received: {memory!r}.")
        self.key_size = int(key_size)
        self.num_heads = int(num_heads or self.units // _head_size(self.units))
        self.head_size = self.units // self.num_heads
        self.memory = tuple(memory)

    @property
    def gate_sizes(self) -> list[int]:
        """Sizes of value, output gate, key, query, decay and, under the delta rule, strength."""
        return [self.units, self.units, self.key_size, self.key_size] + [self.num_heads] * (self.num_gates - 4)

    @property
    def state_size(self) -> list[int]:
        return [self.units * self.key_size]

    def build(self, input_shape: tuple) -> None:
        super().build(input_shape)
        self.log_rate = self.add_weight((self.num_heads,), initializer="zeros", name="log_rate")
        self.norm_gain = self.add_weight((self.units,), initializer="ones", name="norm_gain")

    def initial_bias(self, shape: tuple, dtype: str | None = None) -> tf.Tensor:
        """Return a bias by which head n forgets as fast as its initial memory says."""
        bias = super().initial_bias(shape, dtype)
        frames = np.geomspace(*self.memory, self.num_heads)
        decay = ops.cast(np.log(np.expm1(1 / frames)), dtype)  # the inverse of softplus
        start = 2 * (self.units + self.key_size)
        return ops.concatenate(
            [bias[:start], bias[start : start + self.num_heads] + decay, bias[start + len(frames) :]]
        )

    def associations(self, gates, keep=None) -> Associations:
        """Compute what frames store and ask.

        Args:
            gates: Float `[..., G]` of `project`.
            keep: Float that fits `[..., H]`, of `recurrent_keep`, or None.
        """
        raise NotImplementedError(f"{type(self).__name__} must define associations(gates, keep).")

    def split(self, gates) -> list[tf.Tensor]:
        return tf.split(gates, self.gate_sizes, axis=-1)

    def log_decay(self, time_step) -> tf.Tensor:
        """Return the logarithm of decays after time steps, each `[..., N]`."""
        return -ops.exp(ops.cast(self.log_rate, time_step.dtype)) * time_step

    def by_head(self, x) -> tf.Tensor:
        """Cut `[..., H]` into `[..., N, V]`."""
        return tf.reshape(x, [*frame_sizes(x), self.num_heads, self.head_size])

    def readout(self, gates, recalled) -> tf.Tensor:
        """Compute outputs `[..., H]` of gates `[..., G]` and of what was recalled, `[..., N, V]`."""
        gate = self.split(gates)[1]
        outputs = tf.reshape(normalized(recalled, tf.reduce_mean, EPSILON), [*frame_sizes(gate), self.units])
        return outputs * ops.cast(self.norm_gain, gate.dtype) * ops.silu(gate)

    def step(self, gates, state: list, keep=None) -> tuple[tf.Tensor, list[tf.Tensor]]:
        frame = self.associations(gates, keep)
        memory = tf.reshape(state[0], [-1, self.num_heads, self.key_size, self.head_size])
        memory = memory * ops.exp(frame.log_decay)[:, :, tf.newaxis, tf.newaxis]
        stored = frame.value
        if frame.strength is not None:
            stored = frame.strength[:, :, tf.newaxis] * (stored - _recall(memory, frame.key))
        memory = memory + frame.key[:, tf.newaxis, :, tf.newaxis] * stored[:, :, tf.newaxis]
        outputs = self.readout(gates, _recall(memory, frame.query))
        return outputs, [tf.reshape(memory, [-1, *self.state_size])]

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "key_size": self.key_size,
            "num_heads": self.num_heads,
            "memory": self.memory,
        }


def _head_size(units):
    """Return the smallest divisor of units that is HEAD_SIZE at least, or else units."""
    return next(size for size in range(min(HEAD_SIZE, units), units + 1) if units % size == 0)


def normalized(x, reduce, smallest: float) -> tf.Tensor:
    """Divide `[..., K]` by the root of its reduced squares plus `smallest`: in float32, as gradients are large."""
    wide = tf.cast(x, tf.float32) if x.dtype.size < 4 else x
    return tf.cast(wide * tf.math.rsqrt(reduce(wide * wide, axis=-1, keepdims=True) + smallest), x.dtype)


def _recall(memory, key):
    """Read memories `[B, N, K, V]` by a key `[B, K]`: `[B, N, V]`."""
    return tf.reduce_sum(memory * key[:, tf.newaxis, :, tf.newaxis], axis=2)
