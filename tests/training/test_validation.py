"""Error rates summed over the split, from a network that says what the test tells it to."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from seqapp.ctc import ctc_loss
from seqapp.text import Alphabet
from seqapp.training.validation import Validator

ALPHABET = Alphabet((" ", "a", "b"))
BLANK = 3


class Parrot:
    """Features are class numbers, `[B, T, 1]`; the logits say them, two frames at a time."""

    def __call__(self, features, length, training):
        assert not training
        return 20.0 * tf.one_hot(tf.cast(features[:, ::2, 0], tf.int32), BLANK + 1), length // 2


def batch(rows, labels, indices):
    """Rows of class numbers, a frame each, doubled for the stride; padding says `a`."""
    length = max(map(len, rows))
    features = np.array([[*row, *[1] * (length - len(row))] for row in rows], np.float32)
    widest = max(map(len, labels))
    return {
        "features": np.repeat(features, 2, axis=1)[:, :, np.newaxis],
        "length": np.array([2 * len(row) for row in rows], np.int32),
        "labels": np.array([[*label, *[0] * (widest - len(label))] for label in labels], np.int32),
        "label_length": np.array([len(label) for label in labels], np.int32),
        "weight": np.ones(len(rows), np.float32),
        "index": np.array(indices, np.int32),
    }


@pytest.fixture
def batches():
    first = batch([[1, 3, 1, 2, 2], [3, 3, 2]], [[1, 1, 2], [1]], [2, 0])
    second = batch([[1, 0, 3, 2, 3, 3]], [[1, 0, 2]], [1])
    signature = {name: tf.TensorSpec([None] * np.ndim(value), value.dtype) for name, value in first.items()}
    return tf.data.Dataset.from_generator(lambda: iter([first, second]), output_signature=signature)


def test_rates_blanks_and_loss_are_sums_over_all_batches(batches):
    found = Validator(Parrot(), batches, ["a", "a b", "aab"], ALPHABET).run()
    assert found.cer == pytest.approx(1 / 7), "b for a: one of seven characters"
    assert found.wer == pytest.approx(1 / 4), "one of four words"
    assert found.blank_share == pytest.approx(6 / 14)
    losses = [
        ctc_loss(*Parrot()(b["features"], b["length"], training=False), b["labels"], b["label_length"]) for b in batches
    ]
    assert found.loss == pytest.approx(sum(float(tf.reduce_sum(loss)) for loss in losses) / 7, rel=1e-5)


def test_every_run_goes_through_the_whole_split(batches):
    validator = Validator(Parrot(), batches, ["a", "a b", "aab"], ALPHABET)
    assert validator.run() == validator.run()


@pytest.mark.slow
def test_two_mirrored_devices_find_what_one_finds():
    """In float32, bfloat16 and float16; a process of its own can divide the processor."""
    tests = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests.parent), str(tests)])}
    command = [sys.executable, str(tests / "training" / "validation_process.py")]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1200)
    assert finished.returncode == 0, finished.stderr
    figures = json.loads(finished.stdout.splitlines()[-1])
    assert set(figures) == {"float32", "mixed_bfloat16", "mixed_float16"}
    for one, two in figures.values():
        assert one == two and one[0] == one[1] and one[0]["cer"] > 0 < one[0]["loss"]
