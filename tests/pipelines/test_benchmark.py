"""The benchmark runs at any size and gives rows that a program can read. What it measures is no claim of a test."""

import json
import os
import subprocess
import sys

from tests.pipelines.conftest import REPOSITORY

TINY = ("--batch", "2", "--frames", "4", "--units", "3", "--repeats", "1", "--threads", "1")
TIMES = {"forward_ms", "forward_spread_ms", "step_ms", "step_spread_ms", "first_step_s"}


def run(*arguments):
    command = [sys.executable, REPOSITORY / "pipelines" / "benchmark.py", "rnn", *TINY, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": "."}
    )


def benchmark(*arguments):
    finished = run(*arguments)
    assert finished.returncode == 0, finished.stderr[-2000:]
    return finished.stdout


def test_rows_name_the_layer_its_shape_and_its_times():
    rows = json.loads(benchmark("--json", "--only", "lstm (loop)", "simple (fused)", "keras.layers.SimpleRNN"))
    assert [row["name"] for row in rows] == ["lstm (loop)", "simple (fused)", "keras.layers.SimpleRNN"]
    for row in rows:
        assert row["shape"] == [2, 4, 3, 3] and row["threads"] == 1
        assert all(row[time] >= 0 for time in TIMES)


def test_table_has_one_line_a_row():
    heading, columns, *lines = benchmark("--only", "alone").splitlines()
    assert heading == "[B, T, F, H] [2, 4, 3, 3], 1 threads"
    assert set(columns.split()) > TIMES
    assert [line.split("  ")[0] for line in lines] == ["matmuls of min_gru alone", "matmuls of min_gru alone, XLA"]


def test_lengths_give_the_cost_of_a_frame():
    rows = json.loads(benchmark("--json", "--lengths", "4", "20"))
    assert [row["shape"] for row in rows] == [[2, 4, 3, 3], [2, 20, 3, 3]]
    assert all({"step_us_per_frame", "memory_mb", "memory_kb_per_frame"} < set(row) for row in rows)


def test_an_unknown_row_lists_the_known_ones():
    finished = run("--only", "quasi")
    assert finished.returncode == 1 and finished.stdout == ""
    assert "lstm (fused)" in finished.stderr.splitlines()[-1]
