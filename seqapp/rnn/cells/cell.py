"""The contract of a recurrent cell: what is computed in one step, apart from how a sequence is run."""

import keras
from keras import ops


class Cell(keras.layers.Layer):
    """Base of all cells.

    A cell splits its equations in two, so that everything which does not depend on the state leaves the loop:

        gates = project(inputs)             [B, T, F] -> [B, T, G*H], all frames in one matmul
        output, state = step(gates_t, state)        [B, G*H], list of [B, H] -> [B, H], list of [B, H]

    A cell whose state obeys h_t = a_t * h_{t-1} + b_t is a `LinearCell`, for which `parallel_scan` is legal. A cell
    obeys the Keras cell protocol too: `keras.layers.RNN(cell)` runs it.

    The state is kept in the variables' dtype (float32 under a mixed policy), outputs in the compute dtype.

    Args:
        units: Positive integer, size H of the state and of the output.
        kernel_initializer: Initializer of `kernel`, `[F, G*H]`.
        bias_initializer: Initializer of `bias`, `[G*H]`.

    Call arguments (one step, the Keras protocol):
        inputs: Float `[B, F]`.
        states: List of `[B, H]`.
    """

    num_gates = 1
    num_states = 1
    is_linear = False  # True where the recurrence is associative: see LinearCell

    def __init__(self, units, kernel_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        if not isinstance(units, int) or units <= 0:
            raise ValueError(f"units must be a positive integer. Received: units={units!r}.")
        super().__init__(**kwargs)
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)

    @property
    def state_size(self):
        return [self.units] * self.num_states

    @property
    def output_size(self):
        return self.units

    def build(self, input_shape):
        size = self.num_gates * self.units
        self.kernel = self.add_weight((input_shape[-1], size), initializer=self.kernel_initializer, name="kernel")
        self.bias = self.add_weight((size,), initializer=self.initial_bias, name="bias")
        self.built = True

    def initial_bias(self, shape, dtype=None):
        """Initial value of `bias`; cells that start a gate open or shut override it."""
        return self.bias_initializer(shape, dtype)

    def project(self, inputs):
        return ops.matmul(inputs, self.kernel) + self.bias

    def step(self, gates, state):
        raise NotImplementedError(f"{type(self).__name__} must define step(gates, state).")

    def call(self, inputs, states, training=False):
        gates = ops.cast(self.project(inputs), self.variable_dtype)
        output, state = self.step(gates, [ops.cast(s, self.variable_dtype) for s in states])
        return ops.cast(output, self.compute_dtype), state

    def get_initial_state(self, batch_size):
        return [ops.zeros((batch_size, size), dtype=self.variable_dtype) for size in self.state_size]

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
        }


class RecurrentKernelCell(Cell):
    """A cell that multiplies its state by a learned matrix, and therefore must run step by step.

    Args:
        recurrent_initializer: Initializer of `recurrent_kernel`, `[H, G*H]`.
    """

    def __init__(self, units, recurrent_initializer="orthogonal", **kwargs):
        super().__init__(units, **kwargs)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)

    def build(self, input_shape):
        super().build(input_shape)
        self.recurrent_kernel = self.add_weight(
            (self.units, self.num_gates * self.units), initializer=self.recurrent_initializer, name="recurrent_kernel"
        )

    def recur(self, state):
        """state [B, H] @ recurrent_kernel in the compute dtype, returned in the state's dtype."""
        product = ops.matmul(ops.cast(state, self.compute_dtype), ops.cast(self.recurrent_kernel, self.compute_dtype))
        return ops.cast(product, state.dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "recurrent_initializer": keras.initializers.serialize(self.recurrent_initializer),
        }


class LinearCell(Cell):
    """A cell with one state that obeys h_t = a_t * h_{t-1} + b_t, where a and b depend on the inputs alone.

    It defines two functions of gates `[..., G*H]`, of one frame or of all of them:

        linear(gates) -> a, b                   each [..., H]
        readout(gates, hidden) -> output        [..., H]; the state itself unless overridden
    """

    is_linear = True

    def linear(self, gates):
        raise NotImplementedError(f"{type(self).__name__} must define linear(gates).")

    def readout(self, gates, hidden):
        return hidden

    def step(self, gates, state):
        a, b = self.linear(gates)
        hidden = a * state[0] + b
        return self.readout(gates, hidden), [hidden]
