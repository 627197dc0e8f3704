"""The names that a recipe may hold are those that the rooms above know; this floor cannot import them to ask."""

from seqapp.ctc.loss import IMPLEMENTATIONS
from seqapp.datasets.audio import SAMPLE_RATE_HZ
from seqapp.recipe import rules
from seqapp.rnn.cells import CELLS
from seqapp.rnn.execution import EXECUTIONS


def test_cells():
    assert set(rules.CELLS) == set(CELLS)
    assert set(rules.LINEAR_CELLS) == {name for name, cell in CELLS.items() if cell.is_linear}


def test_executions():
    assert set(rules.EXECUTIONS) == {"auto", *EXECUTIONS}


def test_the_rate_of_corpora():
    assert rules.CORPUS_RATE_HZ == SAMPLE_RATE_HZ


def test_losses():
    assert set(rules.LOSSES) == set(IMPLEMENTATIONS)
