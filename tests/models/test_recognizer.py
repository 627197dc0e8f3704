"""Size, gradients and reproducibility of the model that is trained."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.ctc import ctc_loss
from seqapp.models import Recognizer
from seqapp.recipe import EncoderConfig, InkConfig, Recipe, TrainingConfig
from seqapp.rnn.cells import CELLS
from seqapp.text import Alphabet
from tests.pairwise import every_value
from tests.streams import lockstep, run_stream

ALPHABET = Alphabet(tuple(" abc"))
BATCH = np.random.default_rng(0).normal(size=(2, 21, 6)).astype(np.float32), np.array([21, 9], np.int32)


def recipe(seed=0, **encoder):
    small = {"units": 8, "num_layers": 2, "stem_strides": (2, 2), "dropout": 0.0}
    encoder = EncoderConfig(**{**small, **encoder})
    return Recipe(features=InkConfig(include_y=True), encoder=encoder, training=TrainingConfig(seed=seed))


@pytest.mark.parametrize(
    ("cell", "gates", "recurrent_kernels", "more_vectors"),
    [
        ("simple", 1, 1, 0), ("lstm", 4, 4, 0), ("gru", 3, 3, 3), ("min_gru", 2, 0, 0), ("min_lstm", 3, 0, 0),
        ("rg_lru", 3, 0, 1), ("sru", 4, 0, 0), ("lru", 2, 0, 3),
    ],
)  # fmt: skip
@pytest.mark.parametrize("directions", [1, 2])
def test_number_of_parameters_in_closed_form(cell, gates, recurrent_kernels, more_vectors, directions):
    features, kernel, width, units, layers, classes = 6, 5, 7, 8, 2, 5
    recognizer = Recognizer.from_recipe(recipe(cell=cell, bidirectional=directions == 2, width=width), ALPHABET)
    stem = (kernel * features + 1) * width + (kernel * width + 1) * width
    direction = units * (gates * (width + 1) + recurrent_kernels * units + more_vectors)
    block = 2 * width + directions * direction + (directions * units + 1) * width
    expected = stem + layers * block + 2 * width + (width + 1) * classes
    assert recognizer.count_params() == expected


@every_value(("cell", "bidirectional"), itertools.product(CELLS, [True, False]))
def test_every_parameter_gets_a_gradient(cell, bidirectional):
    recognizer = Recognizer.from_recipe(recipe(cell=cell, bidirectional=bidirectional, dropout=0.1), ALPHABET)
    labels, label_length = tf.constant([[1, 0, 2], [3, 0, 0]]), tf.constant([3, 1])
    with tf.GradientTape() as tape:
        logits, logit_length = recognizer(*BATCH, training=True)
        loss = ctc_loss(logits, logit_length, labels, label_length)
    gradients = tape.gradient(loss, [v.value for v in recognizer.trainable_variables])
    without = [v.path for v, g in zip(recognizer.trainable_variables, gradients) if g is None or not np.any(g)]
    assert not without


def test_logits_have_a_class_for_each_symbol_and_the_blank():
    recognizer = Recognizer.from_recipe(recipe(), ALPHABET)
    logits, logit_length = recognizer(*BATCH)
    assert logits.shape == (2, 6, 5) and logit_length.numpy().tolist() == [6, 3]
    assert recognizer.frames_per_output == 4 and recognizer.output_length(21) == 6


@pytest.mark.parametrize("num_layers", [2, 3])
def test_intermediate_logits_are_those_of_a_stack_that_ends_in_the_middle(num_layers):
    whole = Recognizer.from_recipe(recipe(num_layers=num_layers, block_strides=(1, 2, 1)[:num_layers]), ALPHABET)
    kept = (num_layers + 1) // 2
    half = Recognizer.from_recipe(recipe(num_layers=kept, block_strides=(1, 2)[:kept]), ALPHABET)
    for mine, other in zip(half.encoder._stages(), whole.encoder._stages()):  # ends with the shorter
        mine.set_weights(other.get_weights())
    half.encoder.normalization.set_weights(whole.encoder.normalization.get_weights())
    half.logits.set_weights(whole.logits.get_weights())
    found = whole(*BATCH, intermediate=True)
    for received, expected in zip(found, (*whole(*BATCH), *half(*BATCH)), strict=True):
        np.testing.assert_allclose(received, expected, atol=1e-6)


def test_logits_of_chunks_are_those_of_the_whole():
    """Normalisation of the features included, whose statistics are no identity here."""
    config = EncoderConfig(units=8, num_layers=2, bidirectional=False, look_ahead=2)
    recognizer = Recognizer(config, num_features=6, num_classes=5, is_normalized=True)
    recognizer.feature_normalization.set_statistics(np.arange(6.0), 1.0 + np.arange(6.0))
    rows = [row[:length] for row, length in zip(*BATCH)]
    steps = lockstep([[1, 20], [0, 7, 2]])
    streamed, _ = run_stream(recognizer.stream_step, recognizer.stream_init(2), rows, steps)
    logits, logit_length = recognizer(*BATCH)
    assert recognizer.look_ahead_frames() == 2 + 2 * (2 + 2)
    for received, expected, length in zip(streamed, logits, logit_length, strict=True):
        np.testing.assert_allclose(received, expected[:length], rtol=1e-5, atol=1e-5)


def test_weights_depend_on_the_global_seed_alone():
    def weights(seed):
        keras.utils.set_random_seed(seed)
        return np.concatenate([np.ravel(w) for w in Recognizer.from_recipe(recipe(), ALPHABET).get_weights()])

    first, second, other = weights(3), weights(3), weights(4)
    np.testing.assert_array_equal(first, second)
    assert np.any(first != other)


def test_recurrent_dropout_differs_between_directions_and_blocks_and_a_seed_repeats():
    dropping = recipe(recurrent_dropout=0.5, layer_norm=True)
    encoders = [Recognizer.from_recipe(dropping, ALPHABET).encoder for _ in range(2)]
    layers = [block.recurrent for encoder in encoders for block in encoder.blocks]
    cells = [cell for layer in layers for cell in (layer.forward.cell, layer.backward.cell)]
    kept = [np.asarray(cell.recurrent_keep(9, training=True)) for cell in cells]
    assert all((kept[i] != kept[j]).any() for i in range(4) for j in range(i))
    np.testing.assert_array_equal(kept[:4], kept[4:])


def test_dropout_differs_between_blocks():
    recognizer = Recognizer.from_recipe(recipe(dropout=0.5), ALPHABET)
    masks = [block.dropout(tf.ones([1, 20, 8]), training=True).numpy() for block in recognizer.encoder.blocks]
    assert np.any(masks[0] != masks[1])


def test_weights_survive_a_file(tmp_path):
    recognizer = Recognizer.from_recipe(recipe(cell="gru"), ALPHABET)
    recognizer.save_weights(tmp_path / "some.weights.h5")
    again = Recognizer.from_recipe(recipe(seed=9, cell="gru"), ALPHABET)
    again.load_weights(tmp_path / "some.weights.h5")
    np.testing.assert_array_equal(again(*BATCH)[0], recognizer(*BATCH)[0])


@pytest.mark.parametrize(("policy", "allowed"), [("mixed_bfloat16", 0.1), ("mixed_float16", 0.01)])
def test_mixed_precision_gives_float32_logits_close_to_those_of_float32(policy, allowed):
    def logits():
        keras.utils.set_random_seed(0)
        return Recognizer.from_recipe(recipe(), ALPHABET)(*BATCH)[0]

    expected = logits()
    keras.config.set_dtype_policy(policy)
    try:
        received = logits()
    finally:
        keras.config.set_dtype_policy("float32")
    assert received.dtype == tf.float32
    # Logits of size 1, 8 and 11 bits of mantissa, 8 layers.
    np.testing.assert_allclose(received, expected, atol=allowed)
