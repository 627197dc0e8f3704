"""Padding: raw examples of several lengths as one NumPy batch."""

from collections.abc import Sequence

import numpy as np

from seqapp.senses import Sense


def pad(examples: Sequence[np.ndarray], sense: Sense) -> tuple[np.ndarray, np.ndarray]:
    """Fill up raw examples with zeros to the length of the longest.

    Args:
        examples: Raw arrays of the sense, `[N, ...]`.
        sense: `Sense`.

    Returns:
        inputs: Float32 `[B, N, ...]`.
        lengths: Int32 `[B]`.
    """
    lengths = np.array([len(raw) for raw in examples], np.int32)
    inputs = np.zeros([len(examples), lengths.max(initial=0), *sense.raw_shape], np.float32)
    for row, raw in zip(inputs, examples):
        row[: len(raw)] = sense.as_array(raw)
    return inputs, lengths
