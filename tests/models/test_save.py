"""What is saved computes the same, remembers no gradient, and nobody who loads it is warned of that."""

import logging

import tensorflow as tf

from seqapp.models.save import GRADIENT, save
from seqapp.rnn import Recurrent
from seqapp.rnn.cells import MinGRUCell


def test_a_graph_without_its_gradients_computes_the_same(tmp_path, caplog):
    layer, inputs = Recurrent(MinGRUCell(4), "parallel_scan"), tf.random.stateless_normal([2, 5, 3], [0, 1])
    expected, module = layer(inputs), tf.Module()
    module.variables_ = [variable.value for variable in layer.variables]
    function = tf.function(lambda inputs: {"outputs": layer(inputs)}, input_signature=[tf.TensorSpec([None, None, 3])])
    save(module, tmp_path / "model", {"serving_default": function})
    assert GRADIENT.encode() not in (tmp_path / "model" / "saved_model.pb").read_bytes()
    with caplog.at_level(logging.WARNING):
        loaded = tf.saved_model.load(str(tmp_path / "model"))
    assert not caplog.records
    tf.debugging.assert_near(loaded.signatures["serving_default"](inputs)["outputs"], expected)
