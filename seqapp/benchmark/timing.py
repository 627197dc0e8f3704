"""Timing of interleaved repetitions: medians and spreads, a burst of other load falls on all rows alike."""

import logging
import os
import statistics
import time
from collections.abc import Callable, Sequence

logger = logging.getLogger(__name__)

PAUSE_S = 0.05  # between runs: threads of the library timed before spin for a while, and would be counted


def compare(work: dict[str, Callable], only: Sequence[str], repeats: int, threads: int) -> list[dict]:
    """Build what was asked for, and time it.

    Args:
        work: Dict of name to a function that returns `(shape, forward, step)`: a list of int, and two functions that
            return when they are done. `step` is None where there is no gradient.
        only: Parts of names; rows that hold none of them are left out. Empty: all rows.
        repeats: Repetitions of the whole list, behind a first one that is not counted.
        threads: What to write into the rows.

    Returns:
        List of rows, dicts of name, shape, threads and the times of `measure`.

    Raises:
        ValueError: Where no name is meant.
    """
    selected = {name: build for name, build in work.items() if not only or any(part in name for part in only)}
    if not selected:
        raise ValueError(f"--only must be part of a row's name: {', '.join(work)}. Received: {' '.join(only)}.")
    logger.info("timing %d rows; load of the machine before: %.1f", len(selected), os.getloadavg()[0])
    runs_by_name = {name: build() for name, build in selected.items()}
    times = measure({name: runs for name, (_, *runs) in runs_by_name.items()}, repeats)
    return [{"name": name, "shape": runs_by_name[name][0], **times[name], "threads": threads} for name in runs_by_name]


def measure(work: dict, repeats: int) -> dict[str, dict]:
    """Time each name's (forward, step), all names in turn, `repeats` times.

    Returns:
        Dict of name to a dict of times; those of a step are None where there is none.
    """
    first = {name: [seconds(run) for run in runs] for name, runs in work.items()}
    times = {name: [[] for _ in runs] for name, runs in work.items()}
    for _ in range(repeats):
        for name, runs in work.items():
            for run, durations in zip(runs, times[name]):
                durations.append(seconds(run))
    return {name: row_of(*times[name], first[name][1]) for name in work}


def seconds(run: Callable | None) -> float | None:
    """Time a call; None where there is nothing to call."""
    if run is None:
        return None
    time.sleep(PAUSE_S)
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def row_of(forward: Sequence[float], step: Sequence[float], first_step: float | None) -> dict:
    """Return the times of a row, in its units, from measured seconds."""
    row = {}
    for name, durations in (("forward", forward), ("step", step)):
        is_timed = None not in durations
        row[f"{name}_ms"] = round(1000 * statistics.median(durations), 2) if is_timed else None
        # Half of the range: what a difference between two rows must exceed to mean anything.
        row[f"{name}_spread_ms"] = round(500 * (max(durations) - min(durations)), 2) if is_timed else None
    return row | {"first_step_s": first_step and round(first_step, 2)}
