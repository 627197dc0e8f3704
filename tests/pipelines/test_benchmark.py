"""The benchmark runs at any size and gives rows that a program can read. What it measures is no claim of a test."""

import json
import os
import subprocess
import sys

import pytest

import seqapp.benchmark.threads
from tests.pairwise import mostly_slow
from tests.pipelines.conftest import REPOSITORY, run

TINY = ("--batch", "2", "--frames", "4", "--units", "3", "--repeats", "1", "--threads", "1")
TIMES = {"forward_ms", "forward_spread_ms", "step_ms", "step_spread_ms", "first_step_s"}


@pytest.fixture
def benchmark(monkeypatch, capsys):
    """What the script prints, in this process: the threads of a TensorFlow that has started stay as they are."""
    monkeypatch.setattr(seqapp.benchmark.threads, "start_tensorflow", lambda threads: None)
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))  # of the process of a length

    def printed(*arguments):
        run("benchmark", *arguments)
        return capsys.readouterr().out

    return printed


@pytest.mark.slow
def test_a_process_of_its_own_gives_rows_that_name_the_layer_its_shape_and_its_times():
    only = ("--only", "lstm (loop)", "simple (fused)", "keras.layers.SimpleRNN")
    command = [sys.executable, REPOSITORY / "pipelines" / "benchmark.py", "rnn", *TINY, "--json", *only]
    environment = {**os.environ, "PYTHONPATH": "."}
    finished = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, env=environment)
    assert finished.returncode == 0, finished.stderr[-2000:]
    rows = json.loads(finished.stdout)
    # "min_lstm (loop)" holds "lstm (loop)" too
    assert {row["name"] for row in rows} == {
        "simple (fused)", "lstm (loop)", "min_lstm (loop)", "keras.layers.SimpleRNN"
    }  # fmt: skip
    for row in rows:
        assert row["shape"] == [2, 4, 3, 3] and row["threads"] == 1
        assert all(row[time] >= 0 for time in TIMES)


def test_a_table_has_one_line_a_row_and_one_a_bar(benchmark):
    only = ("--only", "min_gru (auto", "alone")
    heading, columns, *lines = benchmark("rnn", *TINY, *only).splitlines()
    assert heading == "[B, T, F, H] [2, 4, 3, 3], 1 threads"
    assert set(columns.split()) > TIMES
    names = ["min_gru (auto)", "min_gru (auto, XLA)", "matmuls of min_gru alone", "matmuls of min_gru alone, XLA"]
    assert [line.split("  ")[0] for line in lines[:4]] == names
    bars = ("<= 1.5x", "<= 1.5x", "<= 1.6x")  # a step, a step under XLA, a forward pass
    assert len(lines) == 4 + len(bars)
    assert all(f"required {bar}, seen " in line for bar, line in zip(bars, lines[4:]))


@pytest.mark.slow
def test_a_length_gives_the_cost_of_a_frame(benchmark):
    (row,) = json.loads(benchmark("rnn", *TINY, "--json", "--lengths", "20"))
    assert row["shape"] == [2, 20, 3, 3]
    assert {"step_us_per_frame", "memory_mb", "memory_kb_per_frame"} < set(row)


@pytest.mark.slow
def test_costs_are_drawn(benchmark, tmp_path):
    picture = tmp_path / "costs.png"
    rows = json.loads(benchmark("rnn", *TINY, "--json", "--only", "SimpleRNN", "--plot", picture))
    assert picture.stat().st_size > 10_000 and len({tuple(row["shape"]) for row in rows}) == len(rows) > 5


SIZES = {
    "ctc": ("--batch", "2", "--frames", "9", "--symbols", "5", "--labels", "3", "--repeats", "1", "--only", "backward"),
    "features": ("--lines", "1", "--audio-s", "1", "--repeats", "1", "--only", "log_mel"),
    "stream": ("--units", "4", "--layers", "1", "--calls", "20", "--only", "min_gru"),
    "next_word": ("--length", "9", "--calls", "2", "--only", "of words"),
}


@pytest.mark.parametrize("sense", mostly_slow(SIZES, ["stream"]))
def test_the_other_senses_give_rows_too(benchmark, sense):
    rows = json.loads(benchmark(sense, *SIZES[sense], "--threads", "1", "--json"))
    assert rows and all({"name", "shape", "forward_ms", "step_ms", "threads"} < set(row) for row in rows)


def test_an_unknown_row_lists_the_known_ones(benchmark):
    with pytest.raises(ValueError, match=r"lstm \(fused\).*Received: quasi"):
        benchmark("rnn", *TINY, "--only", "quasi")
