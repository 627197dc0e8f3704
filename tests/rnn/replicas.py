"""What two replicas learn, in a process of their own: `python replicas.py FILE`."""

import sys

import keras
import numpy as np
import tensorflow as tf

from seqapp.rnn import Recurrent
from seqapp.rnn.cells import LSTMCell, MinGRUCell

UNITS, NUM_FEATURES = 3, 2
NUM_ROWS, NUM_FRAMES = 4, 18  # of which every replica gets two; frames enough for the compiled execution


def train(strategy):
    """Losses and weights of a model that `fit` trained in a strategy, by name."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    inputs, targets = rng.normal(size=(NUM_ROWS, NUM_FRAMES, NUM_FEATURES)), rng.normal(size=(NUM_ROWS, 1))
    inputs[::2, 10:] = 0.0  # which Masking hides
    with strategy.scope():
        last = Recurrent(MinGRUCell(UNITS), go_backwards=True, return_sequences=False)
        model = keras.Sequential([keras.layers.Masking(), Recurrent(LSTMCell(UNITS)), last, keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.1), "mse")
    losses = model.fit(inputs, targets, batch_size=NUM_ROWS, shuffle=False, epochs=3, verbose=0).history["loss"]
    return {"losses": losses, **{f"{k} {v.name}": v.numpy() for k, v in enumerate(model.weights)}}


def main(path):
    """Two logical processors stand for two GPUs; they must be there before TensorFlow starts."""
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})  # as in conftest.py
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    assert strategy.num_replicas_in_sync == 2
    np.savez(path, **train(strategy))


if __name__ == "__main__":
    main(sys.argv[1])
