"""Base classes of recurrent cells: the equations of one step, apart from how a sequence is run."""

import numbers
from collections.abc import Callable

import keras
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.normalization import normalize

RULES = {"regularizer": keras.regularizers, "constraint": keras.constraints}


class Cell(keras.layers.Layer):
    """Base of all cells.

    A cell splits its equations in two, so that everything which does not depend on the state leaves the loop:

        gates = project(inputs)             [B, T, F] -> [B, T, G*H], all frames in one matmul
        output, state = step(gates_t, state)        [B, G*H], list of [B, H] -> [B, H], list of [B, H]

    A cell whose state obeys h_t = a_t * h_{t-1} + b_t is a `LinearCell`, for which `parallel_scan` is legal, and one
    that stores values under keys in a matrix a `MatrixCell`, for which `chunkwise` is: their gates and states may have
    other sizes (`gate_sizes`, `state_size`). All obey the Keras cell protocol too: `keras.layers.RNN(cell)` runs them.

    The state is kept in the variables' dtype (float32 under a mixed policy), outputs in the compute dtype.

    Args:
        units: Positive integer, size H of the state and of the output.
        kernel_initializer: Initializer of `kernel`, `[F, G*H]`.
        bias_initializer: Initializer of `bias`, `[G*H]`.
        dropout: Rate at which input features are dropped in training, in [0, 1): the same ones in all frames of a row.
        recurrent_dropout: Rate at which the memory is dropped in training, the same units in all frames of a row. What
            is dropped is each kind of cell's own: see `RecurrentKernelCell`, `LinearCell` and `MatrixCell`.
        layer_norm: Normalise the products with weights over all G*H values, each then scaled by a learned gain, before
            biases are added (Ba et al., Layer normalization, 2016, equations 20-22; the cell state stays as it is).
        seed: Seed of the dropout masks.
        use_bias: Add `bias` to the projected inputs; without, the cell has no such weight.
        **kwargs: `kernel_regularizer`, `kernel_constraint`, and the same for `bias` and, where there is a matrix for
            the state, for `recurrent`, as Keras has them; and those of a layer.

    Call arguments (one step, the Keras protocol):
        inputs: Float `[B, F]`.
        states: List of `[B, H]`.

    Reference: one mask per sequence: Gal and Ghahramani, A theoretically grounded application of dropout in recurrent
        neural networks, 2016, https://arxiv.org/abs/1512.05287.
    """

    num_gates = 1
    num_states = 1
    is_linear = False  # True where the recurrence is associative: see LinearCell
    is_matrix = False  # True where the state is a matrix: see MatrixCell
    ruled_weights = ("kernel", "bias")  # those that a regularizer and a constraint may be given for
    has_default_activations = True  # False where derived backward passes and cuDNN would compute something else

    def __init__(
        self,
        units: int,
        kernel_initializer: str | keras.initializers.Initializer = "glorot_uniform",
        bias_initializer: str | keras.initializers.Initializer = "zeros",
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        layer_norm: bool = False,
        seed: int | None = None,
        use_bias: bool = True,
        **kwargs,
    ):
        if not isinstance(units, numbers.Integral) or units <= 0:
            raise ValueError(f"units must be a positive integer. Received: units={units!r}.")
        for name, rate in (("dropout", dropout), ("recurrent_dropout", recurrent_dropout)):
            if not 0 <= rate < 1:
                raise ValueError(f"{name} must be a rate in [0, 1). Received: {name}={rate!r}.")
        rules = {
            f"{weight}_{kind}": module.get(kwargs.pop(f"{weight}_{kind}", None))
            for weight in self.ruled_weights
            for kind, module in RULES.items()
        }
        # We cast inputs and weights ourselves: Keras would round the states to the compute dtype at every step.
        super().__init__(autocast=False, **kwargs)
        self.units = int(units)
        self._rules = rules
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.dropout = dropout
        self.recurrent_dropout = recurrent_dropout
        self.layer_norm = layer_norm
        self.seed = seed
        self.use_bias = use_bias
        if dropout or recurrent_dropout:  # its state is a variable, which other cells need not carry
            self.seed_generator = keras.random.SeedGenerator(seed)

    @property
    def state_size(self) -> list[int]:
        return [self.units] * self.num_states

    @property
    def output_size(self) -> int:
        return self.units

    @property
    def gate_sizes(self) -> list[int]:
        return [self.units] * self.num_gates

    def build(self, input_shape: tuple) -> None:
        size = sum(self.gate_sizes)
        self.kernel = self.add_weight(
            (input_shape[-1], size), initializer=self.kernel_initializer, name="kernel", **self.rules_of("kernel")
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight((size,), initializer=self.initial_bias, name="bias", **self.rules_of("bias"))
        if self.layer_norm:
            self.gain = self.add_weight((size,), initializer="ones", name="gain")
        self.built = True

    def rules_of(self, weight: str) -> dict:
        """Return the regularizer and the constraint of a weight, as arguments for `add_weight`."""
        return {kind: self._rules[f"{weight}_{kind}"] for kind in RULES}

    def initial_bias(self, shape: tuple, dtype: str | None = None) -> tf.Tensor:
        """Return the initial value of `bias`; cells that start a gate open or shut override it."""
        return self.bias_initializer(shape, dtype)

    def project(self, inputs) -> tf.Tensor:
        """Project inputs `[..., F]` to gates `[..., G*H]`: inputs @ kernel + bias."""
        # As a matrix: so TensorFlow adds the bias while it multiplies, and sums its gradient as fast.
        rows = tf.reshape(tf.cast(inputs, self.compute_dtype), [-1, inputs.shape[-1]])
        gates = tf.matmul(rows, ops.cast(self.kernel, rows.dtype))
        if self.layer_norm:
            gates = ops.cast(normalize(ops.cast(gates, self.variable_dtype), self.gain), rows.dtype)
        if self.use_bias:
            gates = tf.nn.bias_add(gates, ops.cast(self.bias, rows.dtype))
        gates = tf.reshape(gates, [*frame_sizes(inputs), sum(self.gate_sizes)])
        gates.set_shape([*inputs.shape[:-1], sum(self.gate_sizes)])  # LiteRT has no operation for ensure_shape
        return gates

    def step(self, gates, state: list, keep=None) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Compute one step.

        Args:
            gates: Float `[B, G*H]`, one frame of `project`.
            state: List of float `[B, H]`.
            keep: Float `[B, H]` from `recurrent_keep`, or None.

        Returns:
            output: Float `[B, H]`.
            state: List of float `[B, H]`.
        """
        raise NotImplementedError(f"{type(self).__name__} must define step(gates, state, keep).")

    def drop_inputs(self, sequences, training: bool) -> tf.Tensor:
        """Drop features of inputs `[B, T, F]` in training, the same in all frames of a row, and scale up the others."""
        if not (training and self.dropout):
            return sequences
        noise_shape = (ops.shape(sequences)[0], 1, ops.shape(sequences)[2])
        return keras.random.dropout(sequences, self.dropout, noise_shape, seed=self.seed_generator)

    def recurrent_keep(self, batch_size, training: bool) -> tf.Tensor | None:
        """Draw the recurrent dropout, float `[B, H]`: 0 where a row drops the state, else scaled up; None without."""
        if not (training and self.recurrent_dropout):
            return None
        ones = ops.ones((batch_size, self.units), dtype=self.variable_dtype)
        return keras.random.dropout(ones, self.recurrent_dropout, seed=self.seed_generator)

    def call(self, inputs, states: list, training: bool = False) -> tuple[tf.Tensor, list[tf.Tensor]]:
        if training and (self.dropout or self.recurrent_dropout):
            raise ValueError(
                f"{type(self).__name__} drops the same units in all frames of a row, which a step by itself cannot. "
                f"Received: dropout={self.dropout}, recurrent_dropout={self.recurrent_dropout} in training. "
                "Run the cell by seqapp.rnn.Recurrent instead of keras.layers.RNN, or without dropout."
            )
        gates = ops.cast(self.project(inputs), self.variable_dtype)
        output, state = self.step(gates, [ops.cast(s, self.variable_dtype) for s in states])
        # keras.layers.RNN keeps its states in the compute dtype, and wants back what it gave.
        state = [ops.cast(new, old.dtype) for new, old in zip(state, states)]
        return ops.cast(output, self.compute_dtype), state

    def get_initial_state(self, batch_size) -> list[tf.Tensor]:
        return [ops.zeros((batch_size, size), dtype=self.variable_dtype) for size in self.state_size]

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            "layer_norm": self.layer_norm,
            "seed": self.seed,
            "use_bias": self.use_bias,
            **{name: keras.saving.serialize_keras_object(rule) for name, rule in self._rules.items()},
        }


def frame_sizes(inputs) -> list:
    """Return the sizes of all axes of `[..., F]` but the last, as `tf.reshape` takes them without further operations.

    What is known is a number; the only unknown one is -1, but for inputs that are known to be empty.
    """
    sizes = list(inputs.shape[:-1])
    if sizes.count(None) == 1 and 0 not in sizes:
        return [-1 if size is None else size for size in sizes]
    return [tf.shape(inputs)[k] if size is None else size for k, size in enumerate(sizes)]


def equations_of(cell: Cell) -> type[Cell]:
    """Return the class whose equations a cell has: its own, unless the very class names another."""
    return vars(type(cell)).get("same_equations_as", type(cell))


class RecurrentKernelCell(Cell):
    """A cell that multiplies its state by a learned matrix, and therefore must run step by step.

    Recurrent dropout hides units of h_{t-1} from that product alone: what a gate carries over is not dropped. Layer
    normalisation has a second gain, for the product with the state.

    Args:
        recurrent_initializer: Initializer of `recurrent_kernel`, `[H, G*H]`.
        activation: What stands as tanh in the equations: a function or Keras's name of one; None is the identity.
            Others than tanh run by `loop` and `unrolled` alone.
    """

    ruled_weights = ("kernel", "recurrent", "bias")

    def __init__(
        self,
        units: int,
        recurrent_initializer: str | keras.initializers.Initializer = "orthogonal",
        activation: str | Callable | None = "tanh",
        **kwargs,
    ):
        super().__init__(units, **kwargs)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)
        self.activation = keras.activations.get(activation)

    @property
    def has_default_activations(self) -> bool:
        return self.activation is keras.activations.tanh

    def activate(self, x) -> tf.Tensor:
        return ops.tanh(x) if self.activation is keras.activations.tanh else self.activation(x)

    def build(self, input_shape: tuple) -> None:
        super().build(input_shape)
        size = self.num_gates * self.units
        self.recurrent_kernel = self.add_weight(
            (self.units, size), initializer=self._initial_recurrent_kernel, name="recurrent_kernel",
            **self.rules_of("recurrent"),
        )  # fmt: skip
        if self.layer_norm:
            self.recurrent_gain = self.add_weight((size,), initializer="ones", name="recurrent_gain")

    def _initial_recurrent_kernel(self, shape, dtype=None):
        """Draw `recurrent_kernel` in float32 at least: TensorFlow has no orthogonal matrices of 16 bits."""
        is_short = keras.backend.standardize_dtype(dtype) in ("bfloat16", "float16")
        return ops.cast(self.recurrent_initializer(shape, "float32" if is_short else dtype), dtype)

    def recur(self, state, keep=None) -> tf.Tensor:
        """Multiply a state `[B, H]` by `recurrent_kernel` in the compute dtype; the product has the state's dtype."""
        visible = state if keep is None else state * keep
        product = ops.matmul(ops.cast(visible, self.compute_dtype), ops.cast(self.recurrent_kernel, self.compute_dtype))
        product = ops.cast(product, state.dtype)
        return normalize(product, self.recurrent_gain) if self.layer_norm else product

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "recurrent_initializer": keras.initializers.serialize(self.recurrent_initializer),
            "activation": keras.activations.serialize(self.activation),
        }


