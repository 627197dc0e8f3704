"""Input workload of more cores than there are: rows sleep instead of computing, in batches as a training has them."""

import logging
import time
from unittest import mock

import numpy as np
import tensorflow as tf

from seqapp.input_pipeline import batches

logger = logging.getLogger(__name__)

AXES = "rows of a batch, batches"
NUM_ROWS, NUM_BATCHES = 16, 24
SLEEP_S = 0.05  # much longer than what a real core does for a row beside


def sleeping_rows(num_cores: int, threads: int) -> list[dict]:
    """Time rows that take `SLEEP_S` of a core each, with the input's parallelism of so many cores.

    The first row has three batches side by side and one row of each, whatever the cores: so it was once.

    Args:
        num_cores: Of the machine to simulate.
        threads: What to write into the rows.
    """
    rows = [_timed(f"simulated {cores} cores, rows by {name}", num_cores, cores) for name, cores in (
        ("three", batches.BATCHES_AT_ONCE), ("all", num_cores),
    )]  # fmt: skip
    return [{**row, "ratio": round(row["rows_per_s"] / rows[0]["rows_per_s"], 2), "threads": threads} for row in rows]


def _timed(name, num_cores, used):
    def sleep(number):
        time.sleep(SLEEP_S)
        return number

    def row(number):
        return tf.ensure_shape(tf.numpy_function(sleep, [number], tf.int64, stateful=False), [])

    def batch(start):
        numbers = tf.data.Dataset.range(start, start + NUM_ROWS)
        return batches.side_by_side(numbers, row).batch(NUM_ROWS)

    with mock.patch.object(batches, "num_cores", lambda: used):
        starts = tf.data.Dataset.range(0, NUM_ROWS * NUM_BATCHES, NUM_ROWS)
        dataset = batches.batches_side_by_side(starts, batch)
    options = tf.data.Options()
    options.threading.private_threadpool_size = num_cores + batches.BATCHES_AT_ONCE  # a batch waits on one of them
    start = time.perf_counter()
    numbers = np.concatenate([numbers.numpy() for numbers in dataset.with_options(options)])
    seconds = time.perf_counter() - start
    if not np.array_equal(numbers, np.arange(NUM_ROWS * NUM_BATCHES)):
        raise AssertionError("rows came out of order")
    logger.info("%s: %.2f s", name, seconds)
    return {"name": name, "shape": [NUM_ROWS, NUM_BATCHES], "rows_per_s": round(len(numbers) / seconds, 1)}
