"""Windows of chunks are the windows of the whole, whatever the cut; the reference is NumPy's sliding window."""

import doctest

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

import seqapp.features.windows
from seqapp.features.windows import Windows

NUM_FEATURES = 2
NUM_ROWS = 3
SIGNATURE = [
    {"pending": tf.TensorSpec([None, None, NUM_FEATURES]), "num_pending": tf.TensorSpec([None], tf.int32)},
    tf.TensorSpec([None, None, NUM_FEATURES]),
    tf.TensorSpec([None], tf.int32),
    tf.TensorSpec([None], tf.bool),
]
# size, step, left, right: overlapping, touching, with gaps between; a stem, a pyramid, a look-ahead, frames of speech
CASES = [
    (1, 1, 0, 0), (5, 2, 2, 2), (3, 3, 0, 2), (4, 1, 0, 3), (5, 2, 0, 0), (8, 3, 4, 4), (2, 5, 1, 0), (1, 4, 0, 0),
]  # fmt: skip


@pytest.fixture(scope="module")
def traced():
    """`push` of every case as one graph of unknown batch and time."""
    return {case: tf.function(Windows(*case).push, input_signature=SIGNATURE) for case in CASES}


def reference(sequence, size, step, left, right):
    """All windows `[W, size, F]` of a whole sequence."""
    padded = np.pad(sequence, [(left, right), (0, 0)])
    if len(padded) < size:
        return np.zeros([0, size, sequence.shape[1]], sequence.dtype)
    return np.lib.stride_tricks.sliding_window_view(padded, size, axis=0)[::step].swapaxes(1, 2)


def stream(push, case, rows, chunks):
    """Windows `[W, size, F]` of each row, pushed in chunks; NaN stands behind the valid frames of a chunk.

    Args:
        rows: List of `[L, F]` arrays.
        chunks: List of one tuple of lengths and one of ends a chunk.
    """
    windows = Windows(*case)
    state, found = windows.init(len(rows), NUM_FEATURES), [[] for _ in rows]
    shapes = [s.shape for s in state.values()]
    position = [0] * len(rows)
    for lengths, final in chunks:
        inputs = np.full([len(rows), max(lengths), NUM_FEATURES], np.nan, np.float32)
        for row, length in enumerate(lengths):
            inputs[row, :length] = rows[row][position[row] : position[row] + length]
            position[row] += length
        frames, num_windows, state = push(state, inputs, np.array(lengths, np.int32), np.array(final))
        assert np.isfinite(frames).all() and frames.shape[1] >= windows.size
        assert [s.shape for s in state.values()] == shapes, "the state must not grow"
        for row, count in enumerate(num_windows.numpy()):
            found[row] += [frames[row, j * windows.step :][: windows.size].numpy() for j in range(count)]
    return [np.array(f).reshape(-1, windows.size, NUM_FEATURES) for f in found]


@st.composite
def cuts(draw):
    """Chunks of different lengths in every row, and the last chunk of each: later ones are empty there."""
    last = draw(st.lists(st.integers(0, 6), min_size=NUM_ROWS, max_size=NUM_ROWS))
    size = st.one_of(st.integers(0, 3), st.integers(0, 17))
    return [([draw(size) if k <= end else 0 for end in last], [k == end for end in last]) for k in range(max(last) + 1)]


def numbered(lengths):
    """Rows of frames that are all different, and none of them zero."""
    return [
        (1 + np.arange(length)[:, np.newaxis] + [1000.0 * row, 1e5]).astype(np.float32)
        for row, length in enumerate(lengths)
    ]


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(CASES), cuts())
def test_windows_of_chunks_are_those_of_the_whole(traced, case, chunks):
    rows = numbered(np.sum([lengths for lengths, _ in chunks], axis=0))
    for row, found in zip(rows, stream(traced[case], case, rows, chunks), strict=True):
        np.testing.assert_array_equal(found, reference(row, *case))
        assert len(found) == Windows(*case).num_windows(len(row))


@pytest.mark.parametrize("case", CASES)
def test_eager_and_known_shapes_give_the_same(case):
    rows = numbered((9, 4, 0))
    chunks = [((1, 1, 0), (False, False, False)), ((0, 3, 0), (False, True, False)), ((8, 0, 0), (True, False, True))]
    for row, found in zip(rows, stream(Windows(*case).push, case, rows, chunks), strict=True):
        np.testing.assert_array_equal(found, reference(row, *case))


@pytest.mark.parametrize("case", CASES)
def test_a_window_comes_with_the_chunk_that_completes_it(case, traced):
    size, step, left, _ = case
    (row,) = numbered([30])
    for length in range(1, 30):
        whole = stream(traced[case], case, [row], [((length,), (False,))])[0]
        assert len(whole) == max(0, (left + length - size) // step + 1)


@pytest.mark.parametrize("case", CASES)
def test_a_row_that_ended_is_free_for_the_next_sequence(case, traced):
    first, second = numbered((13, 7))
    chunks = [((13,), (True,)), ((0,), (False,)), ((4,), (False,)), ((3,), (True,))]
    (found,) = stream(traced[case], case, [np.concatenate([first, second])], chunks)
    np.testing.assert_array_equal(found, np.concatenate([reference(first, *case), reference(second, *case)]))


def test_known_numbers_of_frames_stay_known():
    """A streaming step of one frame must not run a loop over an unknown number of them."""
    windows = Windows(5, 2, 2, 2)

    @tf.function(input_signature=[tf.TensorSpec([1, 1, NUM_FEATURES])])
    def step(inputs):
        frames, _, state = windows.push(windows.init(1, NUM_FEATURES), inputs, tf.constant([1]), tf.constant([True]))
        assert frames.shape == (1, 7, NUM_FEATURES) and state["pending"].shape == (1, 4, NUM_FEATURES)
        return frames

    step(tf.zeros([1, 1, NUM_FEATURES]))


def test_half_precision_stays():
    state = Windows(3, 1).init(2, NUM_FEATURES, tf.float16)
    frames, _, state = Windows(3, 1).push(state, tf.zeros([2, 1, 2], tf.float16), tf.ones([2], tf.int32), [True, False])
    assert frames.dtype == state["pending"].dtype == tf.float16


@pytest.mark.parametrize("case", [(0, 1, 0, 0), (3, 0, 0, 0), (3, 1, 3, 0), (3, 1, -1, 0), (3, 1, 0, -1)])
def test_numbers_that_are_no_windows_are_refused(case):
    size, step, left, right = case
    with pytest.raises(ValueError, match=rf"Expected size >= 1.*size={size}, step={step}, left={left}, right={right}"):
        Windows(*case)


def test_docstring_examples_run():
    assert doctest.testmod(seqapp.features.windows, extraglobs={"tf": tf}).failed == 0
