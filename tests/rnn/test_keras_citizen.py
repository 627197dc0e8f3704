"""The layer behaves as a Keras user expects of `keras.layers.LSTM`: models, wrappers, masks, states, saving, errors.

The points are those of Keras's own tests of its recurrent layers, and of what its guides promise of any layer.
"""

import copy
import functools
import itertools
import pickle

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Bidirectional, Recurrent
from seqapp.rnn.cells import CELLS, GRUCell, LSTMCell, MinGRUCell, SimpleCell, SRUCell
from tests.pairwise import every_pair, every_value, mostly_slow

UNITS, NUM_FEATURES, NUM_FRAMES, LENGTHS = 4, 3, 6, [6, 2, 4, 1, 5]
RNG = np.random.default_rng(0)
INPUTS = RNG.normal(size=(len(LENGTHS), NUM_FRAMES, NUM_FEATURES)).astype(np.float32)
TARGETS = RNG.normal(size=(len(LENGTHS), NUM_FRAMES, 1)).astype(np.float32)
MASK = np.arange(NUM_FRAMES) < np.array(LENGTHS)[:, np.newaxis]
PADDED = np.where(MASK[:, :, np.newaxis], INPUTS, 0.0)  # what keras.layers.Masking hides
every_cell = pytest.mark.parametrize("name", CELLS)
either = functools.partial(pytest.mark.parametrize, argvalues=[False, True])


def make_layer(name="lstm", **options):
    """By the loop: how a layer is run makes no difference to Keras, and this one is traced fastest."""
    return Recurrent(CELLS[name](UNITS), "loop", **options)


def assert_close(received, expected, tolerance=1e-6):
    for r, e in zip(tf.nest.flatten(received), tf.nest.flatten(expected), strict=True):
        np.testing.assert_allclose(r, e, rtol=tolerance, atol=tolerance)


def shapes(tensors):
    return [tuple(t.shape) for t in tf.nest.flatten(tensors)]


# ---- Models


class Subclassed(keras.Model):
    def __init__(self, layers):
        super().__init__()
        self.steps = layers

    def call(self, inputs, training=False):
        return functools.reduce(lambda x, layer: layer(x), self.steps, inputs)


def functional(layers):
    inputs = keras.Input((None, NUM_FEATURES))
    return keras.Model(inputs, functools.reduce(lambda x, layer: layer(x), layers, inputs))


