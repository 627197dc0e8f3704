import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.ink.curve_fitting import cut_runs, fit_curves, run_shares

CUBIC = np.array([[0.3, -1, 0.5], [2, 1.0, 0.4], [-0.5, 0.6, 0.1], [0.3, -0.9, 0]])


def runs_of(*lengths):
    """One stroke a length, each one run."""
    first = np.concatenate([np.arange(n) == 0 for n in lengths])
    last = np.concatenate([np.arange(n) == n - 1 for n in lengths])
    return cut_runs(tf.constant(first), tf.constant(last))


def travelled_of(points):
    return tf.constant(np.append(0, np.cumsum(np.linalg.norm(np.diff(points[:, :2], axis=0), axis=1))))


def fit(points, runs, num_refits=3):
    points = np.asarray(points, np.float64)
    shares = run_shares(travelled_of(points), runs)
    coefficients, error = fit_curves(tf.constant(points), runs, shares, num_refits)
    return coefficients.numpy(), error.numpy()


def reference_fit(points, num_refits=3):
    """One curve by np.linalg.lstsq and np.polynomial, point by point, as the paper tells it."""
    start, end = points[0], points[-1]
    s = travelled_of(points).numpy()
    s = s / s[-1]
    for refit in range(num_refits + 1):
        basis = np.stack([3 * s * (1 - s) ** 2, 3 * s**2 * (1 - s)], axis=1)[1:-1]
        ends = np.outer((1 - s) ** 3, start) + np.outer(s**3, end)
        arms = np.linalg.lstsq(basis, (points - ends)[1:-1], rcond=None)[0]
        p = np.stack([start, *arms, end])
        power = np.array([[1, 0, 0, 0], [-3, 3, 0, 0], [3, -6, 3, 0], [-1, 3, -3, 1]]) @ p
        x, y = (np.polynomial.Polynomial(power[:, c]) for c in range(2))
        if refit == num_refits:
            return power, ((x(s) - points[:, 0]) ** 2 + (y(s) - points[:, 1]) ** 2).sum()
        for i in range(1, len(s) - 1):
            miss = np.array([x(s[i]), y(s[i])]) - points[i, :2]
            speed = np.array([x.deriv()(s[i]), y.deriv()(s[i])])
            bend = np.array([x.deriv(2)(s[i]), y.deriv(2)(s[i])])
            s[i] = np.clip(s[i] - miss @ speed / (speed @ speed + miss @ bend), 0, 1)


def test_equals_a_reference_written_point_by_point():
    phase = np.linspace(0, 2.2, 30)
    points = np.column_stack([phase + 0.3 * np.sin(3 * phase), np.cos(2 * phase), phase**2])
    power, error = reference_fit(points)
    coefficients, squared_error = fit(points, runs_of(30))
    np.testing.assert_allclose(coefficients[0], power, atol=1e-3)
    assert squared_error[0] == pytest.approx(error, rel=1e-3)


def test_an_exact_cubic_is_recovered_from_its_own_parameters():
    s = np.linspace(0, 1, 50)
    coefficients, error = fit_curves(tf.constant(s[:, None] ** np.arange(4) @ CUBIC), runs_of(50), tf.constant(s))
    np.testing.assert_allclose(coefficients[0], CUBIC, atol=1e-4)
    assert error[0] < 1e-8


def test_an_exact_cubic_is_approached_from_the_length_of_the_way():
    points = np.linspace(0, 1, 50)[:, None] ** np.arange(4) @ CUBIC
    errors = [fit(points, runs_of(50), num_refits)[1][0] for num_refits in (0, 3, 30, 100)]
    assert errors == sorted(errors, reverse=True)
    assert np.sqrt(errors[1] / 50) < 0.003 and np.sqrt(errors[3] / 50) < 0.0012  # of 2 units of length


@pytest.mark.parametrize("count", [2, 3, 4, 50])
def test_a_straight_even_line_stays_straight_and_even(count):
    points = np.linspace([1, 2, 0], [4, 6, 0.5], count)
    coefficients, error = fit(points, runs_of(count))
    np.testing.assert_allclose(coefficients[0], [points[0], points[-1] - points[0], [0] * 3, [0] * 3], atol=1e-12)
    assert error[0] < 1e-20


def test_a_dot_is_a_standing_curve():
    coefficients, error = fit([[3, 4, 0.2]], runs_of(1))
    np.testing.assert_array_equal(coefficients[0], [[3, 4, 0.2], [0] * 3, [0] * 3, [0] * 3])
    assert error[0] == 0


def test_a_run_does_not_know_its_neighbours():
    rng = np.random.default_rng(1)
    strokes = [np.cumsum(rng.normal(size=[n, 3]), axis=0) for n in (7, 1, 2, 25, 3)]
    together, errors = fit(np.concatenate(strokes), runs_of(*map(len, strokes)))
    for stroke, coefficients, error in zip(strokes, together, errors, strict=True):
        alone, alone_error = fit(stroke, runs_of(len(stroke)))
        np.testing.assert_allclose(coefficients, alone[0], atol=1e-6)
        assert error == pytest.approx(alone_error[0], abs=1e-8)


def test_runs_share_knots_inside_a_stroke_and_not_between_strokes():
    knots = tf.constant([True, False, True, False, False, True, True, False])
    last = tf.constant([False, False, False, False, True, True, False, True])
    runs = cut_runs(knots, last)
    np.testing.assert_array_equal(runs.first, [0, 2, 5, 6])
    np.testing.assert_array_equal(runs.last, [2, 4, 5, 7])
    np.testing.assert_array_equal(runs.inner, [False, True, False, True, False, False, False, False])
    shares = run_shares(tf.range(8, dtype=tf.float64), runs)
    np.testing.assert_array_equal(shares, [0, 0.5, 0, 0.5, 1, 0, 0, 1])
