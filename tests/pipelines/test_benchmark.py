"""The benchmark runs at any size and gives rows that a program can read. What it measures is no claim of a test."""

import json
import os
import subprocess
import sys

from tests.pipelines.conftest import REPOSITORY

TINY = ("--batch", "2", "--frames", "4", "--units", "3", "--repeats", "1", "--threads", "1")
TIMES = {"forward_ms", "forward_spread_ms", "step_ms", "step_spread_ms", "first_step_s"}


def run(*arguments):
    command = [sys.executable, REPOSITORY / "pipelines" / "benchmark.py", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": "."}
    )


def benchmark(*arguments):
    finished = run(*arguments)
    assert finished.returncode == 0, finished.stderr[-2000:]
    return finished.stdout


def test_rows_name_the_layer_its_shape_and_its_times():
    rows = json.loads(
        benchmark("rnn", *TINY, "--json", "--only", "lstm (loop)", "simple (fused)", "keras.layers.SimpleRNN")
    )
    # "min_lstm (loop)" holds "lstm (loop)" too
    assert {row["name"] for row in rows} == {
        "simple (fused)", "lstm (loop)", "min_lstm (loop)", "keras.layers.SimpleRNN"
    }  # fmt: skip
    for row in rows:
        assert row["shape"] == [2, 4, 3, 3] and row["threads"] == 1
        assert all(row[time] >= 0 for time in TIMES)


def test_a_table_has_one_line_a_row_and_one_a_bar():
    only = ("--only", "min_gru (auto", "alone")
    heading, columns, *lines = benchmark("rnn", *TINY, *only).splitlines()
    assert heading == "[B, T, F, H] [2, 4, 3, 3], 1 threads"
    assert set(columns.split()) > TIMES
    names = ["min_gru (auto)", "min_gru (auto, XLA)", "matmuls of min_gru alone", "matmuls of min_gru alone, XLA"]
    assert [line.split("  ")[0] for line in lines[:4]] == names
    assert len(lines) == 6 and all("required <= 1.5x, seen " in line for line in lines[4:])


def test_lengths_give_the_cost_of_a_frame():
    rows = json.loads(benchmark("rnn", *TINY, "--json", "--lengths", "4", "20"))
    assert [row["shape"] for row in rows] == [[2, 4, 3, 3], [2, 20, 3, 3]]
    assert all({"step_us_per_frame", "memory_mb", "memory_kb_per_frame"} < set(row) for row in rows)


def test_costs_are_drawn(tmp_path):
    picture = tmp_path / "costs.png"
    rows = json.loads(benchmark("rnn", *TINY, "--json", "--only", "SimpleRNN", "--plot", str(picture)))
    assert picture.stat().st_size > 10_000 and len({tuple(row["shape"]) for row in rows}) == len(rows) > 5


def test_ctc_features_and_stream_give_rows_too():
    sizes = {
        "ctc": ("--batch", "2", "--frames", "9", "--symbols", "5", "--labels", "3", "--repeats", "1"),
        "features": ("--lines", "1", "--audio-s", "1", "--repeats", "1"), "stream": ("--units", "4", "--calls", "20"),
    }  # fmt: skip
    only = {"ctc": "backward", "features": "log_mel", "stream": "gru"}
    for sense, options in sizes.items():
        rows = json.loads(benchmark(sense, *options, "--only", only[sense], "--threads", "1", "--json"))
        assert rows and all({"name", "shape", "forward_ms", "step_ms", "threads"} < set(row) for row in rows)


def test_an_unknown_row_lists_the_known_ones():
    finished = run("rnn", *TINY, "--only", "quasi")
    assert finished.returncode == 1 and finished.stdout == ""
    assert "lstm (fused)" in finished.stderr.splitlines()[-1]