def small_model(make_model=functional, **options):
    keras.utils.set_random_seed(0)
    model = make_model([keras.layers.Masking(), make_layer(), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse", **options)
    return model


def fit(model):
    """Losses of three epochs, the last batch of which is smaller."""
    return model.fit(PADDED, TARGETS, batch_size=3, epochs=3, shuffle=False, verbose=0).history["loss"]


@functools.cache
def expected_losses():
    """What every model learns, of plain eager operations."""
    return fit(small_model(run_eagerly=True))


def test_it_learns():
    assert expected_losses()[2] < 0.95 * expected_losses()[0]


@pytest.mark.parametrize("make_model", mostly_slow([keras.Sequential, functional, Subclassed], [functional]))
def test_every_kind_of_model_learns_the_same(make_model):
    assert_close(fit(small_model(make_model)), expected_losses(), 1e-5)


def test_xla_learns_the_same():
    assert_close(fit(small_model(jit_compile=True)), expected_losses(), 1e-5)


def test_predict_takes_an_unequal_last_batch():
    model = small_model()
    assert_close(model.predict(PADDED, batch_size=3, verbose=0), model(PADDED))


def test_masked_frames_do_not_count_in_the_loss():
    model = small_model()
    errors = (model(PADDED).numpy() - TARGETS)[..., 0] ** 2
    loss = model.evaluate(PADDED, np.where(MASK[:, :, np.newaxis], TARGETS, 1e6), batch_size=len(PADDED), verbose=0)
    assert_close(loss, errors[MASK].sum() / MASK.sum(), 1e-5)


def test_trains_from_tf_data_with_a_length_for_every_batch():
    rows = [(PADDED[k, :length], TARGETS[k, :length]) for k, length in enumerate(LENGTHS)]
    signature = (tf.TensorSpec([None, NUM_FEATURES]), tf.TensorSpec([None, 1]))
    data = tf.data.Dataset.from_generator(lambda: iter(rows), output_signature=signature).padded_batch(2)
    model = small_model()
    losses = model.fit(data, epochs=2, verbose=0).history["loss"]
    assert losses[1] < losses[0]
    assert shapes(model.predict(data.map(lambda x, _: x).take(1), verbose=0)) == [(2, 6, 1)]


def test_one_layer_used_twice_shares_its_weights():
    first, second = keras.Input((None, NUM_FEATURES)), keras.Input((None, NUM_FEATURES))
    layer = make_layer()
    model = keras.Model([first, second], layer(first) + layer(second))
    assert len(model.weights) == 3
    assert_close(model([INPUTS, INPUTS]), 2 * layer(INPUTS))


def test_a_frozen_layer_does_not_learn():
    model = small_model()
    layer = model.layers[2]
    layer.trainable = False
    model.compile("sgd", "mse")
    before = layer.get_weights()
    model.fit(PADDED, TARGETS, verbose=0)
    assert_close(layer.get_weights(), before, 0)
    assert not layer.trainable_variables and len(layer.non_trainable_variables) == 3


def test_gradients_are_the_same_where_activations_are_computed_again():
    """Eagerly: in a graph Keras's own LSTM fails in RematScope too, by keyword arguments."""

    def gradients(mode):
        keras.utils.set_random_seed(0)
        with keras.RematScope(mode=mode):
            layer = make_layer()
            layer.build(INPUTS.shape)
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(layer(INPUTS) ** 2)
        return tape.gradient(loss, [v.value for v in layer.trainable_variables])

    assert_close(gradients("full"), gradients(None))


# ---- Keras's wrappers


def both_directions(wrapper):
    """Outputs of the two layers inside, at their own frames."""
    forward, backward = (layer(INPUTS, mask=MASK) for layer in (wrapper.forward_layer, wrapper.backward_layer))
    return forward, tf.reverse(backward, [1]) if wrapper.return_sequences else backward


MERGES = {
    "concat": lambda x, y: tf.concat([x, y], -1), "sum": lambda x, y: x + y, "ave": lambda x, y: (x + y) / 2,
    "mul": lambda x, y: x * y, None: lambda x, y: (x, y),
}  # fmt: skip


@every_value(("merge_mode", "return_sequences"), itertools.product(MERGES, [False, True]))
def test_keras_bidirectional_merges(merge_mode, return_sequences):
    wrapper = keras.layers.Bidirectional(make_layer(return_sequences=return_sequences), merge_mode)
    received = wrapper(INPUTS, mask=MASK)
    assert_close(received, MERGES[merge_mode](*both_directions(wrapper)))
    symbolic = wrapper(keras.layers.Masking()(keras.Input((None, NUM_FEATURES))))
    assert [s[1:-1] for s in shapes(symbolic)] == [(None,) * return_sequences] * len(tf.nest.flatten(received))
    assert [s[-1] for s in shapes(symbolic)] == [s[-1] for s in shapes(received)]


def test_keras_bidirectional_with_a_backward_layer_of_its_own():
    backward = make_layer("min_gru", go_backwards=True)
    wrapper = keras.layers.Bidirectional(make_layer("lstm"), backward_layer=backward)
    assert_close(wrapper(INPUTS, mask=MASK), tf.concat(both_directions(wrapper), -1))
    assert isinstance(wrapper.backward_layer.cell, MinGRUCell)


def test_keras_bidirectional_hands_initial_states_to_both():
    wrapper, state = keras.layers.Bidirectional(make_layer()), [k * np.ones((5, UNITS), np.float32) for k in range(4)]
    received = wrapper(INPUTS, initial_state=state)
    forward = wrapper.forward_layer(INPUTS, initial_state=state[:2])
    backward = wrapper.backward_layer(INPUTS, initial_state=state[2:])
    assert_close(received, tf.concat([forward, backward[:, ::-1]], -1))


@either("return_sequences")
def test_keras_bidirectional_returns_the_states_of_both(return_sequences):
    layer = make_layer(return_sequences=return_sequences, return_state=True)
    outputs, *states = keras.layers.Bidirectional(layer)(INPUTS, mask=MASK)
    assert shapes(states) == [(5, UNITS)] * 4 and outputs.shape[-1] == 2 * UNITS
    symbolic = keras.layers.Bidirectional(layer)(keras.Input((None, NUM_FEATURES)))
    assert shapes(symbolic)[1:] == [(None, UNITS)] * 4


@every_value(("name", "go_backwards"), itertools.product(CELLS, [False, True]))
def test_keras_runs_our_cells_with_a_mask_as_we_do(name, go_backwards):
    layer = make_layer(name, return_state=True, go_backwards=go_backwards)
    options = {"return_sequences": True, "return_state": True, "zero_output_for_mask": True}
    twin = keras.layers.RNN(layer.cell, go_backwards=go_backwards, **options)
    assert_close(twin(INPUTS, mask=MASK), layer(INPUTS, mask=MASK))


@pytest.mark.parametrize("names", [("lstm", "gru"), ("min_gru", "sru")])
def test_stacked_cells_equal_a_stack_of_layers(names):
    cells = [CELLS[name](size) for name, size in zip(names, (3, 4))]
    stack = keras.layers.RNN(cells, return_sequences=True)
    received = stack(INPUTS)
    assert_close(received, Recurrent(cells[1], "loop")(Recurrent(cells[0], "loop")(INPUTS)))
    again = keras.layers.RNN.from_config(stack.get_config())
    again.build(INPUTS.shape)
    again.set_weights(stack.get_weights())
    assert_close(again(INPUTS), received)


@either("return_sequences")
def test_time_distributed_runs_the_layer_once_a_step(return_sequences):
    """Words of characters: `[B, words, characters, F]`."""
    words = RNG.normal(size=(2, 5, NUM_FRAMES, NUM_FEATURES)).astype(np.float32)
    layer = make_layer(return_sequences=return_sequences)
    inputs = keras.Input((None, NUM_FRAMES, NUM_FEATURES))
    model = keras.Model(inputs, keras.layers.TimeDistributed(layer)(inputs))
    expected = np.stack([layer(words[:, k]) for k in range(5)], axis=1)
    assert_close(model(words), expected)


def test_time_distributed_after_the_layer_keeps_its_mask():
    outputs = keras.layers.TimeDistributed(keras.layers.Dense(2))(make_layer()(keras.layers.Masking()(PADDED)))
    np.testing.assert_array_equal(outputs._keras_mask, MASK)


# ---- Masks


def test_padding_of_an_embedding_changes_nothing():
    keras.utils.set_random_seed(0)
    layers = [make_layer(), make_layer("gru", go_backwards=True), make_layer("min_gru", return_sequences=False)]
    model = keras.Sequential([keras.layers.Embedding(9, 3, mask_zero=True), *layers])
    padded = model(np.array([[3, 1, 4, 0, 0], [5, 0, 0, 0, 0]]))
    assert_close(padded[:1], model(np.array([[3, 1, 4]])))
    assert_close(padded[1:], model(np.array([[5]])))


@either("go_backwards")
def test_a_hidden_frame_is_as_one_that_never_was(go_backwards):
    mask = np.array([[True, False, True, True, False, True]])
    layer = make_layer(go_backwards=go_backwards, return_sequences=False, return_state=True)
    assert_close(layer(INPUTS[:1], mask=mask), layer(INPUTS[:1][mask][np.newaxis]))


@pytest.mark.parametrize("dtype", [bool, np.int32, np.float32])
def test_a_mask_of_any_dtype(dtype):
    layer = make_layer()
    assert_close(layer(INPUTS, mask=MASK.astype(dtype)), layer(PADDED, mask=tf.constant(MASK)))


@every_pair(("return_sequences", "return_state", "go_backwards"), itertools.product([False, True], repeat=3))
def test_every_combination_returns_what_keras_returns(return_sequences, return_state, go_backwards):
    options = {"return_sequences": return_sequences, "return_state": return_state, "go_backwards": go_backwards}
    layer, twin = make_layer(**options), keras.layers.LSTM(UNITS, **options)
    twin.build(INPUTS.shape)
    layer.build(INPUTS.shape)
    kernel, bias, recurrent_kernel = layer.get_weights()
    twin.set_weights([kernel, recurrent_kernel, bias])
    received, expected = layer(INPUTS), twin(INPUTS)
    assert type(received) is type(expected)
    assert_close(received, expected, 1e-5)
    inputs = keras.layers.Masking()(keras.Input((None, NUM_FEATURES)))
    declared, expected = tf.nest.flatten(layer(inputs)), tf.nest.flatten(twin(inputs))
    assert shapes(declared) == shapes(expected)
    masked = [hasattr(t, "_keras_mask") for t in expected]
    assert [getattr(t, "_keras_mask", None) is not None for t in declared] == masked
    for shape in ((5, NUM_FRAMES, NUM_FEATURES), (None, None, NUM_FEATURES)):
        assert layer.compute_output_shape(shape) == twin.compute_output_shape(shape)


# ---- States


def test_states_can_be_given_as_tensor_array_list_or_tuple():
    layer = make_layer("min_gru")
    state = np.ones((5, UNITS), np.float32)
    expected = layer(INPUTS, initial_state=[tf.constant(state)])
    for given in (state, [state], (state,), tf.constant(state)):
        assert_close(layer(INPUTS, initial_state=given), expected)
    assert_close(layer(INPUTS, initial_state=layer.get_initial_state(5)), layer(INPUTS))


def encoder_decoder():
    """The encoder's states, which are symbolic, start the decoder."""
    keras.utils.set_random_seed(0)
    source, target = keras.Input((None, NUM_FEATURES), name="source"), keras.Input((None, 2), name="target")
    _, *state = make_layer(return_state=True)(keras.layers.Masking()(source))
    outputs, *_ = make_layer(return_state=True)(target, initial_state=state)
    return keras.Model([source, target], keras.layers.Dense(1)(outputs))


def test_an_encoder_starts_a_decoder(tmp_path):
    model, target = encoder_decoder(), RNG.normal(size=(5, 3, 2)).astype(np.float32)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    losses = model.fit([PADDED, target], TARGETS[:, :3], epochs=2, verbose=0).history["loss"]
    assert losses[1] < losses[0]
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert_close(again([PADDED, target]), model([PADDED, target]))
    assert not np.allclose(model([PADDED, target]), model([0 * PADDED, target])), "the decoder hears the encoder"


def test_stateful_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"stateful.*initial_state"):
        make_layer(stateful=True)


# ---- Saving


class DoubledCell(SimpleCell):
    """A user's own cell, registered nowhere."""

    def step(self, gates, state, keep=None):
        return super().step(2.0 * gates, state, keep)


@pytest.fixture(scope="module")
def everything():
    """A model with a layer of each kind, which has learned a little."""
    keras.utils.set_random_seed(0)
    layers = [
        keras.layers.Masking(), keras.layers.Bidirectional(make_layer(), merge_mode="sum"),
        Bidirectional(GRUCell(2), SRUCell(3), "loop"), make_layer("rg_lru", go_backwards=True),
        keras.layers.RNN([LSTMCell(3), GRUCell(2, reset_after=False)], return_sequences=True),
        make_layer("min_lstm", return_sequences=False),
    ]  # fmt: skip
    return functional(layers)


def through_keras(model, folder):
    model.save(folder / "model.keras")
    return keras.models.load_model(folder / "model.keras")


def through_weights(model, folder):
    model.save_weights(folder / "model.weights.h5")
    again = keras.models.model_from_json(model.to_json())
    again.load_weights(folder / "model.weights.h5")
    return again


def through_export(model, folder):
    model.export(folder, verbose=False)
    exported = tf.saved_model.load(folder)
    return lambda inputs: exported.serve(inputs)  # which holds the variables: the function alone would not


def through_clone(model, folder):
    again = keras.models.clone_model(model)
    again.set_weights(model.get_weights())
    return again


WAYS = [
    through_keras, through_weights, through_export, through_clone, lambda model, _: copy.deepcopy(model),
    lambda model, _: pickle.loads(pickle.dumps(model)),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=["keras", "weights", "export", "clone", "deepcopy", "pickle"])
def test_a_saved_model_comes_back(everything, way, tmp_path):
    assert_close(way(everything, tmp_path)(PADDED), everything(PADDED))


def test_every_weight_has_a_path_of_its_own(everything):
    paths = [v.path for v in everything.weights]
    assert len(set(paths)) == len(paths) == 6 + 6 + 3 + 6 + 2


def test_a_cell_of_the_user_is_saved_with_custom_objects():
    layer = Recurrent(DoubledCell(UNITS), "loop")
    again = Recurrent.from_config(layer.get_config(), custom_objects={"DoubledCell": DoubledCell})
    again.build(INPUTS.shape)
    layer.build(INPUTS.shape)
    again.set_weights(layer.get_weights())
    assert_close(again(INPUTS), layer(INPUTS))
    assert not np.allclose(layer(INPUTS), Recurrent(SimpleCell(UNITS))(INPUTS))


# ---- Weights and their options


@every_cell
def test_counts_its_parameters(name):
    """By hand: inputs and recurrent product with a bias each, and what a cell has of its own."""
    gates = {"simple": 1, "lstm": 4, "gru": 3, "min_gru": 2, "min_lstm": 3, "rg_lru": 3, "sru": 4, "lru": 2}
    # Those of a matrix state: value and gate, key and query, and a decay, and perhaps a strength, of one head.
    of_gates = {"mamba2": 2 * UNITS + 64 + 1, "gated_delta": 2 * UNITS + 64 + 2}.get(name) or gates[name] * UNITS
    recurrent = UNITS * of_gates if name in ("simple", "lstm", "gru") else 0
    own = {"gru": of_gates, "rg_lru": UNITS, "lru": 3 * UNITS, "mamba2": 2 * UNITS + 1, "gated_delta": UNITS + 1}
    layer = make_layer(name)
    layer.build((None, None, NUM_FEATURES))
    assert layer.count_params() == (NUM_FEATURES + 1) * of_gates + recurrent + own.get(name, 0)


def test_the_summary_shows_shapes_and_parameters():
    lines = []
    small_model().summary(print_fn=lambda line, **_: lines.append(line))
    text = "\n".join(lines)
    assert "Recurrent" in text and "(None, None, 4)" in text and "128" in text


def test_building_twice_makes_no_second_weights():
    layer = make_layer()
    layer.build((None, None, NUM_FEATURES))
    before = [v.path for v in layer.weights]
    layer(INPUTS)
    layer.build(INPUTS.shape)
    assert [v.path for v in layer.weights] == before and len(before) == 3


def test_initializers_come_by_name_or_object_and_stay_in_the_config():
    ones = keras.initializers.Constant(2.0)
    cell = SimpleCell(2, kernel_initializer="ones", recurrent_initializer=ones, bias_initializer="zeros")
    again = SimpleCell.from_config(cell.get_config())
    for each in (cell, again):
        each.build((None, 3))
        assert_close(each.get_weights(), [np.ones((3, 2)), np.zeros(2), 2 * np.ones((2, 2))], 0)


def test_the_same_seed_gives_the_same_weights():
    weights = []
    for _ in range(2):
        keras.utils.set_random_seed(7)
        layer = make_layer()
        layer.build(INPUTS.shape)
        weights.append(layer.get_weights())
    assert_close(*weights, tolerance=0)


def test_an_activity_regularizer_adds_its_loss():
    layer = make_layer(activity_regularizer=keras.regularizers.L2(1.0))
    outputs = layer(INPUTS)
    assert_close(layer.losses[0], tf.reduce_sum(outputs**2) / len(INPUTS), 1e-5)
    assert Recurrent.from_config(layer.get_config()).activity_regularizer.l2 == 1.0


def test_dropout_is_for_training_only_and_comes_back(tmp_path):
    """In fit, in a saved model, and in both directions of a wrapper."""
    cell = LSTMCell(UNITS, dropout=0.5, recurrent_dropout=0.5, seed=3)
    wrapper = keras.layers.Bidirectional(Recurrent(cell, "loop"))
    model = functional([keras.layers.Masking(), wrapper, keras.layers.Dense(1)])
    first, second, quiet = model(PADDED, training=True), model(PADDED, training=True), model(PADDED)
    assert np.abs(first - second).max() > 1e-3 and np.abs(first - quiet).max() > 1e-3
    model.compile("sgd", "mse")
    model.fit(PADDED, TARGETS, verbose=0)
    assert_close(through_keras(model, tmp_path).predict(PADDED, verbose=0), model(PADDED))


def test_regularizers_add_their_losses_and_stay_in_the_config():
    options = {f"{weight}_regularizer": "l2" for weight in ("kernel", "recurrent", "bias")}
    layer = Recurrent(LSTMCell(UNITS, **options))
    layer.build(INPUTS.shape)
    expected = [0.01 * tf.reduce_sum(v**2) for v in layer.trainable_variables]
    assert_close(sum(layer.losses), sum(expected), 1e-5)
    again = Recurrent.from_config(layer.get_config())
    again.build(INPUTS.shape)
    assert len(again.losses) == 3


def test_constraints_hold_after_a_step():
    cell = MinGRUCell(UNITS, kernel_constraint="non_neg", bias_constraint="non_neg")
    model = keras.Sequential([Recurrent(cell, "loop"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    model.fit(INPUTS, TARGETS, verbose=0)
    assert cell.kernel.numpy().min() >= 0 and cell.bias.numpy().min() >= 0


def test_units_may_be_an_integer_of_numpy():
    assert LSTMCell(np.int64(3)).units == 3


# ---- Inputs at the edge


@pytest.mark.parametrize("shape", [(0, NUM_FRAMES), (2, 0), (0, 0), (2, 1)])
@pytest.mark.parametrize("name", ["lstm", "min_gru"])
def test_empty_batches_and_sequences_pass_through_a_model(name, shape):
    layer = Recurrent(CELLS[name](UNITS), return_state=True)
    inputs = keras.Input((None, NUM_FEATURES))
    outputs, *state = keras.Model(inputs, layer(inputs))(np.ones((*shape, NUM_FEATURES), np.float32))
    assert outputs.shape == (*shape, UNITS) and state[0].shape == (shape[0], UNITS)


@pytest.mark.parametrize("dtype", [np.int32, np.float64, np.float16])
def test_inputs_may_be_integers_or_of_another_precision(dtype):
    layer = make_layer()
    counts = np.arange(24).reshape(2, 4, NUM_FEATURES)
    assert_close(layer(counts.astype(dtype)), layer(counts.astype(np.float32)))


# ---- Errors: expected, received, remedy


@pytest.mark.parametrize("units", [0, -1, 2.5, "3", None])
def test_units_must_be_a_positive_integer(units):
    with pytest.raises(ValueError, match=f"positive integer.*Received: units={units!r}"):
        LSTMCell(units)


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4, 5)])
@pytest.mark.parametrize("name", ["lstm", "min_gru"])
def test_inputs_of_another_rank_are_refused_by_name(name, shape):
    with pytest.raises(ValueError, match=f"expected ndim=3, found ndim={len(shape)}"):
        Recurrent(CELLS[name](UNITS))(np.zeros(shape, np.float32))


def test_another_number_of_features_is_refused_by_name():
    layer = make_layer()
    layer(INPUTS)
    with pytest.raises(ValueError, match=r"(?s)expected.*3.*(received|found).*4"):
        layer(np.zeros((2, 5, 4), np.float32))


def test_an_unknown_number_of_features_is_refused():
    with pytest.raises(ValueError, match="must be fully-defined"):
        make_layer()(keras.Input((None, None)))


@pytest.mark.parametrize("shape", [(5, UNITS + 1), (4, UNITS), (1, UNITS), (5,)])
@pytest.mark.parametrize("name", ["lstm", "min_gru"])
def test_states_of_another_shape_are_refused_by_name(name, shape):
    layer = Recurrent(CELLS[name](UNITS))
    with pytest.raises(ValueError, match=r"(?s)initial_state.*\[?\(?5, 4.*[Rr]eceived.*get_initial_state"):
        layer(INPUTS, initial_state=[np.zeros(shape, np.float32)] * len(layer.cell.state_size))


@pytest.mark.parametrize("shape", [(5, NUM_FRAMES + 1), (5, 1), (4, NUM_FRAMES), (5, NUM_FRAMES, 1)])
@pytest.mark.parametrize("name", ["lstm", "min_gru"])
def test_masks_of_another_shape_are_refused_by_name(name, shape):
    with pytest.raises(ValueError, match=r"(?s)mask.*5, 6.*[Rr]eceived"):
        Recurrent(CELLS[name](UNITS))(INPUTS, mask=np.ones(shape, bool))


@pytest.mark.parametrize(
    "cell",
    [keras.layers.LSTMCell(2), LSTMCell, "lstm", [LSTMCell(2), LSTMCell(2)]],
    ids=["of_keras", "class", "name", "list"],
)
def test_what_is_no_cell_of_ours_is_refused_with_the_way_out(cell):
    with pytest.raises(ValueError, match=r"Cell.*Received.*(LSTMCell|lstm)"):
        Recurrent(cell)


def test_ragged_inputs_are_refused_with_the_way_out():
    rows = tf.RaggedTensor.from_tensor(tf.constant(INPUTS), LENGTHS)
    with pytest.raises(ValueError, match=r"(?s)[Rr]agged.*to_tensor.*mask"):
        make_layer()(rows)
