"""Recurrent layer workload: our executions, layers of Keras and PyTorch, and the matmuls alone as a lower bound."""

import functools
from collections.abc import Callable

import keras
import tensorflow as tf

from seqapp.benchmark import peers
from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS
from seqapp.rnn.execution.choose import legal_executions

AXES = "B, T, F, H"
EXECUTIONS = ("loop", "parallel_scan", "chunkwise", "fused", "inference")  # unrolled takes minutes to compile
KERAS_LAYERS = ("LSTM", "GRU", "SimpleRNN")


def work(batch: int, frames: int, units: int, threads: int) -> dict[str, Callable]:
    """Name to a function that builds `(shape, forward, step)`.

    A forward pass gives all outputs; a step adds the gradients of inputs and weights for a fixed gradient of the
    outputs.
    """
    inputs = tf.random.stateless_normal([batch, frames, units], seed=[1, 2])
    layers = {}
    for name, make_cell in CELLS.items():
        legal = legal_executions(make_cell(1))
        for execution in ("auto", *(e for e in EXECUTIONS if e in legal)):
            layers[f"{name} ({execution})"] = functools.partial(_recurrent, make_cell, units, execution)
    layers["min_gru (auto, XLA)"] = layers["min_gru (auto)"]
    # All that min_gru multiplies: its two gates of H units each, forward, and for inputs and weights backward.
    matmuls = functools.partial(keras.layers.Dense, 2 * units, use_bias=False)
    layers |= {"matmuls of min_gru alone": matmuls, "matmuls of min_gru alone, XLA": matmuls}
    layers |= {f"keras.layers.{name}": functools.partial(_keras, name, units) for name in KERAS_LAYERS}
    ours = {name: functools.partial(_runs, make, inputs, units, "XLA" in name) for name, make in layers.items()}
    return ours | peers.torch_recurrent(batch, frames, units, threads)


def _recurrent(make_cell, units, execution):
    return Recurrent(make_cell(units), execution)


def _keras(name, units):
    return getattr(keras.layers, name)(units, return_sequences=True)


def _runs(make_layer, inputs, units, jit_compile):
    layer = make_layer()
    layer.build(inputs.shape)
    weights = [v.value for v in layer.trainable_variables]
    upstream = tf.random.stateless_normal(layer.compute_output_shape(inputs.shape), seed=[3, 4])

    @tf.function(jit_compile=jit_compile, autograph=False)
    def forward():
        return layer(inputs)

    @tf.function(jit_compile=jit_compile, autograph=False)
    def step():
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=True)
        # The outputs too: a graph drops what nobody asks for, and the gradients of a matmul need no forward pass.
        return outputs, tape.gradient(outputs, [inputs, *weights], upstream)

    return [*inputs.shape, units], finished(forward), finished(step)


def finished(run: Callable) -> Callable:
    """Wrap a function so that it returns when it is done: a GPU returns before."""

    def wait():
        run()
        tf.test.experimental.sync_devices()

    return wait
