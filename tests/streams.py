"""Sequences in chunks: what a stream gives, put together again."""

import numpy as np
from hypothesis import strategies as st


def cut(length, size):
    """Chunks of one row: `size` frames each, the last one as many as are left."""
    return [min(size, length - start) for start in range(0, length, size)] or [0]


def lockstep(chunks_of_rows):
    """Lists of chunk lengths, one a row, to steps of a batch: `(lengths, final)`; a row that has ended brings none."""
    num_steps = max(len(chunks) for chunks in chunks_of_rows)
    return [
        (
            [chunks[k] if k < len(chunks) else 0 for chunks in chunks_of_rows],
            [k == len(chunks) - 1 for chunks in chunks_of_rows],
        )
        for k in range(num_steps)
    ]


def chunks_of(num_rows, max_chunks=6, max_frames=17):
    """Hypothesis strategy of `lockstep`'s argument: a list of chunk lengths a row, empty chunks among them."""
    size = st.one_of(st.integers(0, 3), st.integers(0, max_frames))
    row = st.lists(size, min_size=1, max_size=max_chunks)
    return st.lists(row, min_size=num_rows, max_size=num_rows)


def run_stream(step, state, rows, steps, num_frames=None):
    """Feed rows chunk by chunk, NaN behind the valid frames.

    Args:
        step: `(inputs [B, T, F], lengths, final, state) -> outputs [B, T', C], lengths, state`.
        state: Before the first chunk.
        rows: List of `[L, F]` arrays.
        steps: From `lockstep`.
        num_frames: T of every chunk; by default the longest row's.

    Returns:
        List of `[L', C]` arrays, a row's outputs behind each other; and the list of how many there were after each
        step, `[num_steps, B]`.
    """
    found, counts, position = [[] for _ in rows], [], np.zeros(len(rows), int)
    for lengths, final in steps:
        width = max(lengths) if num_frames is None else num_frames
        inputs = np.full([len(rows), width, rows[0].shape[1]], np.nan, np.float32)
        for row, length in enumerate(lengths):
            inputs[row, :length] = rows[row][position[row] : position[row] + length]
        position += lengths
        outputs, output_lengths, state = step(inputs, np.array(lengths, np.int32), np.array(final), state)
        assert np.isfinite(outputs).all(), "what stands behind the valid frames must be finite too"
        for row, length in enumerate(output_lengths.numpy()):
            found[row].append(outputs[row, :length].numpy())
        counts.append(output_lengths.numpy())
    return [np.concatenate(pieces) for pieces in found], np.cumsum(counts, axis=0)
