"""A SavedModel in a session, as TensorFlow Serving runs it: from file to answer in C++.

`tf.saved_model.load` makes every function again in Python, node by node, gradients too. The models of this project have
eleven to thirty thousand nodes, and that takes 2.2 to 3.5 s of a start, where a session takes 0.6 to 0.9 s; answers
and their times are the same (TensorFlow 2.21).
"""

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from seqapp.serving.server.loaded_models.versions import SAVED_MODEL

v1 = tf.compat.v1
INIT = "__saved_model_init_op"  # fills tables; the key under which `tf.saved_model.save` keeps it


class SavedGraph:
    """The graph and the variables of one version.

    Args:
        path: Folder of the SavedModel.

    Raises:
        OSError: It cannot be read.
        ValueError: Not one graph for serving in it.
        google.protobuf.message.DecodeError: It is no SavedModel.

    Attributes:
        signature_defs: `SignatureDef` messages by name, as they stand in the file.
    """

    def __init__(self, path: Path):
        meta_graph = _serving_graph(path)
        self.signature_defs = dict(meta_graph.signature_def)
        config = _config()
        _plan_quickly(meta_graph.graph_def, config)
        self._session = v1.Session(graph=tf.Graph(), config=config)
        with self._session.graph.as_default():
            tf.import_graph_def(meta_graph.graph_def, name="")
        self._restore(meta_graph, path)

    def function(self, name: str) -> Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]:
        """Make a signature a function of NumPy arrays by name, for any thread.

        Args:
            name: Of the signature.

        Returns:
            Function that gives NumPy arrays by name, and raises tf.errors.OpError where the graph refuses its inputs.
            With `timeout_s` it stops, between two operations, when these seconds are over.
        """
        signature_def = self.signature_defs[name]
        inputs = sorted(signature_def.inputs)
        outputs = sorted(signature_def.outputs)
        fetches = [signature_def.outputs[key].name for key in outputs]
        feeds = [signature_def.inputs[key].name for key in inputs]
        calls = [self._session.make_callable(fetches, feeds, accept_options=limited) for limited in (False, True)]
        return functools.partial(_call, *calls, inputs, outputs)

    def _restore(self, meta_graph, path):
        """Restore variables, then fill tables."""
        if (path / "variables" / "variables.index").is_file():
            feeds = {meta_graph.saver_def.filename_tensor_name: str(path / "variables" / "variables")}
            self._run(meta_graph.saver_def.restore_op_name, feeds)
        if INIT in self.signature_defs:
            (init,) = self.signature_defs[INIT].outputs.values()
            assets = meta_graph.asset_file_def
            feeds = {asset.tensor_info.name: str(path / "assets" / asset.filename) for asset in assets}
            self._run(init.name, feeds)

    def _run(self, name, feeds):
        self._session.run(self._session.graph.as_graph_element(name.partition(":")[0]), feeds)


def _call(call, call_with_options, inputs, outputs, arrays, timeout_s=None):
    values = [arrays[key] for key in inputs]
    if timeout_s is None:
        return dict(zip(outputs, call(*values)))
    options = v1.RunOptions(timeout_in_ms=max(1, round(1000 * timeout_s)))
    return dict(zip(outputs, call_with_options(*values, options=options)))


def _serving_graph(path):
    """Read the `MetaGraphDef` for serving."""
    message = saved_model_pb2.SavedModel.FromString((path / SAVED_MODEL).read_bytes())
    graphs = [graph for graph in message.meta_graphs if set(graph.meta_info_def.tags) == {"serve"}]
    if len(graphs) != 1:
        tags = [sorted(graph.meta_info_def.tags) for graph in message.meta_graphs]
        raise ValueError(f"{path}: expected one graph with the tag serve. Received: {tags}. Export it for serving.")
    return graphs[0]


def _config():
    """Configure a session that shares the machine with others, with the threads that this process was told to take."""
    config = v1.ConfigProto(
        intra_op_parallelism_threads=tf.config.threading.get_intra_op_parallelism_threads(),
        inter_op_parallelism_threads=tf.config.threading.get_inter_op_parallelism_threads(),
    )
    config.gpu_options.allow_growth = True  # or the first one takes all of the memory
    # Its optimiser of graphs doubles the time of a first call, and saves nothing thereafter (AN4, 5 s: 21 ms of CPU
    # with it and without; UNIPEN, 500 points: 13 ms).
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    return config


def _plan_quickly(graph_def, config):
    """Set the configuration of calls of functions, too: they carry their own, which a session does not look into."""
    for nodes in (graph_def.node, *(function.node_def for function in graph_def.library.function)):
        for node in nodes:
            if "config_proto" in node.attr:
                node.attr["config_proto"].s = config.SerializeToString()
