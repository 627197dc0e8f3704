import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.ink.curves import find_curves
from seqapp.features.ink.resampling import resample
from seqapp.features.ink.strokes import find_strokes

STEP, MAX_ERROR = 0.05, 0.001


@tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32)])
def curves_of(points):
    positions, strokes = tf.cast(points[:, :3], tf.float64), find_strokes(points[:, 3])
    return find_curves(resample(positions, strokes, STEP, 10**6), MAX_ERROR)


def drawn(coefficients, count=200):
    """Points on all curves, float64 [C, count, 2]."""
    s = np.linspace(0, 1, count)[:, None] ** np.arange(4)
    return np.einsum("sk,ckd->csd", s, coefficients[:, :, :2])


def distance(points, curve_points):
    """Largest distance of a point from the curves."""
    gaps = np.linalg.norm(points[:, None, :2] - curve_points.reshape(1, -1, 2), axis=2)
    return gaps.min(axis=1).max()


def test_a_straight_line_is_one_curve(ink):
    coefficients, strokes = curves_of(ink([[0, 0], [3, 1]]))
    np.testing.assert_allclose(coefficients[0, :, :2], [[0, 0], [3, 1], [0, 0], [0, 0]], atol=1e-9)
    assert strokes.numpy().tolist() == [0]


def test_an_exact_cubic_is_one_curve_without_error(ink):
    s = np.linspace(0, 1, 500)[:, None]
    points = ink(s ** np.arange(4) @ np.array([[0, 0], [1.0, 0.6], [0.5, -1.4], [-0.3, 0.9]]))
    coefficients, _ = curves_of(points)
    assert len(coefficients) == 1
    assert distance(points, drawn(coefficients)) < 5e-3


def test_a_circle_is_a_few_curves(ink):
    angle = np.linspace(0, 2 * np.pi, 400)
    points = ink(0.5 * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    coefficients, _ = curves_of(points)
    assert 2 <= len(coefficients) <= 4
    assert distance(points, drawn(coefficients)) < 0.01


def test_a_corner_is_a_knot(ink):
    coefficients, _ = curves_of(ink([[0, 0], [1, 0], [1, 1]]))
    assert len(coefficients) == 2
    np.testing.assert_allclose(coefficients[1, 0, :2], [1, 0], atol=STEP)


def test_a_line_drawn_back_and_forth_is_two_curves(ink):
    coefficients, _ = curves_of(ink([[0, 0], [0, 1], [0, 0]]))
    np.testing.assert_allclose(coefficients[:, 0, :2], [[0, 0], [0, 1]], atol=STEP)


def test_curves_of_a_stroke_meet_and_reach_its_ends(cursive):
    points = cursive(1500, 9)
    points[:, :3] /= [40, 40, 1]
    coefficients, strokes = (part.numpy() for part in curves_of(points))
    starts, ends = coefficients[:, 0], coefficients.sum(axis=1)
    inside = strokes[1:] == strokes[:-1]
    np.testing.assert_allclose(ends[:-1][inside], starts[1:][inside], atol=1e-9)
    lifts = np.flatnonzero(points[:, 3])
    np.testing.assert_allclose(ends[np.append(~inside, True)], points[lifts, :3], atol=1e-6)


def test_writing_takes_a_fraction_of_its_points_and_stays_close(cursive):
    points = cursive(3000, 20)
    points[:, :2] /= 40
    resampled = resample(tf.constant(points[:, :3], tf.float64), find_strokes(points[:, 3]), STEP, 10**6)
    coefficients, _ = curves_of(points)
    assert 4 < len(resampled.is_first) / len(coefficients) < 15
    assert distance(points[::7], drawn(coefficients.numpy(), 50)) < 0.03


def test_dots_and_strokes_keep_their_order(ink):
    coefficients, strokes = curves_of(ink([[0, 0]], [[1, 0], [2, 0]], [[3, 1]], [[3, 1]], [[4, 0], [4, 1]]))
    assert strokes.numpy().tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(coefficients[:, 0, 0], [0, 1, 3, 3, 4])


def test_a_stroke_does_not_know_its_neighbours(ink, cursive):
    alone = cursive(400, 1, 10)
    alone[:, :2] /= 40
    among = np.concatenate([ink([[-3, 0], [-2, 1]], [[5, 5]]), alone, ink([[9, 0], [9, 3]])])
    expected, _ = curves_of(alone)
    coefficients, strokes = curves_of(among)
    np.testing.assert_allclose(coefficients[strokes.numpy() == 2], expected, atol=1e-6)


def test_no_points_have_no_curves():
    coefficients, strokes = curves_of(tf.zeros([0, 4]))
    assert coefficients.shape == (0, 4, 3) and strokes.shape == (0,)


def test_scribbles_end_within_the_bounded_rounds(ink):
    rng = np.random.default_rng(0)
    coefficients, _ = curves_of(ink(np.cumsum(rng.normal(size=[3000, 2]), axis=0)))
    assert np.isfinite(coefficients).all() and len(coefficients) <= 2**9


@pytest.mark.parametrize("reverse", [False, True])
def test_the_sampling_rate_does_not_matter(ink, reverse):
    angle = np.linspace(0, 4, 2001)[:, None]
    stroke = np.hstack([np.cos(angle) + 0.2 * angle, np.sin(1.3 * angle)])[:: -1 if reverse else 1]
    dense, sparse = curves_of(ink(stroke))[0], curves_of(ink(stroke[::10]))[0]
    np.testing.assert_allclose(drawn(sparse), drawn(dense), atol=5e-3)
