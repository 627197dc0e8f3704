import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.ink.joining import GAPS, PAUSES_S, join, writing_size


@pytest.fixture
def word(ink):
    """Boxes as letters: x-height 10 times `size`, baseline `y`, one stroke a letter."""

    def write(text, size=1.0, x=0.0, y=0.0):
        strokes = []
        for place, letter in enumerate(text):
            top = -18.0 if letter in "bdfhklt" or letter.isupper() else -10.0
            bottom = 7.0 if letter in "gjpqy" else 0.0
            edges = [[0, top], [0, bottom], [6, bottom], [6, top], [0, top]]
            strokes.append(np.array(edges) * size + [x + 8.0 * size * place, y])
        return ink(*strokes)

    return write


@pytest.mark.parametrize("text", ["on", "dog", "tall", "gap", "DO", "éa"])
def test_the_text_explains_the_extent(word, text):
    drawn = text.replace("é", "d")  # accents reach as high as tall letters
    x_height, baseline = writing_size(word(drawn, 2.0, y=50.0), text)
    assert float(x_height) == pytest.approx(20, rel=0.01)
    assert float(baseline) == pytest.approx(50, abs=0.5)


@pytest.mark.parametrize(("a", "b"), [("on", "dog"), ("gap", "on"), ("tall", "gap")])
@pytest.mark.parametrize("size", [0.5, 1.0, 3.0])
def test_the_second_word_stands_on_the_line_of_the_first(word, a, b, size):
    first, second = word(a, 1.0, 100, 20), word(b, size, -40, 300)
    points, text = join(first, a, second, b, [1, 2])
    points = points.numpy()
    assert text.numpy().decode() == f"{a} {b}"
    np.testing.assert_array_equal(points[: len(first)], first)
    rest = points[len(first) :]
    gap = rest[0, 0] - first[:, 0].max()
    assert 10 * GAPS[0] <= gap * 1.01 and gap <= 10 * GAPS[1] * 1.01
    np.testing.assert_allclose(rest[:, :2], word(b, 1.0, rest[0, 0], 20)[:, :2], atol=0.5)
    np.testing.assert_array_equal(rest[:, 3], second[:, 3])
    pause = rest[0, 2] - first[-1, 2]
    assert PAUSES_S[0] <= pause <= PAUSES_S[1]
    np.testing.assert_allclose(np.diff(rest[:, 2]), np.diff(second[:, 2]), atol=1e-5)


def test_the_first_word_ends_even_without_its_flag(word):
    first = word("on")
    first[-1, 3] = 0
    points, _ = join(first, "on", word("in"), "in", [1, 2])
    assert points.numpy()[len(first) - 1, 3] == 1


def test_one_unknown_clock_makes_both_unknown(word):
    timeless = word("on") * np.float32([1, 1, 0, 1])
    for pair in ((timeless, word("on")), (word("on"), timeless)):
        points, _ = join(pair[0], "on", pair[1], "on", [1, 2])
        np.testing.assert_array_equal(points[:, 2], 0)


def test_punctuation_keeps_the_scale(ink, word):
    points, _ = join(word("on"), "on", ink([[0, 0], [3, 0]]), "-", [1, 2])
    assert np.ptp(points[-2:, 0]) == pytest.approx(3)


@pytest.mark.parametrize("order", [1, -1])
def test_an_ink_without_points_leaves_the_other(ink, word, order):
    (a, text_a), (b, text_b) = [(word("on"), "on"), (ink(), "")][::order]
    points, text = join(a, text_a, b, text_b, [1, 2])
    np.testing.assert_array_equal(points, word("on"))
    assert text == b"on"


def test_works_in_a_graph_of_unknown_lengths_and_repeats_itself(word):
    graph = tf.function(join).get_concrete_function(
        tf.TensorSpec([None, 4]), tf.TensorSpec([], tf.string), tf.TensorSpec([None, 4]),
        tf.TensorSpec([], tf.string), tf.TensorSpec([2], tf.int32),
    )  # fmt: skip
    a, b = word("dog"), word("on", 2.0)
    points, text = graph(*map(tf.constant, (a, "dog", b, "on", [3, 4])))
    expected, expected_text = join(a, "dog", b, "on", [3, 4])
    np.testing.assert_allclose(points, expected, rtol=1e-5)
    assert text == expected_text
