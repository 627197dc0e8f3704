"""One graph from grey to text: equal to its parts, whatever the batch, the padding and the picture's format."""

import functools
import io

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from seqapp.ctc import greedy_decode
from seqapp.datasets.image.line_height import to_columns
from seqapp.models import ImageToText, Recognizer
from seqapp.models.to_text.image_to_text import _decode
from seqapp.models.transcriber.padding import pad
from seqapp.recipe import override
from seqapp.senses import ImageSense, sense_of
from tests.small_lines import draw_line, image_recipe
from tests.small_models import ALPHABET

TEXTS = ("une ligne gelée", "a", "et la fin")
LINES = tuple(to_columns(draw_line(text)) for text in TEXTS)
PLACES = ("char_left", "char_right")


@functools.cache
def parts():
    keras.utils.set_random_seed(0)
    recipe = image_recipe()
    recognizer = Recognizer.from_recipe(recipe, ALPHABET)
    rng = np.random.default_rng(9)
    for variable in recognizer.trainable_variables:
        variable.assign(variable + rng.normal(scale=0.6, size=variable.shape))
    return ImageToText(recognizer, recipe, ALPHABET), recognizer, recipe


def recognized(lines, extra=0, garbage=0.0):
    columns, lengths = pad(lines, ImageSense)
    mask = tf.sequence_mask(lengths, tf.shape(columns)[1])[..., tf.newaxis]
    columns = tf.pad(tf.where(mask, columns, garbage), [[0, 0], [0, extra], [0, 0]], constant_values=garbage)
    return {name: tensor.numpy() for name, tensor in parts()[0].recognize(columns, lengths).items()}


def test_equals_features_network_and_decoding_one_after_the_other():
    module, recognizer, recipe = parts()
    found = recognized(LINES)
    beliefs = module.log_probs(*pad(LINES, ImageSense))
    for row, line in enumerate(LINES):
        features = sense_of(recipe).features(sense_of(recipe).as_inputs(line))
        logits, length = recognizer(features[tf.newaxis], tf.shape(features)[:1])
        decoding, count = greedy_decode(logits, length), found["num_characters"][row]
        text = "".join(ALPHABET.symbols[label] for label in decoding.labels[0].numpy())
        assert found["text"][row].decode("utf-8") == text
        np.testing.assert_array_equal(found["char_frames"][row, :count], decoding.frames[0])
        frames = int(beliefs["num_frames"][row])
        np.testing.assert_allclose(beliefs["log_probs"][row, :frames], tf.nn.log_softmax(logits)[0, :frames], atol=1e-4)
    assert any(found["num_characters"] > 1)


@pytest.mark.parametrize("garbage", [0.0, np.nan])
def test_padding_and_neighbours_change_nothing(garbage):
    together = recognized(LINES, extra=9, garbage=garbage)
    for row, line in enumerate(LINES):
        alone = recognized([line])
        count = alone["num_characters"][0]
        assert together["text"][row] == alone["text"][0]
        for name in ("char_frames", "char_confidences", *PLACES):
            np.testing.assert_allclose(together[name][row, :count], alone[name][0], atol=1e-3)


def test_characters_stand_side_by_side_within_the_line():
    found = recognized(LINES)
    for row, line in enumerate(LINES):
        count = found["num_characters"][row]
        left, right = (found[name][row, :count] for name in PLACES)
        assert (left < right).all() and (left >= 0).all() and (right <= len(line)).all()
        np.testing.assert_allclose(left[1:], right[:-1], atol=1e-4)
        assert (found["char_left"][row, count:] == -1).all()


def test_frames_lie_over_the_columns_they_read():
    beliefs = parts()[0].log_probs(*pad(LINES, ImageSense))
    for row, line in enumerate(LINES):
        places = beliefs["frame_columns"][row, : int(beliefs["num_frames"][row])].numpy()
        assert 0 < places[0] < places[-1] <= len(line) + 4 and np.ptp(np.diff(places)) < 1e-2


def test_a_line_read_leftwards_is_its_mirror_image_and_its_places_are_mirrored():
    _, recognizer, recipe = parts()
    leftwards = ImageToText(recognizer, override(recipe, ["features.direction=right_to_left"]), ALPHABET)
    mirrored = [line[::-1] for line in LINES]
    found = {name: tensor.numpy() for name, tensor in leftwards.recognize(*pad(mirrored, ImageSense)).items()}
    wanted = recognized(LINES)
    np.testing.assert_array_equal(found["text"], wanted["text"])
    for row, line in enumerate(LINES):
        count = wanted["num_characters"][row]
        for name, other in (PLACES, PLACES[::-1]):
            np.testing.assert_allclose(found[name][row, :count], len(line) - wanted[other][row, :count], atol=1e-2)
    places = leftwards.log_probs(*pad(mirrored[:1], ImageSense))["frame_columns"][0].numpy()
    assert (np.diff(places) < 0).all() and places[0] < len(LINES[0])


def test_rows_without_columns_or_with_nan_are_empty():
    columns = tf.constant(np.full([2, 30, 64], np.nan, np.float32))
    found = parts()[0].recognize(columns, tf.constant([0, 30]))
    assert found["text"].numpy().tolist() == [b"", b""] and found["confidence"].numpy().tolist() == [0, 0]
    assert parts()[0].recognize(tf.zeros([0, 0, 64]), tf.zeros([0], tf.int32))["text"].shape == [0]


def encoded(image, format, mode="L", **options):
    buffer = io.BytesIO()
    Image.fromarray(image).convert(mode).save(buffer, format, **options)
    return buffer.getvalue()


def test_files_of_all_formats_are_read_alike():
    image = draw_line("et la fin", 60)
    files = [
        encoded(image, "PNG"), encoded(image, "PNG", "RGB"), encoded(image, "BMP", "RGB"),
        encoded(image, "GIF"), encoded(image, "JPEG", quality=98),
    ]  # fmt: skip
    found = {name: tensor.numpy() for name, tensor in parts()[0].recognize_images(tf.constant(files)).items()}
    assert len(set(found["text"].tolist())) == 1
    count = found["num_characters"][0]
    assert (found["char_right"][:, :count] <= image.shape[1] + 1e-3).all()
    with pytest.raises(tf.errors.InvalidArgumentError):
        parts()[0].recognize_images(tf.constant([b"no picture"]))


def test_a_file_is_read_as_the_columns_that_a_reader_makes_of_it():
    image = draw_line("une ligne gelée", 60)
    columns, columns_a_pixel = _decode(tf.constant(encoded(image, "PNG")))
    wanted, sense = to_columns(image), sense_of(parts()[2])
    assert float(columns_a_pixel) == pytest.approx(len(wanted) / image.shape[1], rel=0.02)
    there, here = (sense.features(sense.as_inputs(x)).numpy() for x in (columns, wanted))
    assert len(there) == pytest.approx(len(here), rel=0.03)
    assert np.corrcoef(there.sum(axis=0), here.sum(axis=0))[0, 1] > 0.98
