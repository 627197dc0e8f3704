"""Inks of any order and number come back as readings in that order; models are found where they lie."""

import json

import numpy as np
import pytest
import tensorflow as tf

from seqapp.models import LocalTranscriber, Transcriber
from seqapp.models.transcriber.padding import pad
from seqapp.senses import sense_of
from tests.small_models import ALPHABET, small_recipe, write_workdir


class Echo:
    """Stands for a model: reads in each ink the number that stands in its first x, once a digit."""

    def __init__(self):
        self.batches = []

    def recognize(self, points, lengths):
        self.batches.append(lengths.tolist())
        texts = [str(int(row[0, 0])) for row in points]
        count = [len(text) for text in texts]
        columns = tf.where(tf.sequence_mask(count), tf.range(max(count)), -1)
        return {
            "text": tf.constant(texts), "confidence": 1.0 / tf.constant(count, tf.float32),
            "num_characters": tf.constant(count, tf.int32), "char_points": columns, "char_frames": columns,
            "char_confidences": tf.cast(columns, tf.float32),
        }  # fmt: skip

    def log_probs(self, points, lengths):
        frames = tf.range(2 * tf.shape(points)[1], dtype=tf.float32)
        return {
            "log_probs": tf.tile(frames[tf.newaxis, :, tf.newaxis], [1, 1, 3]), "num_frames": lengths // 2,
            "frame_of_point": tf.range(tf.shape(points)[1])[tf.newaxis] // 2,
        }  # fmt: skip


def numbered(number, num_points):
    return np.full([num_points, 4], number, np.float32)


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
def transcriber(echo):
    return LocalTranscriber(echo.recognize, echo.log_probs, small_recipe(), ALPHABET, "echo")


def test_readings_stand_in_the_order_of_the_inks(transcriber):
    lengths = np.random.default_rng(0).integers(1, 90, 37)
    readings = transcriber.transcribe([numbered(i, n) for i, n in enumerate(lengths)], batch_size=5)
    assert [reading.text for reading in readings] == [str(i) for i in range(37)]


def test_inks_of_similar_length_are_read_together(transcriber, echo):
    transcriber.transcribe([numbered(0, n) for n in (50, 1, 40, 2, 3)], batch_size=2)
    assert echo.batches == [[1, 2], [3, 40], [50]]


def test_a_reading_holds_its_own_characters_only(transcriber):
    short, long = transcriber.transcribe([numbered(7, 3), numbered(123, 4)])
    assert (short.text, short.confidence, short.char_frames, short.char_points) == ("7", 1.0, (0,), (0,))
    assert (long.text, long.char_frames, long.char_confidences) == ("123", (0, 1, 2), (0.0, 1.0, 2.0))
    assert json.dumps(vars(long)), "plain numbers, as transcribe.py prints them"


def test_no_inks_are_no_work(transcriber, echo):
    assert transcriber.transcribe([]) == [] and echo.batches == []


def test_log_probs_are_cut_to_the_frames_and_points_of_the_ink(transcriber):
    log_probs, frame_of_point = transcriber.log_probs(numbered(1, 9))
    assert log_probs.shape == (4, 3) and frame_of_point.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4]


def test_shorter_inks_are_padded_with_zeros():
    sense = sense_of(small_recipe())
    points, lengths = pad([numbered(1, 2), numbered(2, 3), numbered(3, 0)], sense)
    np.testing.assert_array_equal(points[:, :, 0], [[1, 1, 0], [2, 2, 2], [0, 0, 0]])
    np.testing.assert_array_equal(lengths, [2, 3, 0])
    assert points.dtype == tf.float32 and lengths.dtype == tf.int32
    assert pad([], sense)[0].shape == (0, 0, 4)


def test_a_workdir_is_a_model_with_its_own_recipe_and_alphabet(tmp_path):
    """That it reads as its SavedModel does is shown in tests/serving/test_export.py."""
    recipe = small_recipe(cell="sru")
    loaded = Transcriber.load(str(write_workdir(tmp_path / "run", recipe).path))
    assert (loaded.name, loaded.recipe, loaded.alphabet) == ("run", recipe, ALPHABET)


def test_no_model_is_named_with_what_was_expected(tmp_path):
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ValueError, match=rf"No model at {path}.*workdir.*SavedModel"):
            Transcriber.load(path)
