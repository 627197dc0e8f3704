"""Lengths, padding and batches change no result; a forward encoder looks no further ahead than it says."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.models import Encoder
from seqapp.recipe import EncoderConfig
from seqapp.rnn.cells import CELLS
from tests.contracts import tolerance
from tests.pairwise import every_value

NUM_FEATURES = 3
STACKS = {
    "bidirectional": {},
    "forward": {"bidirectional": False},
    "pyramid": {"stem_strides": (), "block_strides": (3, 2)},
    "look_ahead": {"bidirectional": False, "stem_strides": (2,), "block_strides": (1, 2), "look_ahead": 2},
    "neighbours": {"look_behind": 3, "look_ahead": 2},
}
SMALL = dict(units=6, num_layers=2, stem_kernel=3, stem_strides=(2, 2), dropout=0.0)


def built(**changes):
    """An encoder with random weights everywhere: zero biases would hide what padding does."""
    encoder = Encoder(EncoderConfig(**{**SMALL, **changes}))
    encoder.build((None, None, NUM_FEATURES))
    rng = np.random.default_rng(5)
    for variable in encoder.variables:
        variable.assign(variable + rng.normal(scale=0.3, size=variable.shape))
    return encoder


def batch(num_frames=29, lengths=(29, 13, 0, 1), seed=0):
    features = np.random.default_rng(seed).normal(size=(len(lengths), num_frames, NUM_FEATURES)).astype(np.float32)
    return features, np.array(lengths, np.int32)


def close(received, expected):
    np.testing.assert_allclose(received, expected, rtol=tolerance("float32"), atol=tolerance("float32"))


@pytest.mark.parametrize(
    ("kernel", "stem", "blocks"),
    [
        (5, (2,), ()), (3, (2, 2), ()), (5, (2, 2, 2), ()), (3, (3, 1, 2), ()), (1, (4,), ()), (5, (1,), ()),
        (3, (), ()), (3, (2,), (1, 2)), (3, (), (3, 2, 1)),
    ],
)  # fmt: skip
def test_length_is_divided_by_each_stride_and_rounded_up(kernel, stem, blocks):
    encoder = built(stem_kernel=kernel, stem_strides=stem, block_strides=blocks, num_layers=len(blocks) or 1)
    strides = stem + blocks
    lengths = np.arange(51, dtype=np.int32)
    encoded, received = encoder(np.zeros((51, 50, NUM_FEATURES), np.float32), lengths)
    expected, frames = lengths, 50
    for stride in strides:
        expected, frames = np.ceil(expected / stride).astype(int), int(np.ceil(frames / stride))
    np.testing.assert_array_equal(received, expected)
    assert [encoder.output_length(int(length)) for length in lengths] == expected.tolist()
    assert encoded.shape == (51, frames, 6) and encoder.frames_per_output == np.prod(strides, dtype=int)


@every_value(("cell", "stack"), itertools.product(CELLS, STACKS))
def test_padding_and_neighbours_change_nothing(cell, stack):
    encoder = built(cell=cell, **STACKS[stack])
    features, lengths = batch()
    padding = np.arange(29) >= lengths[:, np.newaxis]
    features[padding] = np.nan
    features = np.pad(features, [(0, 0), (0, 8), (0, 0)], constant_values=np.nan)
    encoded, new_lengths = encoder(features, lengths)
    for row, length in enumerate(lengths):
        alone, alone_length = encoder(features[row : row + 1, :length], lengths[row : row + 1])
        assert new_lengths[row] == alone_length[0] == alone.shape[1]
        close(encoded[row, : new_lengths[row]], alone[0])
    assert np.isfinite(encoded).all()


def test_padding_further_changes_nothing_for_any_parity():
    """TensorFlow's "same" padding depends on whether the padded T is even; ours must not."""
    encoder = built(stem_strides=(2, 3), block_strides=(1, 2))
    features, lengths = batch(13, (13, 8))
    encoded, new_lengths = encoder(features, lengths)
    for surplus in range(1, 7):
        wider, wider_lengths = encoder(np.pad(features, [(0, 0), (0, surplus), (0, 0)]), lengths)
        np.testing.assert_array_equal(wider_lengths, new_lengths)
        for row, length in enumerate(new_lengths):
            close(wider[row, :length], encoded[row, :length])