class GatedCell(RecurrentKernelCell):
    """A cell with a matrix for its state, and gates between 0 and 1.

    Args:
        recurrent_activation: What stands as sigmoid in the equations, the gates' activation, as `activation`.
    """

    def __init__(self, units: int, recurrent_activation: str | Callable | None = "sigmoid", **kwargs):
        super().__init__(units, **kwargs)
        self.recurrent_activation = keras.activations.get(recurrent_activation)

    @property
    def has_default_activations(self) -> bool:
        return super().has_default_activations and self.recurrent_activation is keras.activations.sigmoid

    def gate(self, x) -> tf.Tensor:
        # Keras's sigmoid hangs its argument on its result, which would keep every step alive.
        is_sigmoid = self.recurrent_activation is keras.activations.sigmoid
        return ops.sigmoid(x) if is_sigmoid else self.recurrent_activation(x)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "recurrent_activation": keras.activations.serialize(self.recurrent_activation),
        }


class LinearCell(Cell):
    """A cell with one state that obeys h_t = a_t * h_{t-1} + b_t, where a and b depend on the inputs alone.

    Its equations are two functions of the gates, a list of G tensors `[..., H]`, of one frame or of all of them:

        linear(gates, *parameters) -> a, b          each [..., H]
        readout(gates, hidden) -> output            [..., H]; the state itself unless overridden

    They belong to the class and see nothing else, so that layers of one kind share what is compiled for them.

    Recurrent dropout drops b: a unit then writes nothing into its state all along the row, and a state that was handed
    over fades as it would (Semeniuta et al., Recurrent dropout without memory loss, 2016,
    https://arxiv.org/abs/1603.05118, with one mask per sequence).

    Args:
        first_gate_bias: Initial bias of the first gate; `bias_initializer` is added.
    """

    is_linear = True
    is_complex = False  # True where h, a and b are complex; states and outputs are real

    def __init__(self, units: int, first_gate_bias: float = 0.0, **kwargs):
        super().__init__(units, **kwargs)
        self.first_gate_bias = first_gate_bias

    def initial_bias(self, shape: tuple, dtype: str | None = None) -> tf.Tensor:
        bias = super().initial_bias(shape, dtype)
        return ops.concatenate([bias[: self.units] + self.first_gate_bias, bias[self.units :]])

    @property
    def parameters(self) -> list[tf.Tensor]:
        """Tensors that `linear` needs beside the gates."""
        return []

    @staticmethod
    def linear(gates: list, *parameters) -> tuple[tf.Tensor, tf.Tensor]:
        raise NotImplementedError("A LinearCell must define linear(gates, *parameters).")

    @staticmethod
    def readout(gates: list, hidden) -> tf.Tensor:
        return hidden

    @staticmethod
    def hidden_of(state: list) -> tf.Tensor:
        """Return h `[B, H]` of the list of states."""
        return state[0]

    @staticmethod
    def state_of(hidden, dtype) -> list[tf.Tensor]:
        """Return the list of states of h `[B, H]`."""
        return [hidden]

    def step(self, gates, state: list, keep=None) -> tuple[tf.Tensor, list[tf.Tensor]]:
        gates = ops.split(gates, self.num_gates, axis=-1)
        a, b = self.linear(gates, *self.parameters)
        hidden = a * state[0] + (b if keep is None else b * keep)
        return self.readout(gates, hidden), [hidden]
