"""LSTM, GRU and SimpleRNN with Keras's signatures, defaults and weights, over the executions of this package.

    from seqapp.rnn.keras_layers import LSTM      # instead of: from keras.layers import LSTM

`get_weights` and `set_weights` exchange weights with `keras.layers`: kernel, recurrent kernel, bias, in Keras's shapes.
Where there is a choice these layers do as Keras's do: only the last output is returned by default, and where a mask
hides a frame the output read before is repeated.
"""

from collections.abc import Callable

import keras
import tensorflow as tf

from seqapp.rnn.cells.cell import Cell
from seqapp.rnn.cells.gru import GRUCell
from seqapp.rnn.cells.lstm import LSTMCell
from seqapp.rnn.cells.simple import SimpleCell
from seqapp.rnn.recurrent import Recurrent

OF_LAYER = ("name", "trainable", "activity_regularizer")  # the other **kwargs are the cell's


class _KerasOrder:
    """Mixin of cells: weights in Keras's order, which is not that of our cells."""

    def build(self, input_shape: tuple) -> None:
        size = self.num_gates * self.units
        self.kernel = self.add_weight(
            (input_shape[-1], size), initializer=self.kernel_initializer, name="kernel", **self.rules_of("kernel")
        )
        self.recurrent_kernel = self.add_weight(
            (self.units, size), initializer=self._initial_recurrent_kernel, name="recurrent_kernel",
            **self.rules_of("recurrent"),
        )  # fmt: skip
        self.bias = None
        if self.use_bias:
            self.build_bias(size)
        self.built = True

    def build_bias(self, size: int) -> None:
        self.bias = self.add_weight((size,), initializer=self.initial_bias, name="bias", **self.rules_of("bias"))


class _LSTMCell(_KerasOrder, LSTMCell):
    same_equations_as = LSTMCell


class _SimpleCell(_KerasOrder, SimpleCell):
    same_equations_as = SimpleCell


class _GRUCell(_KerasOrder, GRUCell):
    """A GRU cell with one bias `[2, 3*H]`, of the inputs and of the state, where it resets after the product."""

    same_equations_as = GRUCell
    both_biases = None

    def build_bias(self, size: int) -> None:
        if not self.reset_after:
            super().build_bias(size)
            return
        self.both_biases = self.add_weight(
            (2, size), initializer=self.bias_initializer, name="bias", **self.rules_of("bias")
        )

    @property
    def bias(self):
        return self._bias if self.both_biases is None else self.both_biases[0]

    @bias.setter
    def bias(self, value):
        self._bias = value

    @property
    def recurrent_bias(self):
        return None if self.both_biases is None else self.both_biases[1]


class _KerasRecurrent(Recurrent):
    """A layer over one of the cells above. Its arguments come in the subclasses, as Keras has them."""

    def __init__(
        self,
        cell_class: type[Cell],
        units: int,
        return_sequences: bool,
        return_state: bool,
        go_backwards: bool,
        stateful: bool,
        unroll: bool,
        zero_output_for_mask: bool,
        execution: str,
        of_cell: dict,
        kwargs: dict,
        use_cudnn: bool | str | None = None,
    ):
        kwargs.pop("implementation", None)  # two ways of one product, which are Keras's own
        if kwargs.pop("layer_norm", False):
            raise ValueError(
                f"{type(self).__name__} has Keras's weights, without gains. Received: layer_norm=True. "
                "Use seqapp.rnn.Recurrent with a cell that has layer_norm=True."
            )
        of_layer = {name: kwargs.pop(name) for name in OF_LAYER if name in kwargs}
        cell = cell_class(units, **of_cell, **kwargs, name=f"{cell_class.__name__.strip('_').lower()}")
        super().__init__(
            cell, "unrolled" if unroll else execution, return_sequences, return_state, go_backwards,
            zero_output_for_mask, **of_layer,
        )  # fmt: skip
        self.units = cell.units
        self.unroll = unroll
        self.stateful = stateful
        if use_cudnn is not None:  # SimpleRNN has none
            self.use_cudnn = use_cudnn
        self._execution_given = execution

    def build(self, sequences_shape: tuple, initial_state_shape: tuple | None = None) -> None:
        super().build(sequences_shape, initial_state_shape)
        if not self.stateful or self.states is not None:
            return
        if sequences_shape[0] is None:
            raise ValueError(
                "stateful=True needs a known number of rows, each with a state of its own. "
                f"Received: inputs of shape {tuple(sequences_shape)}. Give keras.Input(..., batch_size=...)."
            )
        self.states = [
            self.add_weight(
                (sequences_shape[0], size), "zeros", self.cell.variable_dtype, trainable=False, name="state"
            )
            for size in self.cell.state_size
        ]

    def call(self, sequences, initial_state=None, mask=None, training: bool = False):
        if not self.stateful:
            return super().call(sequences, initial_state, mask, training)
        outputs, state = self.run(sequences, self.states if initial_state is None else initial_state, mask, training)
        for variable, value in zip(self.states, state):
            variable.assign(value)
        return self._results(outputs, state, mask)

    def last_read(self, outputs, mask):
        """Return the output of the frame read last; as in Keras zeros where a mask hides it that zeros outputs."""
        last = super().last_read(outputs, mask)
        if mask is None or not self.zero_output_for_mask:
            return last
        of_last = tf.cast(mask[:, :1] if self.go_backwards else mask[:, -1:], tf.bool)
        return tf.where(tf.reduce_any(of_last, axis=1, keepdims=True), last, tf.zeros_like(last))

    @property
    def weights(self) -> list[keras.Variable]:
        """All weights; the state of a stateful layer is none, as in Keras."""
        states = {id(variable) for variable in self.states or []}
        return [weight for weight in super().weights if id(weight) not in states]

    def reset_state(self) -> None:
        """Set the state that a stateful layer keeps to zero."""
        for variable in self.states or []:
            variable.assign(tf.zeros_like(variable.value))

    reset_states = reset_state

    def get_config(self) -> dict:
        of_recurrent = super().get_config()
        cell = of_recurrent.pop("cell")["config"]
        del cell["layer_norm"], cell["name"], cell["trainable"], cell["dtype"]
        options = {"stateful": self.stateful, "unroll": self.unroll, "execution": self._execution_given}
        if hasattr(self, "use_cudnn"):
            options["use_cudnn"] = self.use_cudnn
        return {**cell, **of_recurrent, **options}

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "_KerasRecurrent":
        with keras.saving.custom_object_scope(custom_objects or {}):
            return cls(**config)


