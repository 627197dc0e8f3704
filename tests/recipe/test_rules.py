"""The names that a recipe may hold are those that the rooms above know; this floor cannot import them to ask."""

import pytest

from seqapp.ctc.loss import IMPLEMENTATIONS
from seqapp.datasets.speech.audio import SAMPLE_RATE_HZ
from seqapp.recipe import EncoderConfig, OutputConfig, Recipe, TrainingConfig, rules
from seqapp.recipe.language import LanguageRecipe, NetworkConfig
from seqapp.rnn.cells import CELLS
from seqapp.rnn.execution import EXECUTIONS


def test_cells():
    assert set(rules.CELLS) == set(CELLS)
    assert set(rules.LINEAR_CELLS) == {name for name, cell in CELLS.items() if cell.is_linear}
    assert set(rules.MATRIX_CELLS) == {name for name, cell in CELLS.items() if cell.is_matrix}


def test_executions():
    assert set(rules.EXECUTIONS) == {"auto", *EXECUTIONS}


def test_the_rate_of_corpora():
    assert rules.CORPUS_RATE_HZ == SAMPLE_RATE_HZ


def test_losses():
    assert set(rules.LOSSES) == set(IMPLEMENTATIONS)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stem_strides": (2, 0)}, r"encoder.stem_strides must hold positive integers, .*Received: \(2, 0\)"),
        ({"block_strides": (1, "2")}, r"encoder.block_strides must hold positive integers"),
        ({"block_strides": (1, 2)}, r"one stride for each of the encoder.num_layers=4 blocks.*Received: \(1, 2\)"),
        ({"stem_strides": (2, 2), "block_strides": (1, 2, 2, 2)}, r"product must be at most 16. Received: \(2, 2, 1,"),
        ({"look_ahead": -1}, r"encoder.look_ahead must not be negative. Received: -1"),
        ({"look_behind": -1}, r"encoder.look_behind must not be negative. Received: -1"),
    ],
    ids=lambda value: "" if isinstance(value, str) else str(value),
)
def test_strides_and_look_ahead_that_cannot_be_name_the_way_out(changes, message):
    with pytest.raises(ValueError, match=message):
        Recipe(encoder=EncoderConfig(**changes))


def test_a_compiled_step_takes_no_kernel_of_cudnn_and_one_device():
    step = TrainingConfig(compile="step")
    with pytest.raises(ValueError, match="XLA has no output.loss=sparse.*Use output.loss=blocks"):
        Recipe(training=step, output=OutputConfig(loss="sparse"))
    with pytest.raises(ValueError, match="XLA has no encoder.execution=cudnn.*training.compile=parts"):
        Recipe(training=step, encoder=EncoderConfig(cell="lstm", execution="cudnn"))
    with pytest.raises(
        ValueError, match="one device. Received: training.strategy='mirrored'. Use training.compile=parts"
    ):
        Recipe(training=TrainingConfig(compile="step", strategy="mirrored"))
    with pytest.raises(ValueError, match="XLA has no network.execution=cudnn"):
        LanguageRecipe(training=step, network=NetworkConfig(cell="lstm", execution="cudnn"))
    with pytest.raises(ValueError, match="training.compile must be one of parts, step. Received: 'all'"):
        Recipe(training=TrainingConfig(compile="all"))


def test_a_stem_is_not_needed_and_a_forward_pyramid_may_look_ahead():
    Recipe(encoder=EncoderConfig(stem_strides=(), block_strides=(1, 2, 1, 2), look_ahead=3, bidirectional=False))
