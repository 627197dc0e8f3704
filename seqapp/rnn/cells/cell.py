"""Base classes of recurrent cells: the equations of one step, apart from how a sequence is run."""

import numbers

import keras
import tensorflow as tf
from keras import ops

from seqapp.rnn.cells.affine import affine
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
        inputs = tf.cast(inputs, self.compute_dtype)
        if not self.layer_norm:
            return affine(inputs, self.kernel, self.bias)
        gates = ops.cast(affine(inputs, self.kernel, None), self.variable_dtype)
        gates = ops.cast(normalize(gates, self.gain), inputs.dtype)
        return tf.nn.bias_add(gates, ops.cast(self.bias, inputs.dtype)) if self.use_bias else gates

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


def equations_of(cell: Cell) -> type[Cell]:
    """Return the class whose equations a cell has: its own, unless the very class names another."""
    return vars(type(cell)).get("same_equations_as", type(cell))
