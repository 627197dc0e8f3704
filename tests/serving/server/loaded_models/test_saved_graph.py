"""A SavedModel in a session answers as `tf.saved_model.load` does, and tells what is wrong with a file."""

import numpy as np
import pytest
import tensorflow as tf
from google.protobuf.message import DecodeError

from seqapp.serving.server.loaded_models.saved_graph import SavedGraph
from seqapp.serving.server.loaded_models.signature import Signature


class Dictionary(tf.Module):
    """A table that is filled from a file at the start."""

    def __init__(self, path):
        super().__init__()
        key, value = tf.lookup.TextFileIndex.WHOLE_LINE, tf.lookup.TextFileIndex.LINE_NUMBER
        lines = tf.lookup.TextFileInitializer(str(path), tf.string, key, tf.int64, value)
        self.table = tf.lookup.StaticHashTable(lines, -1)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "word")])
    def find(self, word):
        return {"number": self.table.lookup(word)}


def test_answers_are_those_of_the_loader_of_tensorflow(talk, toolbox):
    samples = np.sin(np.arange(4_000) / 9).astype(np.float32)[np.newaxis]
    asked = {
        talk: [
            ("serving_default", {"waveform": samples, "lengths": np.int32([4_000])}),
            ("log_probs", {"waveform": samples, "lengths": np.int32([3_000])}),
            ("stream_init", {}),
        ],
        toolbox: [("greet", {"name": np.array([b"a\0"], object)}), ("scalar", {"count": np.int32(3)})],
    }
    for path, requests in asked.items():
        graph, loaded = SavedGraph(path), tf.saved_model.load(str(path))
        for name, inputs in requests:
            if name == "stream_init":
                inputs = Signature(name, graph.signature_defs[name]).example()
            found = graph.function(name)(inputs)
            tensors = {key: tf.constant(value) for key, value in inputs.items()}
            expected = {key: tensor.numpy() for key, tensor in loaded.signatures[name](**tensors).items()}
            assert found.keys() == expected.keys()
            for key, array in expected.items():
                assert found[key].dtype == array.dtype
                if array.dtype == np.float32:  # graphs are optimised in one way or another
                    np.testing.assert_allclose(found[key], array, atol=1e-5, err_msg=f"{name} {key}")
                else:
                    np.testing.assert_array_equal(found[key], array, err_msg=f"{name} {key}")


def test_tables_are_filled_from_the_files_that_lie_beside_the_graph(tmp_path):
    (tmp_path / "words.txt").write_text("one\ntwo\n")
    tf.saved_model.save(module := Dictionary(tmp_path / "words.txt"), str(tmp_path / "model"), signatures=module.find)
    (tmp_path / "words.txt").unlink()
    found = SavedGraph(tmp_path / "model").function("serving_default")({"word": np.array([b"two", b"three"], object)})
    assert found["number"].tolist() == [1, -1]


def test_a_file_that_is_none_is_told(tmp_path, toolbox):
    with pytest.raises(OSError):
        SavedGraph(tmp_path)
    (tmp_path / "saved_model.pb").write_bytes(b"\xff" * 99)
    with pytest.raises(DecodeError):
        SavedGraph(tmp_path)
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(ValueError, match=r"expected one graph with the tag serve. Received: \[\]"):
        SavedGraph(tmp_path)
