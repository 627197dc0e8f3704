"""Process of test_validation.py: validates a small model on one device and on two mirrored ones, in each precision.

It prints the figures of both as JSON. Devices cannot be divided any more once TensorFlow has looked at them.
"""

import dataclasses
import json

import keras
import numpy as np
import tensorflow as tf
from small_models import ALPHABET, small_recipe  # tests/ is on the path of this process

from seqapp.models import Recognizer
from seqapp.training.validation import Validator

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
NUM_BATCHES = 5  # an odd number: in the last round one replica has nothing to do


def batches(num_features):
    rng = np.random.default_rng(0)
    made = []
    for number in range(NUM_BATCHES):
        rows, frames = 1 + number % 3, 20 + 7 * number
        made.append({
            "features": rng.normal(size=(rows, frames, num_features)).astype(np.float32),
            "length": rng.integers(10, frames + 1, rows).astype(np.int32),
            "labels": rng.integers(0, len(ALPHABET), (rows, 3)).astype(np.int32),
            "label_length": rng.integers(1, 4, rows).astype(np.int32),
            "weight": np.ones(rows, np.float32),
            "index": (3 * number + np.arange(rows)).astype(np.int32),
        })  # fmt: skip
    signature = {name: tf.TensorSpec([None] * np.ndim(value), value.dtype) for name, value in made[0].items()}
    signature["features"] = tf.TensorSpec([None, None, num_features], tf.float32)
    return tf.data.Dataset.from_generator(lambda: iter(made), output_signature=signature)


def figures(strategy, precision):
    with strategy.scope():
        keras.config.set_dtype_policy(precision)
        keras.utils.set_random_seed(1)
        model = Recognizer.from_recipe(small_recipe(), ALPHABET)
        keras.config.set_dtype_policy("float32")
    texts = np.array(["ab", "b a", "abc"] * NUM_BATCHES, object)
    validator = Validator(model, batches(model.num_features), texts, ALPHABET, strategy)
    return [dataclasses.asdict(validator.run()) for _ in range(2)]


if __name__ == "__main__":
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
    one, two = tf.distribute.get_strategy(), tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    assert two.num_replicas_in_sync == 2
    print(json.dumps({precision: [figures(each, precision) for each in (one, two)] for precision in PRECISIONS}))
