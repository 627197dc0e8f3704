"""A step that XLA compiles as a whole: the weights of one that it does not, and bit for bit those of a resumed run."""

import numpy as np
import pytest
import tensorflow as tf

from tests.small_trainings import ScriptedValidator, make_training, small_corpora, small_recipe, words

pytestmark = pytest.mark.slow

CHANGES = ("training.compile=step", "training.steps=6", "training.checkpoint_every=3", "training.evaluate_every=6",
           "training.average_decay=0.9", "encoder.execution=auto", "output.loss=blocks",
           "encoder.bidirectional=True", "encoder.units=8")  # fmt: skip
FEW = small_corpora(words(range(6)), words(range(2)))


def variables(training):
    state = training._state
    return [v.numpy() for v in (*state.model_variables, *state.optimizer_variables, *state.averages, state.step)]


def trained(path, *changes, compiled=True, steps=None):
    """Train to the end, or as if killed after some steps: what was done since the last checkpoint is lost."""
    training = make_training(path, small_recipe(*CHANGES, *changes), FEW)
    ScriptedValidator(training, [0.5])
    if steps is not None:
        training._lost_patience = lambda: training.step == steps
    if not compiled:
        training.step_function = lambda spec: tf.function(
            training._train_step, input_signature=[spec, tf.TensorSpec([])], autograph=False
        )
    training.run()
    return training


@pytest.mark.parametrize("cell", ["min_gru", "lstm", "simple"])
def test_weights_are_those_of_a_step_that_is_not_compiled(cell, tmp_path):
    """The same batches and updates, without dropout: XLA draws other masks. Adam divides by what is nearly 0."""
    compiled = trained(tmp_path / "whole", f"encoder.cell={cell}")
    plain = trained(tmp_path / "parts", f"encoder.cell={cell}", compiled=False)
    for ours, expected in zip(variables(compiled), variables(plain), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4)


def test_resumed_it_ends_with_the_same_weights_bit_for_bit(tmp_path):
    changes = "encoder.cell=min_gru", "encoder.dropout=0.2"
    through = trained(tmp_path / "through", *changes)
    trained(tmp_path / "killed", *changes, steps=5)
    resumed = trained(tmp_path / "killed", *changes)
    for ours, expected in zip(variables(resumed), variables(through), strict=True):
        np.testing.assert_array_equal(ours, expected)
