"""LiteRT (TensorFlow Lite) files: built-in operators only, for telephones and small computers."""

import tensorflow as tf

FILE = "network.tflite"


def convert(network) -> bytes:
    """Convert a network to the content of a file.

    Args:
        network: `Network`.
    """
    converter = tf.lite.TFLiteConverter.from_concrete_functions([network.function], network)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    return converter.convert()


def run(content: bytes, features):
    """Run a file by the interpreter.

    Args:
        content: Of the file.
        features: Float32 `[1, T, F]`.

    Returns:
        log_probs, float32 `[1, T', K]`.
    """
    interpreter = tf.lite.Interpreter(model_content=content)
    (feature_details,) = interpreter.get_input_details()
    (log_prob_details,) = interpreter.get_output_details()
    interpreter.resize_tensor_input(feature_details["index"], features.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(feature_details["index"], features)
    interpreter.invoke()
    return interpreter.get_tensor(log_prob_details["index"])
