"""Model folders: a saved graph computes the same without its gradients; versions are found, counted, written whole."""

import logging

import pytest
import tensorflow as tf

from seqapp.models.model_folder import ASSETS, GRADIENT, ModelFolder, new_version, newest, next_number, save_graph
from seqapp.rnn import Recurrent
from seqapp.rnn.cells import MinGRUCell


def test_a_graph_without_its_gradients_computes_the_same(tmp_path, caplog):
    layer, inputs = Recurrent(MinGRUCell(4), "parallel_scan"), tf.random.stateless_normal([2, 5, 3], [0, 1])
    expected, module = layer(inputs), tf.Module()
    module.variables_ = [variable.value for variable in layer.variables]
    function = tf.function(lambda inputs: {"outputs": layer(inputs)}, input_signature=[tf.TensorSpec([None, None, 3])])
    save_graph(module, tmp_path / "model", {"serving_default": function})
    assert GRADIENT.encode() not in (tmp_path / "model" / "saved_model.pb").read_bytes()
    with caplog.at_level(logging.WARNING):
        loaded = tf.saved_model.load(str(tmp_path / "model"))
    assert not caplog.records
    tf.debugging.assert_near(loaded.signatures["serving_default"](inputs)["outputs"], expected)


@pytest.fixture
def versions(tmp_path):
    for name in ("2", "10", "notes", ".unfinished-11"):
        (tmp_path / "small" / name / ASSETS).mkdir(parents=True)
        (tmp_path / "small" / name / "saved_model.pb").touch()
    return tmp_path / "small"


def test_the_newest_version_is_that_of_the_largest_number(versions):
    assert newest(versions) == versions / "10" and next_number(versions) == 11
    assert ModelFolder.find(versions) == ModelFolder.find(versions / "10") != ModelFolder.find(versions / "2")
    assert ModelFolder.find(versions).name == "small/10"


def test_files_of_a_saved_model_lie_among_its_assets_and_those_of_a_workdir_in_it(versions, tmp_path):
    assert ModelFolder.find(versions).file("recipe.json") == versions / "10" / ASSETS / "recipe.json"
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "recipe.json").touch()
    folder = ModelFolder.find(tmp_path / "run")
    assert folder.file("alphabet.txt") == tmp_path / "run" / "alphabet.txt"
    assert (folder.name, folder.is_saved_model) == ("run", False)


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_where_no_model_is_the_error_says_what_was_expected(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match=f"No model at .*{name}. Expected the workdir of a training"):
        ModelFolder.find(tmp_path / name)


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_version_appears_whole_or_not_at_all(tmp_path, monkeypatch, error):
    monkeypatch.setattr("seqapp.models.model_folder.save_graph", lambda _module, path, _signatures: path.mkdir())
    with pytest.raises(type(error)), new_version(tmp_path, None, {}):
        raise error
    assert not list(tmp_path.iterdir()) and next_number(tmp_path) == 1
    with new_version(tmp_path, None, {}) as unfinished:
        (unfinished / "card").touch()
        assert next_number(tmp_path) == 1
    assert (tmp_path / "1" / "card").is_file() and next_number(tmp_path) == 2
