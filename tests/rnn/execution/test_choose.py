"""One function chooses; it says why, and what to do about the impossible."""

import logging

import pytest
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS, GRUCell, LSTMCell, MinGRUCell
from seqapp.rnn.execution import EXECUTIONS, choose, legal_executions
from seqapp.rnn.execution import choose as choose_function
from seqapp.rnn.execution.target import for_gpu, has_gpu, in_whole_step, whole_step


@pytest.fixture
def without_gpu(monkeypatch):
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind=None: [])


FUSED = [name for name, cell in CELLS.items() if "fused" in legal_executions(cell(1))]


@pytest.fixture(params=FUSED)
def cell_and_plain(request):
    """A cell, and what runs it where nothing is compiled."""
    cell = CELLS[request.param](2)
    return cell, EXECUTIONS["parallel_scan" if cell.is_linear else "loop"]


def test_auto_fuses_in_training_only(cell_and_plain, without_gpu):
    cell, _ = cell_and_plain
    assert choose("auto", cell, training=True) is EXECUTIONS["fused"]
    assert choose("auto", cell, training=False) is EXECUTIONS["inference"]


def test_fused_too_compiles_no_recurrent_product_outside_of_training(cell_and_plain, without_gpu):
    cell, _ = cell_and_plain
    assert choose("fused", cell, training=True) is EXECUTIONS["fused"]
    assert choose("fused", cell) is EXECUTIONS["fused" if cell.is_linear else "inference"]


@pytest.mark.parametrize("name", ["mamba2", "gated_delta"])
def test_auto_chunks_a_matrix_state_in_training_and_outside(name):
    cell = CELLS[name](2)
    assert choose("auto", cell, training=True) is choose("auto", cell) is EXECUTIONS["chunkwise"]
    assert choose("auto", cell, is_stream=True) is EXECUTIONS["chunkwise"]
    assert choose("auto", cell, num_frames=1, is_stream=True) is EXECUTIONS["unrolled"]


def test_auto_scans_complex_numbers_in_training(without_gpu):
    assert choose("auto", CELLS["lru"](2), training=True) is EXECUTIONS["parallel_scan"]
    assert choose("auto", CELLS["lru"](2)) is EXECUTIONS["inference"]


def test_auto_takes_the_plain_ones_for_what_inference_does_not_know(without_gpu):
    assert choose("auto", GRUCell(2, reset_after=False)) is EXECUTIONS["loop"]
    assert choose("auto", LSTMCell(2, layer_norm=True)) is EXECUTIONS["loop"]
    assert choose("auto", MinGRUCell(2, layer_norm=True)) is EXECUTIONS["parallel_scan"]


def test_auto_compiles_nothing_for_a_few_frames(cell_and_plain, without_gpu):
    cell, plain = cell_and_plain
    assert choose("auto", cell, training=True, num_frames=8) is plain
    assert choose("auto", cell, training=True, num_frames=512) is EXECUTIONS["fused"]


def test_auto_compiles_no_linear_cell_for_a_row_or_two_nor_for_hours(cell_and_plain, without_gpu):
    cell, plain = cell_and_plain
    expected = plain if cell.is_linear else EXECUTIONS["fused"]
    assert choose("auto", cell, training=True, num_frames=512, batch_size=1) is expected
    assert choose("auto", cell, training=True, num_frames=512, batch_size=16) is EXECUTIONS["fused"]
    assert choose("auto", cell, training=True, num_frames=200_000, batch_size=16) is expected


def test_auto_writes_out_the_loop_over_a_known_few(cell_and_plain, without_gpu):
    cell, _ = cell_and_plain
    assert choose("auto", cell, num_frames=1) is EXECUTIONS["unrolled"]
    assert choose("auto", cell, num_frames=None) is EXECUTIONS["inference"]


def test_auto_does_not_fuse_on_a_gpu(cell_and_plain, monkeypatch):
    cell, plain = cell_and_plain
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind=None: ["a GPU"])
    in_training = EXECUTIONS["cudnn"] if isinstance(cell, (LSTMCell, GRUCell)) else plain
    assert choose("auto", cell, training=True) is in_training
    # What is exported must run where there is no GPU; linear cells are scanned there and here.
    assert choose("auto", cell) is (plain if cell.is_linear else EXECUTIONS["inference"])
    assert choose("fused", cell, training=True) is choose("fused", cell) is EXECUTIONS["fused"]


def test_a_step_for_a_gpu_that_is_compiled_whole_takes_no_kernel_of_cudnn(cell_and_plain, without_gpu):
    cell, plain = cell_and_plain
    with for_gpu():
        assert choose("auto", cell, training=True) is (
            EXECUTIONS["cudnn"] if type(cell) in (LSTMCell, GRUCell) else plain
        )
        with whole_step():
            assert choose("auto", cell, training=True) is (plain if cell.is_linear else EXECUTIONS["fused"])
            with whole_step(False):
                assert in_whole_step()
    assert not in_whole_step() and not has_gpu()
    with whole_step():
        assert choose("auto", cell, training=True) is EXECUTIONS["fused"]


def test_auto_does_not_compile_where_functions_run_eagerly(cell_and_plain, without_gpu):
    cell, plain = cell_and_plain
    tf.config.run_functions_eagerly(True)
    try:
        assert choose("auto", cell, training=True) is plain
    finally:
        tf.config.run_functions_eagerly(False)


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
            assert choose(execution, cell, training=True) is EXECUTIONS[execution]
        else:
            with pytest.raises(ValueError, match=f"execution='{execution}' needs .*{type(cell).__name__}.*Use .*loop"):
                choose(execution, cell)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="'auto' or one of loop.*Received: 'cuda'"):
        choose_function("cuda", LSTMCell(2))


def test_the_layer_refuses_the_impossible_when_it_is_made():
    with pytest.raises(ValueError, match="parallel_scan.*LSTMCell"):
        Recurrent(LSTMCell(2), "parallel_scan")


def test_auto_loops_over_chunks_of_a_stream_where_a_cell_is_not_linear(cell_and_plain, without_gpu):
    cell, _ = cell_and_plain
    assert choose("auto", cell, is_stream=True) is EXECUTIONS["inference" if cell.is_linear else "loop"]
    assert choose("auto", cell, num_frames=1, is_stream=True) is EXECUTIONS["unrolled"]
    assert choose("auto", cell, num_frames=100, is_stream=True) is EXECUTIONS["inference"]
