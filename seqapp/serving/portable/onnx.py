"""ONNX files, for ONNX Runtime and other programs that read them."""

import logging
from collections.abc import Callable

import numpy as np
import tensorflow as tf

FILE = "network.onnx"
OPSET = 18


def convert(network) -> bytes:
    """Convert a network to the content of a file.

    Args:
        network: `Network`.

    Raises:
        ValueError: tf2onnx or onnxruntime, which compares, is not installed.
    """
    try:
        import onnxruntime  # noqa: F401
        import tf2onnx
    except ImportError as error:
        raise ValueError(f"ONNX needs tf2onnx and onnxruntime: {error}. Try: pip install -e '.[onnx]'") from None
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    _know_erfc(tf2onnx.handler.tf_op)
    function = tf.function(lambda features: network.function(features)["log_probs"], autograph=False)
    spec = tf.TensorSpec(network.function.inputs[0].shape, tf.float32, "features")
    model, _ = tf2onnx.convert.from_function(function, input_signature=[spec], opset=OPSET)
    return model.SerializeToString()


def open_file(content: bytes) -> Callable[[np.ndarray], np.ndarray]:
    """Open a file with ONNX Runtime; argument and value as of `litert.open_file`."""
    import onnxruntime

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda features: session.run(None, {name: features})[0]


def _know_erfc(tf_op):
    """Register erfc: GELU is x erfc(-x / sqrt(2)) / 2 in TensorFlow 2.21; tf2onnx 1.17 and ONNX know erf only."""

    @tf_op("Erfc")
    class Erfc:
        @classmethod
        def version_9(cls, ctx, node, **_):
            node.type = "Erf"
            one = ctx.make_const(f"{node.name}_one", np.float32(1)).output[0]
            negative = ctx.insert_new_node_on_output("Neg", node.output[0], name=f"{node.name}_negative")
            total = ctx.insert_new_node_on_output("Add", negative.output[0], name=f"{node.name}_total")
            ctx.replace_inputs(total, [negative.output[0], one])
