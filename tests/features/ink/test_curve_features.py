import math

import numpy as np
import tensorflow as tf

from seqapp.features.ink.curve_features import curve_features

SQUARE = [[0, 0], [0, 1], [1, 1], [1, 0]]  # control points: up, across, down; the screen's y grows down


def power(controls, times):
    """float64 [4, 3] power basis coefficients of Bezier control points and times."""
    matrix = np.array([[1, 0, 0, 0], [-3, 3, 0, 0], [3, -6, 3, 0], [-1, 3, -3, 1]])
    return matrix @ np.column_stack([np.multiply(controls, 0.25), times])


def features_of(curves, strokes):
    features, starts = curve_features(tf.constant(np.array(curves)), tf.constant(strokes))
    return features.numpy(), starts.numpy()


def test_ten_features_of_one_curve():
    features, starts = features_of([power(SQUARE, [1, 1.02, 1.05, 1.1])], [0])
    gammas = [0.6, 0.3, 0.1]
    expected = [1, 0, 1, 1, math.pi / 2, -math.pi / 2, *gammas, 1]
    np.testing.assert_allclose(features, [expected], atol=1e-6)
    np.testing.assert_array_equal(starts, [[0, 0]])


def test_a_straight_curve_leads_from_stroke_to_stroke():
    dot = power([[8, 0]] * 4, [2] * 4)
    curve = power(SQUARE, [0, 0, 0, 1])
    features, starts = features_of([curve, curve, dot, curve], [0, 0, 1, 2])
    assert features[:, 9].tolist() == [1, 1, 0, 1, 0, 1]
    jump = [1 + math.log(7), 0, 1 / 3, 1 / 3, 0, 0, 1 + math.log(10), 0, 0, 0]
    np.testing.assert_allclose(features[2], jump, atol=1e-6)
    np.testing.assert_array_equal(features[3], [0] * 9 + [1])
    np.testing.assert_allclose(starts[:, 0], [0, 0, 0.25, 2, 2, 0])


def test_a_closed_curve_stays_finite():
    features, _ = features_of([power([[0, 0], [1, 1], [-1, 1], [0, 0]], [0, 0, 0, 0])], [0])
    assert np.isfinite(features).all()


def test_turning_the_curve_turns_only_the_first_two_features():
    turned = [[-y, x] for x, y in SQUARE]
    plain, rotated = (features_of([power(c, [0, 1, 2, 3])], [0])[0][0] for c in (SQUARE, turned))
    np.testing.assert_allclose(rotated[2:], plain[2:], atol=1e-6)
    np.testing.assert_allclose(rotated[:2], [-plain[1], plain[0]], atol=1e-6)


def test_no_curves_have_no_features():
    features, starts = curve_features(tf.zeros([0, 4, 3], tf.float64), tf.zeros([0], tf.int32))
    assert features.shape == (0, 10) and starts.shape == (0, 2)
