"""A checkpoint is the whole state, complete or not there, and the averages are what their formula says."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.recipe import TrainingConfig
from seqapp.training.checkpoint import Checkpoints, TrainingState
from seqapp.training.optimizer import make_optimizer


class Network(keras.Model):
    """A few weights and a dropout seed."""

    def __init__(self):
        super().__init__()
        self.dense, self.dropout = keras.layers.Dense(2), keras.layers.Dropout(0.5, seed=3)
        self.dense.build([None, 3])
        self.built = True


def make_state(average_decay=0.9, **config):
    keras.utils.set_random_seed(1)
    network, optimizer = Network(), make_optimizer(TrainingConfig(steps=50, warmup_steps=0, **config))
    optimizer.build(network.trainable_variables)
    state = TrainingState(network, optimizer, average_decay)
    state.network, state.optimizer = network, optimizer
    return state


def train(state, steps):
    for _ in range(steps):
        state.network.dropout(tf.ones([2, 3]), training=True)  # draws from the seed
        state.optimizer.apply([tf.ones_like(w) * float(state.step + 1) for w in state.weights])
        state.step.assign_add(1)
        state.update_averages()


def values(state):
    kept = [*state.model_variables, *state.optimizer_variables, *state.averages, state.step, state.best_cer]
    return [variable.numpy() for variable in kept]


@pytest.mark.parametrize("precision", ["float32", "mixed_float16"])
def test_a_restored_state_goes_on_as_the_saved_one_would_have(precision, tmp_path):
    state = make_state(precision=precision)
    train(state, 3)
    state.best_cer.assign(0.25)
    Checkpoints(state, tmp_path, keep=2).save()
    restored = make_state(precision=precision)
    assert Checkpoints(restored, tmp_path, keep=2).restore()
    for each in (state, restored):
        train(each, 2)
    for expected, found in zip(values(state), values(restored), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert any("seed" in v.path for v in state.network.variables), "the dropout seed is part of it"


def test_without_a_checkpoint_nothing_is_restored(tmp_path):
    assert not Checkpoints(make_state(), tmp_path / "none", keep=2).restore()


def test_the_newest_are_kept_and_the_newest_of_all_is_restored(tmp_path):
    state = make_state()
    checkpoints = Checkpoints(state, tmp_path, keep=2)
    for _ in range(4):
        train(state, 1)
        checkpoints.save()
    assert {path.stem for path in tmp_path.glob("ckpt-*")} == {"ckpt-3", "ckpt-4"}
    restored = make_state()
    Checkpoints(restored, tmp_path, keep=2).restore()
    assert int(restored.step) == 4


def test_what_a_kill_left_half_is_removed_and_what_is_complete_stays(tmp_path):
    state = make_state()
    train(state, 1)
    Checkpoints(state, tmp_path, keep=2).save()
    complete = {path.name for path in tmp_path.iterdir()}
    (tmp_path / "ckpt-2_temp").mkdir()
    for name in ("ckpt-2_temp/part-00000-of-00001.index", "ckpt-2.data-00000-of-00001", "ckpt-10.index"):
        (tmp_path / name).write_bytes(b"half")
    assert Checkpoints(make_state(), tmp_path, keep=2).restore()
    assert {path.name for path in tmp_path.iterdir()} == complete


def test_workers_read_the_chiefs_checkpoint_and_leave_the_folder_alone(tmp_path):
    state = make_state()
    train(state, 2)
    Checkpoints(state, tmp_path, keep=2).save()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    worker = make_state()
    checkpoints = Checkpoints(worker, tmp_path, keep=2, is_chief=False)
    assert checkpoints.restore() and int(worker.step) == 2
    train(worker, 1)
    checkpoints.save()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path):
    state = make_state()
    checkpoints = Checkpoints(state, tmp_path / "checkpoints", keep=2)
    (tmp_path / "checkpoints").write_text("a file in its place")
    with pytest.raises(OSError, match="The checkpoint of step 0 could not be written.*The last complete one is none"):
        checkpoints.save()


def test_averages_follow_their_formula():
    state = make_state(average_decay=0.5)
    expected = state.weights[0].numpy().astype(np.float64)
    for step in range(1, 12):
        train(state, 1)
        decay = min(0.5, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * state.weights[0].numpy()
        np.testing.assert_allclose(state.averages[0].numpy(), expected, rtol=1e-6)


def test_swapping_twice_changes_nothing():
    state = make_state()
    train(state, 2)
    weights, averages = ([v.numpy() for v in group] for group in (state.weights, state.averages))
    state.swap_averages()
    for weight, average in zip(state.weights, averages, strict=True):
        np.testing.assert_array_equal(weight.numpy(), average)
    state.swap_averages()
    for weight, kept in zip(state.weights, weights, strict=True):
        np.testing.assert_array_equal(weight.numpy(), kept)


def test_no_averages_are_kept_where_none_are_asked_for():
    state = make_state(average_decay=0.0)
    train(state, 1)
    assert state.averages == []
