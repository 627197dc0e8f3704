"""Synthetic examples by split and index: any one can be made again, alone."""

import numpy as np

from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.synthetic_ink.pen import write
from seqapp.datasets.ink.synthetic_ink.phrases import phrase
from seqapp.datasets.ink.synthetic_ink.style import writer_name
from seqapp.datasets.ink.synthetic_ink.words import SPLITS

PER_WRITER = 10  # examples by one hand
_FIRST_WRITER = {"test": 0, "validation": 1000, "train": 2000}  # training alone may grow without end


def example(split: str, index: int, max_words: int = 4) -> Ink:
    """Make one example.

    Args:
        split: One of words.SPLITS. Splits share neither words nor writers.
        index: Its number, >= 0; ten neighbours share a writer.
        max_words: Most words in its text.

    Returns:
        The ink, with text, writer_id and an id such as "test-000012".

    Raises:
        ValueError: There is no such split, or its writers would run into the next split's.
    """
    writer = _writer(split, index)
    draw = np.random.default_rng([SPLITS.index(split), index, max_words])
    text = phrase(split, draw, max_words)
    return Ink(f"{split}-{index:06d}", write(text, writer, seed=index), text, writer_name(writer))


def _writer(split: str, index: int) -> int:
    if split not in SPLITS:
        raise ValueError(f"split {split!r}: expected one of {SPLITS}")
    room = float("inf") if split == "train" else 1000 * PER_WRITER
    if not 0 <= index < room:
        raise ValueError(f"{split} example {index}: expected an index in [0, {room}): splits share no writer")
    return _FIRST_WRITER[split] + index // PER_WRITER
