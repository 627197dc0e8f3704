"""Medians of interleaved repetitions: a burst of other load falls on all rows alike."""

import logging
import os
import statistics
import time

logger = logging.getLogger(__name__)

PAUSE_S = 0.05  # between runs: threads of the library timed before spin for a while, and would be counted


def compare(work, only, repeats, threads):
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
    chosen = {name: build for name, build in work.items() if not only or any(part in name for part in only)}
    if not chosen:
        raise ValueError(f"--only must be part of a row's name: {', '.join(work)}. Received: {' '.join(only)}.")
    logger.info("timing %d rows; load of the machine before: %.1f", len(chosen), os.getloadavg()[0])
    built = {name: build() for name, build in chosen.items()}
    times = measure({name: runs for name, (_, *runs) in built.items()}, repeats)
    return [{"name": name, "shape": built[name][0], **times[name], "threads": threads} for name in built]


def measure(work, repeats):
    """Times of each name's (forward, step), all names in turn, `repeats` times.

    Returns:
        Dict of name to a dict of times; those of a step are None where there is none.
    """
    first = {name: [seconds(run) for run in runs] for name, runs in work.items()}
    times = {name: [[] for _ in runs] for name, runs in work.items()}
    for _ in range(repeats):
        for name, runs in work.items():
            for run, kept in zip(runs, times[name]):
                kept.append(seconds(run))
    return {name: row_of(*times[name], first[name][1]) for name in work}


def seconds(run):
    """What a call took; None where there is nothing to call."""
    if run is None:
        return None
    time.sleep(PAUSE_S)
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def row_of(forward, step, first_step):
    """The times of a row, in its units, of seconds measured."""
    row = {}
    for name, kept in (("forward", forward), ("step", step)):
        known = None not in kept
        row[f"{name}_ms"] = round(1000 * statistics.median(kept), 2) if known else None
        # Half of the range: what a difference between two rows must exceed to mean anything.
        row[f"{name}_spread_ms"] = round(500 * (max(kept) - min(kept)), 2) if known else None
    return row | {"first_step_s": first_step and round(first_step, 2)}
