"""Time and memory over sequence length, one process per length."""

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path

PASSED_ON = ("batch", "units", "repeats", "threads")


def rows_by_length(arguments: argparse.Namespace, script: str | Path) -> list[dict]:
    """Measure min_gru, one row per length, each in a process of its own: peak memory never comes down again.

    Args:
        arguments: Those of `benchmark.py rnn`, with `lengths`.
        script: Path of benchmark.py.

    Returns:
        List of rows, with cost a frame.
    """
    command = [sys.executable, str(script), "rnn", "--json", "--only", "min_gru (auto)"]
    for name in PASSED_ON:
        command += [f"--{name}", str(getattr(arguments, name))]
    rows = []
    for frames in arguments.lengths:
        run = subprocess.run([*command, "--frames", str(frames)], check=True, stdout=subprocess.PIPE)
        rows.append(with_cost_per_frame(json.loads(run.stdout)[0], frames))
    return rows


def with_cost_per_frame(row: dict, frames: int) -> dict:
    """Return a row with its step in microseconds and its memory in KiB, both divided by `frames`."""
    totals = {"step_us": 1000 * row["step_ms"], "memory_kb": 1024 * row["memory_mb"]}
    return row | {f"{name}_per_frame": round(total / frames, 2) for name, total in totals.items()}


def peak_memory_mb() -> float:
    """Return the largest resident memory of this process so far (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
