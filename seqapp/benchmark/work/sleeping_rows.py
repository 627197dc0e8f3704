"""Input workload of more cores than there are: rows sleep instead of computing, in batches as a training has them."""

import logging
import time
import types

import numpy as np
import tensorflow as tf

import seqapp.recipe
from seqapp.benchmark.work.batches import made_up
from seqapp.command_line import find_recipe
from seqapp.input_pipeline import batches, training_batches

logger = logging.getLogger(__name__)

AXES = "rows of a batch, batches"
RECIPE = "quickstart"
NUM_ROWS, NUM_BATCHES, NUM_FRAMES = 16, 18, 60
SLEEP_S = 0.5  # much longer than what a real core does for a row beside, of a busy machine too


def sleeping_rows(num_cores: int, threads: int) -> list[dict]:
    """Time the input of a training whose rows take `SLEEP_S` of a core each, side by side for so many cores.

    The first row has three batches side by side and one row of each, whatever the cores: so it was once. tf.data begins
    batches ahead of those three, so that more than three rows are under way. Rows are counted from the first one that
    is made: a clock that starts behind some batches counts what was made before it.

    Args:
        num_cores: Of the machine to simulate.
        threads: What to write into the rows.
    """
    kinds = {"three": batches.BATCHES_AT_ONCE, "all": num_cores}
    rows = [_timed(f"{num_cores} simulated cores, rows by {name}", num_cores, used) for name, used in kinds.items()]
    return [{**row, "ratio": round(row["rows_per_s"] / rows[0]["rows_per_s"], 2), "threads": threads} for row in rows]


def _timed(name, num_cores, used):
    recipe = seqapp.recipe.load(find_recipe(RECIPE))
    corpus, plan = made_up(recipe, NUM_ROWS, NUM_FRAMES)
    inputs = corpus.inputs

    def sleep(index):
        time.sleep(SLEEP_S)
        return index

    def sleeping_inputs(index):
        return inputs(tf.ensure_shape(tf.numpy_function(sleep, [index], tf.int32, stateful=False), []))

    corpus.inputs = sleeping_inputs
    rows = [np.array([index]) for index in range(NUM_ROWS)]
    few = types.SimpleNamespace(
        longest_row=plan.longest_row, shape=plan.shape, shapes=plan.shapes,
        batches=lambda start: ((step, rows) for step in range(start, NUM_BATCHES)),
    )  # fmt: skip
    options = tf.data.Options()
    options.threading.private_threadpool_size = num_cores
    dataset = training_batches(corpus, few, recipe, lambda frames: frames, cores=used).with_options(options)
    start = time.perf_counter()
    num_rows = sum(len(batch["index"]) for batch in dataset)
    seconds = time.perf_counter() - start
    logger.info("%s: %d rows in %.2f s", name, num_rows, seconds)
    rate = num_rows / seconds
    sizes = [NUM_ROWS, NUM_BATCHES]
    return {"name": name, "shape": sizes, "rows_per_s": round(rate, 1), "rows_under_way": round(rate * SLEEP_S, 1)}
