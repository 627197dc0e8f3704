"""LiteRT (TensorFlow Lite): one file of built-in operators, for telephones and small computers."""

import tensorflow as tf

FILE = "network.tflite"


def convert(network) -> bytes:
    """The content of a file.

    Args:
        network: `Network`.
    """
    converter = tf.lite.TFLiteConverter.from_concrete_functions([network.function], network)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    return converter.convert()


def run(content, features):
    """What the interpreter says: log_probs float32 `[1, T', K]`.

    Args:
        content: Of the file.
        features: Float32 `[1, T, F]`.
    """
    interpreter = tf.lite.Interpreter(model_content=content)
    (given,), (found,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.resize_tensor_input(given["index"], features.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(given["index"], features)
    interpreter.invoke()
    return interpreter.get_tensor(found["index"])
