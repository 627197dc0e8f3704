"""One graph from points to text: equal to its parts, whatever the batch, the padding and the ink."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.ctc import greedy_decode
from seqapp.features import frame_of_point, ink_features
from seqapp.models import InkToText
from tests.contracts import tolerance
from tests.pairwise import mostly_slow
from tests.small_models import ALPHABET, scribble, small_recipe, small_recognizer

DOT = np.array([[3, 4, 0, 1]], np.float32)
INKS = (scribble(150), scribble(81, seed=1), DOT, scribble(27, 1), scribble(120, 5, seed=2))
each_kind = pytest.mark.parametrize("kind", mostly_slow(["points", "curves"], ["points"]))


@functools.cache
def parts(kind):
    recipe = small_recipe(kind, bidirectional=False)
    recognizer = small_recognizer(recipe)
    return InkToText(recognizer, recipe, ALPHABET), recognizer, recipe.features


@functools.cache
def features_and_frames(config):
    """Function from one ink to its features and the row of each point."""

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32)])
    def both(points):
        return ink_features(points, config), frame_of_point(points, config)

    return both


def padded(inks, num_points=None, garbage=0.0):
    """(points, lengths) of a list of inks."""
    lengths = np.array([len(ink) for ink in inks], np.int32)
    points = np.full([len(inks), num_points or max(lengths, default=0), 4], garbage, np.float32)
    for row, ink in zip(points, inks):
        row[: len(ink)] = ink
    return points, lengths


def as_numpy(found):
    return {name: tensor.numpy() for name, tensor in found.items()}


def assert_same(received, expected):
    """Readings or log-probabilities of the same inks; columns that only fill up may be missing in one of them."""
    assert received.keys() == expected.keys()
    for name, e in expected.items():
        r = received[name]
        r, e = (np.moveaxis(x, 1, -1)[..., : min(r.shape[1], e.shape[1])] if x.ndim > 1 else x for x in (r, e))
        if r.dtype.kind == "f":
            np.testing.assert_allclose(r, e, rtol=tolerance("float32"), atol=tolerance("float32"), err_msg=name)
        else:
            np.testing.assert_array_equal(r, e, err_msg=name)


@each_kind
def test_equals_features_network_and_decoding_one_after_the_other(kind):
    module, recognizer, config = parts(kind)
    found = as_numpy(module.recognize(*padded(INKS)))
    beliefs = as_numpy(module.log_probs(*padded(INKS)))
    for row, ink in enumerate(INKS):
        features, rows = features_and_frames(config)(ink)
        logits, logit_length = recognizer(features[tf.newaxis], tf.constant([len(features)]))
        decoding, count = greedy_decode(logits, logit_length), found["num_characters"][row]
        labels = decoding.labels[0].numpy()
        assert found["text"][row].decode("utf-8") == ALPHABET.decode(labels) and count == len(labels)
        np.testing.assert_array_equal(found["char_frames"][row, :count], decoding.frames[0])
        np.testing.assert_allclose(found["char_confidences"][row, :count], decoding.confidences[0], atol=1e-5)
        np.testing.assert_allclose(found["confidence"][row], decoding.confidence[0], atol=1e-5)
        num_frames = beliefs["num_frames"][row]
        assert num_frames == logit_length[0] == recognizer.output_length(len(features))
        np.testing.assert_allclose(beliefs["log_probs"][row, :num_frames], tf.nn.log_softmax(logits[0]), atol=1e-5)
        np.testing.assert_array_equal(beliefs["frame_of_point"][row, : len(ink)], rows // 4)


@each_kind
def test_texts_are_long_enough_to_prove_something(kind):
    found = as_numpy(parts(kind)[0].recognize(*padded(INKS)))
    letters = set("".join(text.decode("utf-8") for text in found["text"]))
    assert found["num_characters"].max() >= 5 and len(letters) >= 3


@each_kind
@pytest.mark.parametrize("garbage", [np.nan, np.inf, 1e30, 7.0])
def test_points_behind_the_length_change_nothing(kind, garbage):
    module = parts(kind)[0]
    for function in (module.recognize, module.log_probs):
        clean, dirty = (as_numpy(function(*padded(INKS, *more))) for more in ((), (157, garbage)))
        assert_same(dirty, clean)


@each_kind
def test_a_batch_is_each_ink_alone(kind):
    module = parts(kind)[0]
    together = as_numpy(module.recognize(*padded(INKS)))
    for row, ink in enumerate(INKS):
        alone = as_numpy(module.recognize(*padded([ink])))
        assert_same(alone, {name: value[row : row + 1] for name, value in together.items()})


@each_kind
@pytest.mark.parametrize("fault", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("column", range(4))
def test_an_ink_that_is_not_finite_reads_as_nothing_and_harms_no_neighbour(kind, fault, column):
    module = parts(kind)[0]
    points, lengths = padded(INKS)
    expected = as_numpy(module.recognize(points, lengths))
    points[1, 20, column] = fault
    found = as_numpy(module.recognize(points, lengths))
    assert (found["text"][1], found["confidence"][1], found["num_characters"][1]) == (b"", 0.0, 0)
    assert (found["char_points"][1] == -1).all() and (found["char_confidences"][1] == -1).all()
    assert module.log_probs(points, lengths)["num_frames"][1] == 0
    others = [0, 2, 3, 4]
    assert_same({n: v[others] for n, v in found.items()}, {n: v[others] for n, v in expected.items()})


@each_kind
@pytest.mark.parametrize("shape", [(0, 0, 4), (0, 5, 4), (2, 0, 4), (2, 5, 4)])
def test_nothing_to_read_gives_empty_texts(kind, shape):
    module, size = parts(kind)[0], shape[0]
    points, lengths = np.zeros(shape, np.float32), np.zeros(size, np.int32)
    found = as_numpy(module.recognize(points, lengths))
    assert found["text"].tolist() == [b""] * size and found["confidence"].tolist() == [0.0] * size
    assert found["char_points"].shape == found["char_frames"].shape == found["char_confidences"].shape == (size, 0)
    beliefs = as_numpy(module.log_probs(points, lengths))
    assert beliefs["log_probs"].shape == (size, 0, ALPHABET.num_classes)
    assert beliefs["frame_of_point"].shape == shape[:2] and beliefs["num_frames"].tolist() == [0] * size


@each_kind
def test_every_character_points_at_the_ink_that_its_frame_read(kind):
    module = parts(kind)[0]
    points, lengths = padded(INKS)
    found, beliefs = as_numpy(module.recognize(points, lengths)), as_numpy(module.log_probs(points, lengths))
    for row, length in enumerate(lengths):
        count, of_points = found["num_characters"][row], beliefs["frame_of_point"][row, :length]
        frames, chars = found["char_frames"][row, :count], found["char_points"][row, :count]
        assert ((chars >= 0) & (chars < length)).all() and (np.diff(chars) >= 0).all()
        assert ((of_points >= 0) & (of_points < beliefs["num_frames"][row])).all() and (np.diff(of_points) >= 0).all()
        for frame, point in zip(frames, chars):
            reached = np.flatnonzero(of_points >= frame)
            assert point == (reached[0] if len(reached) else length - 1)


@each_kind
def test_place_size_and_unit_of_the_ink_do_not_matter(kind):
    module = parts(kind)[0]
    points, lengths = padded(INKS)
    moved = points * np.float32([8, 8, 1, 1]) + np.float32([512, -256, 0, 0])
    found, expected = (as_numpy(module.recognize(p, lengths)) for p in (moved, points))
    assert found["text"].tolist() == expected["text"].tolist()
