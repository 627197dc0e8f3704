"""One process of a distributed training: `python worker.py mirrored|multi_worker workdir steps`.

Started by test_strategy.py. Under multi_worker, worker 1 gets Ctrl-C in the middle, and all resume in one go.
"""

import signal
import sys

import tensorflow as tf
from small_trainings import ScriptedValidator, make_training, small_recipe  # tests/ is on the path of this process

import seqapp.training.loop
from seqapp.training import make_strategy
from seqapp.training.strategy import is_chief


def two_processors():
    """Two logical processors stand for two GPUs."""
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def interrupted():
    """The error rate of one evaluation, and Ctrl-C during it, where this is not the chief."""
    if not is_chief():
        signal.raise_signal(signal.SIGINT)
    yield 1.0


def main(kind, workdir, changes):
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})  # as in conftest.py
    seqapp.training.loop.LOG_EVERY = 1
    recipe = small_recipe(*changes, f"training.strategy={kind}")
    strategy = two_processors() if kind == "mirrored" else make_strategy(kind)
    assert strategy.num_replicas_in_sync == 2
    if kind == "multi_worker":
        training = make_training(workdir, recipe, strategy=strategy)
        ScriptedValidator(training, interrupted())
        training.run()
        assert training.was_stopped and training.step == recipe.training.evaluate_every + 1
    training = make_training(workdir, recipe, strategy=strategy)
    if kind == "multi_worker":
        ScriptedValidator(training, [0.5])  # mirrored validates in earnest
    training.run()
    assert not training.was_stopped and training.step == recipe.training.steps


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
