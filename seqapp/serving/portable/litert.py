"""LiteRT (TensorFlow Lite) files: built-in operators only, for telephones and small computers."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

FILE = "network.tflite"


def convert(network) -> bytes:
    """Convert a network to the content of a file.

    Args:
        network: `Network`.
    """
    return make_converter(network).convert()


def make_converter(network) -> tf.lite.TFLiteConverter:
    """Make the converter of a `Network`, to built-in operators."""
    converter = tf.lite.TFLiteConverter.from_concrete_functions([network.function], network)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    return converter


def open_file(content: bytes) -> Callable[[np.ndarray], np.ndarray]:
    """Open a file with the interpreter.

    Args:
        content: Of the file.

    Returns:
        Function of features, float32 `[1, T, F]`, that gives log_probs, float32 `[1, T', K]`.
    """
    interpreter = tf.lite.Interpreter(model_content=content)
    (feature_details,) = interpreter.get_input_details()
    (log_prob_details,) = interpreter.get_output_details()

    def run(features):
        interpreter.resize_tensor_input(feature_details["index"], features.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(feature_details["index"], features)
        interpreter.invoke()
        return interpreter.get_tensor(log_prob_details["index"])

    return run
