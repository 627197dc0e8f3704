"""Chunks of any size give the outputs of the whole, as soon as they can be known, in a state that does not grow."""

import functools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings

from seqapp.models.encoder import Encoder, flatten_state, unflatten_state
from seqapp.recipe import EncoderConfig
from seqapp.rnn.cells import CELLS
from tests.pairwise import mostly_slow
from tests.streams import chunks_of, cut, lockstep, run_stream

NUM_FEATURES = 3
# execution=loop: what others write out takes long to trace.
SMALL = dict(units=6, num_layers=2, stem_kernel=3, bidirectional=False, execution="loop")
STACKS = {
    "plain": {"stem_strides": ()},
    "stem": {"stem_strides": (2, 2)},
    "pyramid": {"stem_strides": (), "block_strides": (2, 3)},
    "look_ahead": {"stem_strides": (1,), "look_ahead": 3},
    "look_behind": {"stem_strides": (1,), "look_behind": 3},
    "everything": {"stem_strides": (2,), "block_strides": (1, 2), "look_behind": 1, "look_ahead": 2},
}
SIZES = (1, 7, 100)


def built(**changes):
    """An encoder with random weights everywhere."""
    encoder = Encoder(EncoderConfig(**{**SMALL, **changes}))
    encoder.build((None, None, NUM_FEATURES))
    rng = np.random.default_rng(5)
    for variable in encoder.variables:
        variable.assign(variable + rng.normal(scale=0.3, size=variable.shape))
    return encoder


def traced(encoder, batch_size=None, num_frames=None):
    """`stream_step` as a graph for any number of frames and rows, or for known ones."""
    state = tf.nest.map_structure(
        lambda tensor: tf.TensorSpec([batch_size, *tensor.shape[1:]], tensor.dtype), encoder.stream_init(1)
    )
    rows = [tf.TensorSpec([batch_size], dtype) for dtype in (tf.int32, tf.bool)]
    features = tf.TensorSpec([batch_size, num_frames, NUM_FEATURES])
    return tf.function(encoder.stream_step, input_signature=[features, *rows, state], autograph=False)


def sequences(lengths, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(length, NUM_FEATURES)).astype(np.float32) for length in lengths]


def wholes(encoder, rows):
    """What the encoder gives for each row as a whole, list of `[L', C]`."""
    lengths = np.array([len(row) for row in rows], np.int32)
    features = np.stack([np.pad(row, [(0, lengths.max() - len(row)), (0, 0)]) for row in rows])
    encoded, lengths = encoder(features, lengths)
    return [outputs[:length].numpy() for outputs, length in zip(encoded, lengths)]


def close(streamed, expected):
    for received, whole in zip(streamed, expected, strict=True):
        np.testing.assert_allclose(received, whole, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("cell", "execution"),
    [
        *mostly_slow(((name, "loop") for name in CELLS), [("gru", "loop")]),
        ("lstm", "auto"),
        ("min_gru", "auto"),
        *mostly_slow([("lru", "auto"), ("gated_delta", "auto")], []),
    ],
)
def test_chunks_of_any_size_give_the_whole(cell, execution):
    encoder = built(cell=cell, execution=execution, **STACKS["everything"])
    step, rows = traced(encoder), sequences((113, 40, 0, 1, 8))
    expected = wholes(encoder, rows)
    mixed = [[100, 0, 0, 13], [1] * 7 + [33], [0, 0, 0], [0, 1, 0], [7, 1]]
    for chunks in (mixed, *([cut(len(row), size) for row in rows] for size in SIZES)):
        close(run_stream(step, encoder.stream_init(5), rows, lockstep(chunks))[0], expected)


@functools.cache
def stack(name):
    """A stack and its traced step."""
    encoder = built(cell="min_gru", **STACKS[name])
    return encoder, traced(encoder)


every_stack = pytest.mark.parametrize("name", mostly_slow(STACKS, ["plain", "everything"]))


@every_stack
@settings(deadline=None, max_examples=8)
@given(chunks_of(num_rows=3))
def test_any_cut_gives_the_whole(name, chunks):
    encoder, step = stack(name)
    rows = sequences([sum(row) for row in chunks])
    close(run_stream(step, encoder.stream_init(3), rows, lockstep(chunks))[0], wholes(encoder, rows))


