"""Linear recurrent unit (LRU): complex numbers that turn and shrink by the same amount in every frame."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.linear_cell import LinearCell

GOLDEN = 0.6180339887  # its multiples fall evenly into (0, 1): phases that do not go with radii


@keras.saving.register_keras_serializable("seqapp")
class LRUCell(LinearCell):
    """Linear recurrent unit with a complex diagonal.

        b_t = x_t W_r + i x_t W_i + b                   a complex number per unit
        l = exp(-exp(nu) + i exp(theta))                learned, the same in all frames, inside of the unit circle
        s_t = l s_{t-1} + exp(gamma) b_t                the state: real parts, then imaginary parts
        h_t = Re(s_t)                                   the output

    Nothing is gated: what stays does not depend on the inputs. The paper's matrices C and D around the state are left
    to the network around the layer, which mixes outputs and carries inputs past it. Linear in s, so
    `execution="parallel_scan"` applies, on complex numbers; it has no `fused`.

    Args:
        units: H, complex numbers in the state and real ones in the output.
        min_radius: Smallest initial |l|, in (0, 1).
        max_radius: Largest one: larger remembers longer.
        max_phase: Largest initial angle, in radians a frame.

    Call arguments:
        inputs: Float `[B, F]` (one step); `Recurrent(cell)` takes `[B, T, F]`.

    Output shape: `[B, H]`; the state is `[B, 2 * H]`.

    Reference: Orvieto et al., Resurrecting recurrent neural networks for long sequences, 2023,
        https://arxiv.org/abs/2303.06349, section 3.
    """

    num_gates = 2
    is_complex = True

    def __init__(
        self, units: int, min_radius: float = 0.5, max_radius: float = 0.99, max_phase: float = 3.14, **kwargs
    ):
        super().__init__(units, **kwargs)
        if not 0 < min_radius <= max_radius < 1:
            raise ValueError(
                f"Expected 0 < min_radius <= max_radius < 1. Received: min_radius={min_radius}, "
                f"max_radius={max_radius}."
            )
        if not 0 < max_phase <= 2 * np.pi:
            raise ValueError(f"Expected 0 < max_phase <= 2 pi. Received: max_phase={max_phase}.")
        self.min_radius = min_radius
        self.max_radius = max_radius
        self.max_phase = max_phase

    @property
    def state_size(self) -> list[int]:
        return [2 * self.units]

    def build(self, input_shape: tuple) -> None:
        super().build(input_shape)
        for name in ("nu", "theta", "gamma"):
            setattr(
                self, name, self.add_weight((self.units,), initializer=getattr(self, f"_initial_{name}"), name=name)
            )

    def _radii(self):
        """Return radii spread evenly over the area of the ring, as the paper draws them."""
        return np.sqrt(np.linspace(self.min_radius**2, self.max_radius**2, self.units))

    def _initial_nu(self, shape, dtype=None):
        return ops.cast(np.log(-np.log(self._radii())), dtype)

    def _initial_theta(self, shape, dtype=None):
        return ops.cast(np.log(self.max_phase * (GOLDEN * np.arange(1, self.units + 1) % 1)), dtype)

    def _initial_gamma(self, shape, dtype=None):
        return ops.cast(0.5 * np.log(1 - self._radii() ** 2), dtype)

    @property
    def parameters(self) -> list[tf.Tensor]:
        return [ops.convert_to_tensor(weight) for weight in (self.nu, self.theta, self.gamma)]

    @staticmethod
    def linear(gates: list, nu, theta, gamma) -> tuple[tf.Tensor, tf.Tensor]:
        scale = tf.exp(tf.cast(gamma, gates[0].dtype))
        b = _complex(scale * gates[0], scale * gates[1])
        return tf.zeros_like(b) + _complex(*_turn(nu, theta, b.dtype.real_dtype)), b

    @staticmethod
    def readout(gates: list, hidden) -> tf.Tensor:
        return tf.cast(tf.math.real(hidden), gates[0].dtype)

    @staticmethod
    def hidden_of(state: list) -> tf.Tensor:
        return _complex(*tf.split(state[0], 2, axis=-1))

    @staticmethod
    def state_of(hidden, dtype) -> list[tf.Tensor]:
        return [tf.cast(tf.concat([tf.math.real(hidden), tf.math.imag(hidden)], axis=-1), dtype)]

    def step(self, gates, state: list, keep=None) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """As every cell's; in real numbers, so that runtimes without complex ones run it."""
        real, imaginary = tf.split(state[0], 2, axis=-1)
        b_real, b_imaginary = tf.split(gates, 2, axis=-1)
        l_real, l_imaginary = _turn(self.nu, self.theta, gates.dtype)
        scale = tf.exp(tf.cast(tf.convert_to_tensor(self.gamma), gates.dtype))
        scale = scale if keep is None else scale * keep
        hidden = l_real * real - l_imaginary * imaginary + scale * b_real
        imaginary = l_real * imaginary + l_imaginary * real + scale * b_imaginary
        return hidden, [tf.concat([hidden, imaginary], axis=-1)]

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "min_radius": self.min_radius,
            "max_radius": self.max_radius,
            "max_phase": self.max_phase,
        }


def _turn(nu, theta, dtype):
    """Return real and imaginary part of exp(-exp(nu) + i exp(theta))."""
    nu, theta = (tf.cast(tf.convert_to_tensor(x), dtype) for x in (nu, theta))
    radius, phase = tf.exp(-tf.exp(nu)), tf.exp(theta)
    return radius * tf.cos(phase), radius * tf.sin(phase)


def _complex(real, imaginary):
    """Join two parts; TensorFlow has complex numbers of 32 and 64 bits each."""
    dtype = tf.float64 if real.dtype == tf.float64 else tf.float32
    return tf.complex(tf.cast(real, dtype), tf.cast(imaginary, dtype))
