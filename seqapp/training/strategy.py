"""Where the training runs: one device, all GPUs of this machine, or several machines."""

import json
import os

import tensorflow as tf


def make_strategy(name):
    """The `tf.distribute` strategy of a recipe. Make it first: collective operations are set up at program start.

    Args:
        name: "one_device" (a GPU where there is one), "mirrored" (all GPUs of this machine) or "multi_worker"
            (one process a machine, each with its own TF_CONFIG and all with the same workdir on a shared disk).

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


def is_chief():
    """Whether this process writes the workdir: the chief of TF_CONFIG, else its worker 0, or the only process."""
    config = json.loads(os.environ.get("TF_CONFIG", "{}"))
    first = "chief" if "chief" in config.get("cluster", {}) else "worker"
    task = config.get("task", {})
    return task.get("type", first) == first and int(task.get("index", 0)) == 0


def distribute(strategy, make_dataset):
    """An iterator of per-replica batches.

    Args:
        strategy: From `make_strategy`.
        make_dataset: Function of (replicas, num_replicas) to a dataset whose elements go to these replicas in turn.
    """
    num_replicas = strategy.num_replicas_in_sync
    if num_replicas == 1:
        return iter(make_dataset(range(1), 1))

    def of_worker(context):
        local = num_replicas // context.num_input_pipelines
        first = context.input_pipeline_id * local
        return make_dataset(range(first, first + local), num_replicas)

    return iter(strategy.distribute_datasets_from_function(of_worker))
