"""The schedule, what decays, and how gradients are clipped, against formulas."""

import dataclasses
import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.recipe import TrainingConfig
from seqapp.training.optimizer import apply_clipped, make_optimizer


def rate_at(optimizer, step):
    return float(optimizer._learning_rate(step))


@pytest.mark.parametrize("steps, warmup_steps", [(100, 20), (100, 0), (10, 200), (1, 5)])
def test_the_rate_rises_linearly_and_falls_as_a_cosine_to_zero(steps, warmup_steps):
    optimizer = make_optimizer(TrainingConfig(steps=steps, warmup_steps=warmup_steps, learning_rate=0.5))
    warmup = min(warmup_steps, steps - 1)
    for step in {0, warmup // 2, warmup, (warmup + steps) // 2, steps}:
        rise = step / warmup if warmup else 1.0
        fall = 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))
        assert rate_at(optimizer, step) == pytest.approx(0.5 * (rise if step < warmup else fall), abs=1e-6)


@pytest.mark.parametrize("warmup_steps", [0, 3])
def test_the_rate_is_halved_from_a_step_on_and_again_after_as_many_as_asked_for(warmup_steps):
    config = TrainingConfig(warmup_steps=warmup_steps, learning_rate=0.8, halve_from=40, halve_every=10)
    optimizer = make_optimizer(config)
    expected = {0: 0.8, 39: 0.8, 40: 0.4, 49: 0.4, 50: 0.2, 129: 0.8 / 2**9}
    if warmup_steps:
        expected |= {0: 0.0, 1: 0.8 / 3, 3: 0.8}
    for step, rate in expected.items():
        assert rate_at(optimizer, step) == pytest.approx(rate, rel=1e-6)


def test_halvings_begin_after_the_first_interval_unless_a_step_is_named():
    optimizer = make_optimizer(TrainingConfig(warmup_steps=0, learning_rate=0.8, halve_every=10))
    assert [rate_at(optimizer, step) for step in (0, 9, 10, 20)] == pytest.approx([0.8, 0.8, 0.4, 0.2])


def test_plain_descent_moves_by_the_rate_times_the_gradient_and_decays_kernels():
    config = TrainingConfig(optimizer="sgd", warmup_steps=0, halve_from=1, halve_every=1, learning_rate=0.5)
    weights = variables(kernel=[2.0], bias=[2.0])
    optimizer = make_optimizer(dataclasses.replace(config, weight_decay=0.1))
    optimizer.build(weights)
    for _ in range(2):
        optimizer.apply([tf.constant([3.0])] * 2)
    kernel = (2.0 * (1 - 0.05) - 1.5) * (1 - 0.025) - 0.75
    assert [float(v[0]) for v in weights] == pytest.approx([kernel, 2.0 - 1.5 - 0.75])


def variables(**values):
    return [keras.Variable(np.array(value, np.float32), name=name) for name, value in values.items()]


def test_decay_acts_on_kernels_alone():
    kernels = variables(kernel=[2.0], recurrent_kernel=[2.0])
    others = variables(bias=[2.0], gamma=[2.0], beta=[2.0], decay=[2.0])
    optimizer = make_optimizer(TrainingConfig(steps=10, warmup_steps=0, learning_rate=0.1, weight_decay=0.5))
    optimizer.build(kernels + others)
    optimizer.apply([tf.zeros([1])] * 6)
    assert [float(v[0]) for v in kernels] == pytest.approx([2.0 * (1 - 0.1 * 0.5)] * 2)
    assert [float(v[0]) for v in others] == [2.0] * 4


def descend(gradients, clip_norm, precision="float32"):
    """One step of the optimizer without momentum, so that it moves by what it is given: moves and the norm."""
    weights = variables(a=[0.0, 0.0], b=[0.0])
    optimizer = keras.optimizers.SGD(1.0)
    if precision == "mixed_float16":
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer, initial_scale=8.0)
    optimizer.build(weights)
    norm = apply_clipped(optimizer, [tf.constant(g, tf.float32) for g in gradients], weights, clip_norm)
    return np.concatenate([-w.numpy() for w in weights]), float(norm), optimizer


@pytest.mark.parametrize("clip_norm, factor", [(20.0, 1.0), (13.0, 1.0), (6.5, 0.5), (1.3, 0.1)])
def test_a_gradient_longer_than_the_norm_is_shortened_to_it(clip_norm, factor):
    moved, norm, _ = descend([[3.0, 4.0], [12.0]], clip_norm)
    np.testing.assert_allclose(moved, factor * np.array([3.0, 4.0, 12.0]), rtol=1e-6)
    assert norm == pytest.approx(13.0)


def test_a_gradient_of_zero_moves_nothing():
    moved, norm, _ = descend([[0.0, 0.0], [0.0]], 1.0)
    assert not moved.any() and norm == 0.0


def test_float16_gradients_are_measured_and_clipped_without_their_scale():
    scaled = [[24.0, 32.0], [96.0]]  # 8 times the gradient of norm 13
    moved, norm, _ = descend(scaled, 6.5, "mixed_float16")
    np.testing.assert_allclose(moved, [1.5, 2.0, 6.0], rtol=1e-6)
    assert norm == pytest.approx(13.0)


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_float16_gradients_that_overflow_move_nothing_and_lower_the_scale(value):
    moved, norm, optimizer = descend([[value, 4.0], [12.0]], 6.5, "mixed_float16")
    assert not moved.any() and not np.isfinite(norm) and float(optimizer.dynamic_scale) == 4.0


def test_only_float16_has_its_gradients_scaled():
    for precision in ("float32", "mixed_bfloat16", "mixed_float16"):
        optimizer = make_optimizer(TrainingConfig(precision=precision))
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer) == (precision == "mixed_float16")
