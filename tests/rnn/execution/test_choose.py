"""One function chooses; it says why, and what to do about the impossible."""

import logging

import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS, GRUCell, LSTMCell, MinGRUCell, SimpleCell
from seqapp.rnn.execution import EXECUTIONS, choose, legal_executions
from seqapp.rnn.execution import choose as choose_function

NON_LINEAR = [LSTMCell, GRUCell, SimpleCell]


@pytest.fixture
def without_gpu(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind=None: [])


@pytest.mark.parametrize("training", [False, True])
def test_auto_takes_the_scan_for_every_linear_cell(training):
    linear = [cell(2) for cell in CELLS.values() if cell(2).is_linear]
    assert MinGRUCell in map(type, linear)
    assert all(choose("auto", cell, training) is EXECUTIONS["parallel_scan"] for cell in linear)


@pytest.mark.parametrize("make_cell", NON_LINEAR)
def test_auto_fuses_in_training_only(make_cell, without_gpu):
    assert choose("auto", make_cell(2), training=True) is EXECUTIONS["fused"]
    assert choose("auto", make_cell(2), training=False) is EXECUTIONS["loop"]


def test_auto_loops_over_few_frames(without_gpu):
    assert choose("auto", LSTMCell(2), training=True, num_frames=1) is EXECUTIONS["loop"]
    assert choose("auto", LSTMCell(2), training=True, num_frames=512) is EXECUTIONS["fused"]


def test_auto_loops_on_a_gpu(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind=None: ["a GPU"])
    assert choose("auto", LSTMCell(2), training=True) is EXECUTIONS["loop"]
    assert choose("fused", LSTMCell(2), training=True) is EXECUTIONS["fused"]


def test_auto_loops_for_a_cell_without_a_derived_backward_pass(without_gpu):
    assert choose("auto", GRUCell(2, reset_after=False), training=True) is EXECUTIONS["loop"]


def test_the_choice_is_logged_once_with_its_reason(caplog, without_gpu):
    class MyCell(GRUCell):
        pass

    with caplog.at_level(logging.INFO, logger="seqapp.rnn.execution.choose"):
        for _ in range(3):
            choose("auto", MyCell(2), training=True)
    assert [r.getMessage() for r in caplog.records] == [
        "execution: loop, because MyCell is not linear in its state, and has no derived backward pass"
    ]


@pytest.mark.parametrize("name", CELLS)
def test_what_is_legal_can_be_chosen_and_nothing_else(name):
    cell = CELLS[name](2)
    legal = legal_executions(cell)
    assert legal[0] == "loop"
    for execution in EXECUTIONS:
        if execution in legal:
            assert choose(execution, cell) is EXECUTIONS[execution]
        else:
            with pytest.raises(ValueError, match=f"execution='{execution}' needs .*{type(cell).__name__}.*Use .*loop"):
                choose(execution, cell)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="'auto' or one of loop.*Received: 'cudnn'"):
        choose_function("cudnn", LSTMCell(2))


def test_the_layer_refuses_the_impossible_when_it_is_made():
    with pytest.raises(ValueError, match="parallel_scan.*LSTMCell"):
        Recurrent(LSTMCell(2), "parallel_scan")