@every_stack
def test_outputs_wait_for_the_look_ahead_and_no_longer(name):
    encoder, step = stack(name)
    _, counts = run_stream(step, encoder.stream_init(1), sequences((40,)), [([1], [False])] * 40)
    stride = encoder.frames_per_output
    received = np.arange(1, 41)
    expected = np.maximum((received - 1 - encoder.look_ahead_frames()) // stride + 1, 0)
    np.testing.assert_array_equal(counts[:, 0], expected)


@every_stack
def test_the_state_is_flat_and_constant(name):
    encoder, step = stack(name)
    state = encoder.stream_init(2)
    shapes = {key: (tensor.shape, tensor.dtype) for key, tensor in flatten_state(state).items()}
    assert all(shape[0] == 2 for shape, _ in shapes.values())
    for size in (0, 1, 7, 100):
        lengths = np.array([size, size // 2], np.int32)
        *_, state = step(np.ones([2, size, NUM_FEATURES], np.float32), lengths, np.array([False, size == 7]), state)
        assert {key: (tensor.shape, tensor.dtype) for key, tensor in flatten_state(state).items()} == shapes


@every_stack
def test_a_row_that_ended_is_free_for_the_next_sequence(name):
    encoder, step = stack(name)
    first, second = sequences((23, 17))
    steps = [([20], [False]), ([3], [True]), ([0], [False]), ([17], [True])]
    (streamed,), _ = run_stream(step, encoder.stream_init(1), [np.concatenate([first, second])], steps)
    close([streamed], [np.concatenate(wholes(encoder, [first, second]))])


@pytest.mark.parametrize(("cell", "name"), [("lstm", "plain"), ("min_gru", "plain"), ("gru", "everything")])
def test_a_step_of_one_frame_of_one_row_gives_the_whole(cell, name):
    """The loop is written out where the number of frames is known."""
    encoder = built(cell=cell, execution="auto", **STACKS[name])
    step, rows = traced(encoder, batch_size=1, num_frames=1), sequences((19,))
    steps = lockstep([[1] * 19 + [0]])
    close(run_stream(step, encoder.stream_init(1), rows, steps, num_frames=1)[0], wholes(encoder, rows))


def test_eager_steps_give_the_whole():
    encoder = built(**STACKS["everything"])
    rows = sequences((30, 9))
    steps = lockstep([[1, 0, 12, 17], [4, 5]])
    close(run_stream(encoder.stream_step, encoder.stream_init(2), rows, steps)[0], wholes(encoder, rows))


def test_dropout_is_for_training_only():
    encoder = built(dropout=0.9, **STACKS["plain"])
    rows = sequences((12,))
    close(run_stream(traced(encoder), encoder.stream_init(1), rows, lockstep([[5, 7]]))[0], wholes(encoder, rows))


def test_the_names_of_the_state_are_stable():
    """Clients of an exported stream hang on these."""
    encoder = built(cell="lstm", **STACKS["everything"])
    windows = [f"{layer}_{name}" for layer in ("stem_0", "row_convolution_0") for name in ("pending", "num_pending")]
    assert list(flatten_state(encoder.stream_init(1))) == [
        *windows, "block_0_state_0", "block_0_state_1", "subsampling_1_pending", "subsampling_1_num_pending",
        "row_convolution_1_pending", "row_convolution_1_num_pending", "block_1_state_0", "block_1_state_1",
    ]  # fmt: skip


def test_a_signature_carries_the_state(tmp_path):
    encoder = built(cell="lstm", **STACKS["everything"])
    template = encoder.stream_init(1)

    class Stream(tf.Module):
        @tf.function(autograph=False)
        def step(self, features, lengths, final, **state):
            encoded, lengths, state = encoder.stream_step(features, lengths, final, unflatten_state(state, template))
            return {"encoded": encoded, "lengths": lengths, **flatten_state(state)}

    module = Stream()
    module.weights = [v.value for v in encoder.variables]
    flat = {k: tf.TensorSpec([None, *t.shape[1:]], t.dtype, k) for k, t in flatten_state(template).items()}
    signature = module.step.get_concrete_function(
        tf.TensorSpec([None, None, NUM_FEATURES], tf.float32, "features"),
        tf.TensorSpec([None], tf.int32, "lengths"),
        tf.TensorSpec([None], tf.bool, "final"),
        **flat,
    )
    tf.saved_model.save(module, str(tmp_path), {"step": signature})
    loaded = tf.saved_model.load(str(tmp_path)).signatures["step"]

    def step(features, lengths, final, state):
        features, lengths, final = tf.constant(features), tf.constant(lengths), tf.constant(final)
        found = dict(loaded(features=features, lengths=lengths, final=final, **state))
        return found.pop("encoded"), found.pop("lengths"), found

    rows = sequences((31, 12))
    steps = lockstep([[1, 2, 0, 28], [12]])
    close(run_stream(step, flatten_state(encoder.stream_init(2)), rows, steps)[0], wholes(encoder, rows))


def test_a_state_that_lacks_a_tensor_is_refused():
    state = built(**STACKS["stem"]).stream_init(1)
    flat = flatten_state(state)
    del flat["stem_1_pending"]
    with pytest.raises(ValueError, match="needs stem_1_pending too. Received: block_0_state_0, .*stream_init"):
        unflatten_state(flat, like=state)


def test_bidirectional_encoders_do_not_stream():
    with pytest.raises(ValueError, match=r"Received: .*bidirectional=True.*--set encoder.bidirectional=False"):
        built(bidirectional=True).stream_init(1)
