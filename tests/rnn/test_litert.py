"""Models with our layers convert to LiteRT: one row, an unknown number of frames, LiteRT's own operations only.

Batch sizes must be known: LiteRT, as for Keras's own layers, holds no list of tensors of unknown size.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from seqapp.rnn import Bidirectional, Recurrent
from seqapp.rnn.cells import CELLS, GRUCell, LSTMCell, MinGRUCell
from tests.pairwise import mostly_slow

UNITS, NUM_FEATURES = 3, 2
SIGNATURE = [tf.TensorSpec([1, None, NUM_FEATURES])]


def sequential(*layers):
    return keras.Sequential([keras.Input((None, NUM_FEATURES), batch_size=1), *layers])


def converted(model):
    """The model as LiteRT's flat buffer, of built-in operations: the converter's default refuses others."""
    function = tf.function(lambda inputs: model(inputs), input_signature=SIGNATURE)
    frozen = convert_variables_to_constants_v2(function.get_concrete_function())
    return tf.lite.TFLiteConverter.from_concrete_functions([frozen]).convert()


def exported(model, folder):
    path = folder / "model.tflite"
    model.export(path, format="litert", input_signature=SIGNATURE, verbose=False)
    return path.read_bytes()


def assert_runs_alike(content, model):
    """At two lengths: a single frame, and more than two chunks of the scan."""
    interpreter = tf.lite.Interpreter(model_content=content)
    index = interpreter.get_input_details()[0]["index"]
    for num_frames in (1, 37):
        inputs = np.random.default_rng(num_frames).normal(size=(1, num_frames, NUM_FEATURES)).astype(np.float32)
        interpreter.resize_tensor_input(index, inputs.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(index, inputs)
        interpreter.invoke()
        received = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        np.testing.assert_allclose(received, model(inputs), rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", mostly_slow(CELLS, ["lstm", "min_gru"]))
def test_every_cell_converts(name):
    """LiteRT has no complex numbers and no triangular systems: cells with those in their executions go by the loop."""
    execution = "loop" if name in ("lru", "mamba2", "gated_delta") else "auto"
    model = sequential(Recurrent(CELLS[name](UNITS), execution))
    assert_runs_alike(converted(model), model)


@pytest.mark.slow
def test_linear_cells_convert_by_the_loop_too():
    model = sequential(*[Recurrent(cell(UNITS), "loop") for cell in CELLS.values() if cell.is_linear])
    assert_runs_alike(converted(model), model)


def test_options_convert():
    """A mask, layer normalisation, the GRU of the paper, reading backwards, and the last output alone."""
    model = sequential(
        keras.layers.Masking(),
        Recurrent(LSTMCell(UNITS, layer_norm=True)),
        Recurrent(GRUCell(UNITS, reset_after=False), go_backwards=True),
        Recurrent(MinGRUCell(UNITS), "loop", go_backwards=True, return_sequences=False),
    )
    assert_runs_alike(converted(model), model)


@pytest.mark.slow
def test_both_directions_are_exported_by_keras(tmp_path):
    """Ours and Keras's own wrapper. Keras allows other operations; the interpreter, which has none, runs it."""
    model = sequential(
        Bidirectional(LSTMCell(UNITS), GRUCell(UNITS)), keras.layers.Bidirectional(Recurrent(GRUCell(UNITS)))
    )
    assert_runs_alike(exported(model, tmp_path), model)


@pytest.mark.slow
def test_what_was_trained_by_fused_converts_by_auto():
    """`fused` is XLA's, which LiteRT has not; the layer's execution may be changed at any time."""
    model = sequential(Recurrent(MinGRUCell(UNITS), "fused"))
    model.layers[0].execution = "auto"
    assert_runs_alike(converted(model), model)


@pytest.mark.slow
def test_an_lstm_trained_by_fused_converts_as_it_is():
    """Outside of training it takes plain operations, behind a mask too."""
    model = sequential(keras.layers.Masking(), Recurrent(LSTMCell(UNITS), "fused"), Recurrent(MinGRUCell(UNITS)))
    assert_runs_alike(converted(model), model)


def test_unrolled_says_that_it_needs_a_known_number_of_frames():
    with pytest.raises(ValueError, match=r"(?s)unrolled.*known number of frames.*loop"):
        converted(sequential(Recurrent(LSTMCell(UNITS), "unrolled")))
