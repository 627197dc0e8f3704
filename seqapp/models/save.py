"""Writing graphs that are served."""

from pathlib import Path

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

GRADIENT = "_gradient_op_type"  # of a node with a gradient of its own


def save(module, folder, signatures):
    """Write a SavedModel without derived gradients, which are a third of a graph and of the time to load it.

    Whoever trains on takes the weights. Nodes forget that there were gradients: loaders would warn of each.

    Args:
        module: `tf.Module`.
        folder: Path that does not exist.
        signatures: Functions by name.
    """
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    tf.saved_model.save(module, str(folder), signatures=signatures, options=options)
    forget_gradients(Path(folder) / "saved_model.pb")


def forget_gradients(path):
    """Rewrite the file of a graph without the names of derived gradients."""
    message = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    for function in message.meta_graphs[0].graph_def.library.function:
        for node in function.node_def:
            if GRADIENT in node.attr:
                del node.attr[GRADIENT]
    path.write_bytes(message.SerializeToString())
