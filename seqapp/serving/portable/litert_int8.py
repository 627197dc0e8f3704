"""LiteRT files with weights in int8 (dynamic range): a quarter of the size; sums and activations stay float32."""

import tensorflow as tf

from seqapp.serving.portable import litert

FILE = "network_int8.tflite"
TOLERANCE = 0.05  # of probabilities, in the mean: 256 steps of a weight are no float32. What it costs, a corpus tells

open_file = litert.open_file


def convert(network) -> bytes:
    """Convert a network to the content of a file; argument as of `litert.convert`."""
    converter = litert.make_converter(network)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return converter.convert()
