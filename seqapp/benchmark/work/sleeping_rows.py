"""Input workload of more cores than there are: rows sleep instead of computing, in batches as a training has them."""

import contextlib
import dataclasses
import itertools
import logging
import threading
import time
import types
from unittest import mock

import numpy as np
import tensorflow as tf

import seqapp.recipe
from seqapp.benchmark.work.batches import made_up
from seqapp.command_line import find_recipe
from seqapp.input_pipeline import batches, training_batches

logger = logging.getLogger(__name__)

AXES = "examples, batches"
RECIPE = "quickstart"
NUM_EXAMPLES, NUM_BATCHES = 200, 120
SHORTEST, LONGEST, BATCH_FRAMES = 40, 980, 4_000  # frames; batches of 4 to 32 rows, as of lines of ink
SLEEP_S = 0.1  # much longer than what a real core does for a row beside


def sleeping_rows(num_cores: int, threads: int) -> list[dict]:
    """Time the input of a training whose rows take `SLEEP_S` of a core each, side by side for so many cores.

    The first row is the scheme that there was once: three batches side by side, one row of each, whatever the cores.
    tf.data begins batches ahead of those three, and as batches differ in rows, those that are done wait for their turn.
    Counted are rows that are made between two batches in the steady state. Batches that come out would count wrongly:
    up to nine of them are begun before a clock that starts behind the first.

    Args:
        num_cores: Of the machine to simulate.
        threads: What to write into the rows.
    """
    with scheme_of_once():
        rows = [_timed(f"{num_cores} simulated cores, three batches of one row", num_cores)]
    rows.append(_timed(f"{num_cores} simulated cores, rows across batches", num_cores))
    rows.append({"name": f"{num_cores} simulated cores, all busy", "shape": rows[0]["shape"], **_rates(num_cores)})
    return [{**row, "ratio": round(row["rows_per_s"] / rows[0]["rows_per_s"], 2), "threads": threads} for row in rows]


def scheme_of_once() -> contextlib.AbstractContextManager:
    """Return a context in which `training_batches` makes three batches side by side, one row of each."""
    return mock.patch.object(batches, "batches_of_rows", _three_batches_of_a_row)


def _timed(name, num_cores):
    recipe = seqapp.recipe.load(find_recipe(RECIPE))
    corpus, plan = made_up(recipe, NUM_EXAMPLES, SHORTEST)
    sleeps = []
    lock = threading.Lock()
    inputs = corpus.inputs

    def sleep(index):
        start = time.perf_counter()
        time.sleep(SLEEP_S)
        with lock:
            sleeps.append((start, time.perf_counter()))
        return index

    def sleeping_inputs(index):
        return inputs(tf.ensure_shape(tf.numpy_function(sleep, [index], tf.int32, stateful=False), []))

    corpus.inputs = sleeping_inputs
    options = tf.data.Options()
    options.threading.private_threadpool_size = num_cores
    dataset = training_batches(corpus, _few(plan), recipe, lambda frames: frames, cores=num_cores)
    times = [time.perf_counter() for _ in dataset.with_options(options)]
    start, end = times[NUM_BATCHES // 4], times[-NUM_BATCHES // 4]
    inside = np.minimum(np.array(sleeps)[:, 1], end) - np.maximum(np.array(sleeps)[:, 0], start)
    under_way = float(inside.clip(0).sum() / (end - start))
    logger.info("%s: %d rows in %.2f s", name, len(sleeps), times[-1] - times[0])
    return {"name": name, "shape": [NUM_EXAMPLES, NUM_BATCHES], **_rates(under_way)}


def _few(plan):
    """Return the first batches of a plan whose rows have very different lengths."""
    lengths = np.random.default_rng(0).integers(SHORTEST, LONGEST, NUM_EXAMPLES)
    varied = dataclasses.replace(plan, num_frames=lengths, batch_frames=BATCH_FRAMES, max_batch_size=32)
    return types.SimpleNamespace(
        longest_row=plan.longest_row, shapes=plan.shapes,
        batches=lambda start: itertools.islice(varied.batches(start), NUM_BATCHES),
    )  # fmt: skip


def _rates(under_way):
    return {"rows_per_s": round(under_way / SLEEP_S, 1), "rows_under_way": round(under_way, 1)}


def _three_batches_of_a_row(rows, make, cores):
    """Make batches as they were made when the project had no other way, with the signature of today's."""
    whole = rows.group_by_window(
        key_func=lambda num_rows, *_: tf.cast(num_rows, tf.int64),
        reduce_func=lambda num_rows, window: window.batch(num_rows),
        window_size_func=lambda num_rows: num_rows,
    )

    def batch(num_rows, *arrays):
        made = tf.data.Dataset.from_tensor_slices((num_rows, *arrays)).map(make).map(lambda _, row: row)
        return made.padded_batch(tf.shape(num_rows, out_type=tf.int64)[0])

    return whole.interleave(batch, cycle_length=3, block_length=1, num_parallel_calls=3, deterministic=True)