@keras.saving.register_keras_serializable("seqapp")
class LSTM(_KerasRecurrent):
    """Long short-term memory with the signature of `keras.layers.LSTM`.

    Args:
        units: Size H of the states.
        execution: As for `Recurrent`; `unroll=True` stands for `"unrolled"`.
        use_cudnn: Kept for Keras's sake and not used: `execution` chooses.
        **kwargs: Initializers, regularizers and constraints under Keras's names, `dropout`, `recurrent_dropout`,
            `seed`, and the options of a Keras layer.

    Call arguments:
        inputs: Float `[B, T, F]`.
        initial_state: List of float `[B, H]`, h and c.
        mask: Bool `[B, T]`.

    Output shape: `[B, H]`, or `[B, T, H]` with `return_sequences`.
    """

    def __init__(
        self,
        units: int,
        activation: str | Callable | None = "tanh",
        recurrent_activation: str | Callable | None = "sigmoid",
        use_bias: bool = True,
        *,
        unit_forget_bias: bool = True,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        use_cudnn: bool | str = "auto",
        execution: str = "auto",
        **kwargs,
    ):
        of_cell = {
            "activation": activation, "recurrent_activation": recurrent_activation, "use_bias": use_bias,
            "unit_forget_bias": unit_forget_bias,
        }  # fmt: skip
        super().__init__(
            _LSTMCell, units, return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask,
            execution, of_cell, kwargs, use_cudnn,
        )  # fmt: skip


@keras.saving.register_keras_serializable("seqapp")
class GRU(_KerasRecurrent):
    """Gated recurrent unit with the signature of `keras.layers.GRU`; arguments as for `LSTM`.

    Args:
        reset_after: Apply the reset gate after the recurrent product; the bias is `[2, 3*H]` then, else `[3*H]`.
    """

    def __init__(
        self,
        units: int,
        activation: str | Callable | None = "tanh",
        recurrent_activation: str | Callable | None = "sigmoid",
        use_bias: bool = True,
        *,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        reset_after: bool = True,
        use_cudnn: bool | str = "auto",
        execution: str = "auto",
        **kwargs,
    ):
        of_cell = {
            "activation": activation, "recurrent_activation": recurrent_activation, "use_bias": use_bias,
            "reset_after": reset_after,
        }  # fmt: skip
        super().__init__(
            _GRUCell, units, return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask,
            execution, of_cell, kwargs, use_cudnn,
        )  # fmt: skip


@keras.saving.register_keras_serializable("seqapp")
class SimpleRNN(_KerasRecurrent):
    """Simple recurrent unit with the signature of `keras.layers.SimpleRNN`; arguments as for `LSTM`."""

    def __init__(
        self,
        units: int,
        activation: str | Callable | None = "tanh",
        use_bias: bool = True,
        *,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        execution: str = "auto",
        **kwargs,
    ):
        of_cell = {"activation": activation, "use_bias": use_bias}
        super().__init__(
            _SimpleCell, units, return_sequences, return_state, go_backwards, stateful, unroll, zero_output_for_mask,
            execution, of_cell, kwargs,
        )  # fmt: skip
