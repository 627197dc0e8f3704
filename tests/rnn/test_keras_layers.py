"""The layers of `seqapp.rnn.keras_layers` do what those of `keras.layers` do with the same weights.

Checklist, after what Keras tests of its LSTM, GRU and SimpleRNN:

- weights in number, order and shape, and their exchange;
- outputs and states for sequences or the last frame, forward and backward, unrolled;
- a mask in the middle and at the ends, which zeros the output or repeats the one before;
- stateful from batch to batch, with a reset;
- every regularizer, constraint and initializer under its name; config and saving;
- Keras's wrapper for both directions; gradients.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import keras_layers

UNITS, NUM_FEATURES, NUM_FRAMES = 4, 3, 6
RNG = np.random.default_rng(0)
INPUTS = RNG.normal(size=(3, NUM_FRAMES, NUM_FEATURES)).astype(np.float32)
MASK = np.array([[1, 1, 0, 1, 0, 0], [0, 0, 1, 1, 1, 1], [0] * 6], bool)
KINDS = ("LSTM", "GRU", "SimpleRNN")
every_kind = pytest.mark.parametrize("kind", KINDS)


def pair(kind, **options):
    """Ours and Keras's with the same random weights."""
    ours = getattr(keras_layers, kind)(UNITS, **options)
    theirs = getattr(keras.layers, kind)(UNITS, **options)
    for layer in (ours, theirs):
        layer.build(INPUTS.shape)
    exchange(theirs, ours)
    return ours, theirs


def exchange(theirs, ours):
    weights = [RNG.normal(size=w.shape) for w in theirs.get_weights()]
    theirs.set_weights(weights)
    ours.set_weights(theirs.get_weights())


def assert_close(received, expected, tolerance=1e-5):
    for r, e in zip(tf.nest.flatten(received), tf.nest.flatten(expected), strict=True):
        np.testing.assert_allclose(r, e, rtol=tolerance, atol=tolerance)


OPTIONS = [
    {"return_sequences": True, "return_state": True},
    {"return_sequences": True, "go_backwards": True, "unroll": True},
    {"return_sequences": True, "go_backwards": True, "zero_output_for_mask": True},
    {"return_state": True, "use_bias": False},
    {"zero_output_for_mask": True},
    {"zero_output_for_mask": True, "go_backwards": True},
    {"activation": "relu", "return_sequences": True},
]
OF_ONE = [("GRU", {"reset_after": False}), ("LSTM", {"recurrent_activation": "hard_sigmoid"})]


@pytest.mark.parametrize(("kind", "options"), [(k, o) for k in KINDS for o in OPTIONS] + OF_ONE)
def test_equals_the_layer_of_keras(kind, options):
    """A row without a frame gives zeros or Keras's repeated zeros; states are held."""
    ours, theirs = pair(kind, **options)
    assert [w.shape for w in ours.get_weights()] == [w.shape for w in theirs.get_weights()]
    assert [v.name for v in ours.weights] == [v.name for v in theirs.weights]
    assert_close(ours(INPUTS), theirs(INPUTS))
    assert_close(ours(INPUTS, mask=MASK), theirs(INPUTS, mask=tf.constant(MASK)))


@every_kind
def test_weights_go_back_to_keras(kind):
    ours, theirs = pair(kind)
    ours.set_weights([0.5 * w for w in ours.get_weights()])
    theirs.set_weights(ours.get_weights())
    assert_close(ours(INPUTS), theirs(INPUTS))


@every_kind
def test_fused_trains_it(kind):
    """Outputs and gradients of the derived backward pass, which `auto` takes in training, are Keras's."""
    options = {"return_sequences": True}
    theirs = getattr(keras.layers, kind)(UNITS, **options)
    ours = getattr(keras_layers, kind)(UNITS, execution="fused", **options)
    results = []
    for layer in (theirs, ours):
        layer.build(INPUTS.shape)
    exchange(theirs, ours)
    for layer in (theirs, ours):
        with tf.GradientTape() as tape:
            outputs = layer(INPUTS, training=True)
            loss = tf.reduce_sum(outputs**2)
        results.append([outputs, *tape.gradient(loss, [v.value for v in layer.trainable_variables])])
    assert_close(results[1], results[0], 1e-4)


@every_kind
def test_stateful_goes_on_where_the_batch_before_ended(kind):
    ours, theirs = pair(kind, stateful=True, return_sequences=True)
    assert_close([ours(INPUTS), ours(INPUTS)], [theirs(INPUTS), theirs(INPUTS)])
    ours.reset_state()
    theirs.reset_state()
    assert_close(ours(INPUTS), theirs(INPUTS))
    model = keras.Sequential([keras.Input((None, NUM_FEATURES), batch_size=3), ours])
    first = model.predict(INPUTS, batch_size=3, verbose=0)
    assert not np.allclose(model.predict(INPUTS, batch_size=3, verbose=0), first)


def test_stateful_needs_to_know_the_number_of_rows():
    with pytest.raises(ValueError, match=r"stateful.*Received.*None.*batch_size"):
        keras_layers.LSTM(2, stateful=True)(keras.Input((None, 3)))


def test_options_come_under_the_names_of_keras_and_stay_in_the_config(tmp_path):
    options = {f"{weight}_regularizer": "l2" for weight in ("kernel", "recurrent", "bias")}
    options |= {f"{weight}_constraint": "max_norm" for weight in ("kernel", "recurrent", "bias")}
    options |= {f"{weight}_initializer": "ones" for weight in ("kernel", "recurrent", "bias")}
    options |= {"activity_regularizer": "l1", "dropout": 0.1, "recurrent_dropout": 0.2, "seed": 3}
    ours, theirs = keras_layers.GRU(UNITS, **options), keras.layers.GRU(UNITS, **options)
    model = keras.Sequential([keras.Input((None, NUM_FEATURES)), ours])
    theirs.build(INPUTS.shape)
    assert_close(ours.get_weights(), theirs.get_weights())
    assert_close(sum(ours.losses), sum(theirs.losses))
    assert_close(ours(INPUTS), theirs(INPUTS))
    config = keras_layers.GRU.from_config(ours.get_config()).get_config()
    assert config == ours.get_config()
    model.save(tmp_path / "model.keras")
    assert_close(keras.models.load_model(tmp_path / "model.keras")(INPUTS), model(INPUTS))


@pytest.mark.parametrize("merge_mode", ["concat", "mul"])
def test_the_wrapper_of_keras_takes_it(merge_mode):
    ours, theirs = (
        keras.layers.Bidirectional(module.LSTM(UNITS, return_sequences=True), merge_mode=merge_mode)
        for module in (keras_layers, keras.layers)
    )
    for layer in (ours, theirs):
        layer.build(INPUTS.shape)
    exchange(theirs, ours)
    assert_close(ours(INPUTS), theirs(INPUTS))


def test_gains_are_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"LSTM has Keras's weights.*layer_norm=True.*Recurrent"):
        keras_layers.LSTM(2, layer_norm=True)