@pytest.mark.parametrize("stack", STACKS)
def test_no_gradient_comes_out_of_padding(stack):
    encoder = built(**STACKS[stack])
    features, lengths = batch()
    padding = np.arange(29) >= lengths[:, np.newaxis]
    features[padding] = np.nan
    features = tf.constant(features)
    with tf.GradientTape() as tape:
        tape.watch(features)
        encoded, new_lengths = encoder(features, lengths)
        valid = tf.sequence_mask(new_lengths, encoded.shape[1])[:, :, tf.newaxis]
        loss = tf.reduce_sum(tf.where(valid, encoded, 0.0) ** 3)
    gradient, *of_weights = tape.gradient(loss, [features, *(v.value for v in encoder.trainable_variables)])
    assert not gradient.numpy()[padding].any() and np.abs(gradient.numpy()[~padding]).min() > 0
    assert all(np.isfinite(g).all() and np.any(g) for g in of_weights)


@pytest.mark.parametrize(
    ("changes", "look_ahead"),
    [
        ({}, 1 + 2 * 1),
        ({"stem_kernel": 7, "stem_strides": (1,)}, 3),
        ({"stem_strides": ()}, 0),
        ({"stem_strides": (), "block_strides": (2, 3)}, 1 + 2 * 2),
        ({"stem_strides": (1,), "look_ahead": 2}, 1 + 2 + 2),
        ({"stem_strides": (1,), "look_behind": 3}, 1),
        ({"stem_strides": (2,), "block_strides": (1, 2), "look_ahead": 2}, 1 + 2 * 2 + 2 * 1 + 4 * 2),
    ],
    ids=lambda value: str(value),
)
def test_forward_encoder_sees_as_far_ahead_as_it_says(changes, look_ahead):
    """Each layer sees its own frames to the right, which stand as far apart as the strides before it say."""
    encoder = built(bidirectional=False, **changes)
    stride = encoder.frames_per_output
    assert encoder.look_ahead_frames() == look_ahead
    starts = (4, 17, 18, 19, 20, 39)
    features, _ = batch(40, (40,))
    rows = np.repeat(features, 1 + len(starts), axis=0)  # the first stays as it is
    for row, changed_from in zip(rows[1:], starts, strict=True):
        row[changed_from:] += 1.0
    encoded, _ = encoder(rows, np.full(len(rows), 40, np.int32))
    before, *changed = encoded.numpy()
    for after, changed_from in zip(changed, starts, strict=True):
        differs = np.abs(after - before).max(axis=1) > 1e-5
        reached = stride * np.arange(len(before)) + look_ahead >= changed_from
        np.testing.assert_array_equal(differs, reached)


def test_the_look_ahead_of_a_bidirectional_encoder_has_no_bound():
    with pytest.raises(ValueError, match="reads every frame"):
        built().look_ahead_frames()


def test_bidirectional_encoder_reads_everything():
    encoder = built()
    features, lengths = batch(40, (40,))
    before, _ = encoder(features, lengths)
    features[:, 39] += 1.0
    after, _ = encoder(features, lengths)
    assert (np.abs(after - before).max(axis=(0, 2)) > 0).all()


@pytest.mark.parametrize(
    ("cell", "stack", "execution"), [("lstm", "bidirectional", "loop"), ("min_gru", "look_ahead", "auto")]
)
def test_unknown_shapes_equal_eager(cell, stack, execution):
    encoder = built(cell=cell, execution=execution, **STACKS[stack])
    unknown = [tf.TensorSpec([None, None, NUM_FEATURES], tf.float32), tf.TensorSpec([None], tf.int32)]
    traced = tf.function(encoder.__call__, input_signature=unknown, autograph=False)
    for features, lengths in (batch(), batch(0, (0, 0)), batch(1, (1,))):
        for received, expected in zip(traced(features, lengths), encoder(features, lengths), strict=True):
            close(received, expected)


def test_unrolled_execution_needs_a_known_number_of_frames_only():
    encoder = built(cell="simple", execution="unrolled", num_layers=1)
    features, lengths = batch(9, (9, 4))
    known = [tf.TensorSpec([None, 9, NUM_FEATURES], tf.float32), tf.TensorSpec([None], tf.int32)]
    close(tf.function(encoder.__call__, input_signature=known)(features, lengths)[0], encoder(features, lengths)[0])


def test_dropout_works_in_training_only():
    encoder = built(dropout=0.5)
    features, lengths = batch()
    close(encoder(features, lengths)[0], encoder(features, lengths)[0])
    first, second = (encoder(features, lengths, training=True)[0] for _ in range(2))
    assert np.abs(first - second).max() > 1e-3
