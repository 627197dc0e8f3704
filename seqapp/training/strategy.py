"""Distribution strategies of a training: one device, all GPUs of this machine, or several machines."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator

import keras
import tensorflow as tf

from seqapp.recipe import TrainingConfig


def make_strategy(name: str) -> tf.distribute.Strategy:
    """Make the `tf.distribute` strategy of a recipe, first of all: collective operations are set up at program start.

    Args:
        name: "one_device" (a GPU where there is one), "mirrored" (all GPUs of this machine) or "multi_worker"
            (one process per machine, each with its own TF_CONFIG and all with the same workdir on a shared disk).

    Raises:
        ValueError: For multi_worker without TF_CONFIG.
    """
    if name == "mirrored":
        return tf.distribute.MirroredStrategy()
    if name == "multi_worker":
        if "TF_CONFIG" not in os.environ:
            raise ValueError(
                "training.strategy=multi_worker reads the cluster from the environment variable TF_CONFIG. Received: "
                'none. Example: {"cluster": {"worker": ["host0:2222", "host1:2222"]}, '
                '"task": {"type": "worker", "index": 0}}'
            )
        return tf.distribute.MultiWorkerMirroredStrategy()
    return tf.distribute.get_strategy()


def is_mirrored(strategy: tf.distribute.Strategy) -> bool:
    """Return whether a strategy has several replicas, all in this process."""
    several = strategy.num_replicas_in_sync > 1
    return several and not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)


def is_chief() -> bool:
    """Return whether this process is the chief of TF_CONFIG, else its worker 0, or the only process."""
    config = json.loads(os.environ.get("TF_CONFIG", "{}"))
    first = "chief" if "chief" in config.get("cluster", {}) else "worker"
    task = config.get("task", {})
    return task.get("type", first) == first and int(task.get("index", 0)) == 0


def writes_workdir(config: TrainingConfig) -> bool:
    """Return whether this process writes the workdir of a training: one process does.

    Args:
        config: `TrainingConfig`. TF_CONFIG may stand in the environment of a run that does not ask for it.
    """
    return config.strategy != "multi_worker" or is_chief()


@contextlib.contextmanager
def building(strategy: tf.distribute.Strategy, config: TrainingConfig) -> Iterator[None]:
    """Build a model inside of this context: under the strategy, precision and seed of a recipe.

    Args:
        strategy: From `make_strategy`.
        config: `TrainingConfig`.
    """
    with strategy.scope():
        keras.config.set_dtype_policy(config.precision)
        try:
            keras.utils.set_random_seed(config.seed)
            yield
        finally:
            keras.config.set_dtype_policy("float32")


def distribute(strategy: tf.distribute.Strategy, make_dataset: Callable):
    """Return an iterator of per-replica batches.

    Args:
        strategy: From `make_strategy`.
        make_dataset: Function from (replicas, num_replicas) to a dataset whose elements go to these replicas in turn.
    """
    num_replicas = strategy.num_replicas_in_sync
    if num_replicas == 1:
        return iter(make_dataset(range(1), 1))

    def of_worker(context):
        local = num_replicas // context.num_input_pipelines
        first = context.input_pipeline_id * local
        return make_dataset(range(first, first + local), num_replicas)

    return iter(strategy.distribute_datasets_from_function(of_worker))
