"""A network in another format says what the SavedModel says, for lengths that its conversion has not seen."""

import warnings

import numpy as np
import pytest
import tensorflow as tf

from seqapp.models import Workdir
from seqapp.rnn.execution.parallel_scan import linear_scan
from seqapp.serving.export import export
from seqapp.serving.portable import litert, litert_int8, onnx, scores
from seqapp.serving.portable.network import Network
from seqapp.serving.portable.plain_operations import cut, doubling_scan, pad, plain_operations
from tests.pairwise import mostly_slow
from tests.small_models import small_recipe, write_workdir
from tests.small_speech import speech_recipe

RECIPES = {
    "ink": small_recipe(cell="min_gru", execution="auto"),
    "speech": speech_recipe(cell="min_gru", look_ahead=2, look_behind=1, bidirectional=False),
}


@pytest.fixture(scope="module", params=mostly_slow(RECIPES, ["ink"]))
def workdir(request, tmp_path_factory):
    return write_workdir(tmp_path_factory.mktemp(request.param) / "run", RECIPES[request.param])


@pytest.mark.parametrize("format", [litert, onnx], ids=["litert", "onnx"])
def test_a_file_says_what_the_network_says_for_any_length(workdir, format):
    if format is onnx:
        pytest.importorskip("tf2onnx", reason="pip install -e '.[onnx]'")
        pytest.importorskip("onnxruntime", reason="pip install -e '.[onnx]'")
    recognizer, recipe, _ = Workdir(workdir.path).load_model()
    content = format.convert(Network(workdir.path))
    for num_frames in (1, 23, 64):
        rng = np.random.default_rng(num_frames)
        features = rng.normal(size=(1, num_frames, recognizer.num_features)).astype(np.float32)
        logits, _ = recognizer(features, tf.constant([num_frames]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the interpreter of TensorFlow says that it moves to a package of its own
            found = format.open_file(content)(features)
        np.testing.assert_allclose(found, tf.nn.log_softmax(logits), rtol=1e-4, atol=1e-4)


def test_a_cell_that_multiplies_its_state_by_a_matrix_is_refused_and_no_version_is_made(tmp_path):
    workdir = write_workdir(tmp_path / "run", small_recipe(cell="lstm")).path
    with pytest.raises(ValueError, match="needs one of the cells"):
        export(workdir, tmp_path / "model", ["litert"])
    assert not list((tmp_path / "model").iterdir())


@pytest.mark.parametrize("num_frames", [0, 1, 2, 7, 33])
@pytest.mark.parametrize("reverse", [False, True])
def test_the_doubling_scan_gives_the_states_of_the_chunked_one(num_frames, reverse):
    rng = np.random.default_rng(num_frames)
    a, b = rng.uniform(size=(2, 2, num_frames, 3)).astype(np.float32)
    initial = rng.normal(size=(2, 3)).astype(np.float32)
    tensors = tuple(map(tf.constant, (a, b, initial)))
    for found, expected in zip(doubling_scan(*tensors, reverse), linear_scan(*tensors, reverse), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_paddings_and_cuts_are_those_of_tensorflow():
    x = tf.reshape(tf.range(24.0), [2, 4, 3])
    np.testing.assert_array_equal(pad(x, [[0, 0], [2, 1], [0, 0]]), tf.pad(x, [[0, 0], [2, 1], [0, 0]]))
    np.testing.assert_array_equal(pad(x[0], [[0, 1], [0, 0]]), tf.pad(x[0], [[0, 1], [0, 0]]))
    np.testing.assert_array_equal(cut(x, [0, 1, 0], [-1, 2, 3]), tf.slice(x, [0, 1, 0], [-1, 2, 3]))
    before = tf.pad, tf.slice
    with plain_operations():
        assert (tf.pad, tf.slice) == (pad, cut)
    assert (tf.pad, tf.slice) == before


def test_weights_in_int8_make_a_smaller_file_with_nearly_the_same_probabilities(tmp_path):
    recipe = small_recipe(
        cell="min_gru", execution="auto", units=48
    )  # LiteRT leaves matrices below 1,024 weights alone
    network = Network(write_workdir(tmp_path / "run", recipe).path)
    whole, small = litert.convert(network), litert_int8.convert(network)
    assert len(small) < len(whole)
    features = np.random.default_rng(0).normal(size=(1, 50, network.sense.num_features)).astype(np.float32)
    expected, found = (
        np.exp(format.open_file(file)(features)) for format, file in ((litert, whole), (litert_int8, small))
    )
    np.testing.assert_allclose(found.sum(axis=-1), 1.0, atol=1e-4)
    assert abs(found - expected).sum(axis=-1).mean() / 2 < litert_int8.TOLERANCE


class Labelled:
    """Two examples, one of which has no label."""

    texts = np.array(["ab", ""], object)

    def __init__(self, sense):
        self._raw = sense.made_up(60)

    def __len__(self):
        return 2

    def raw_of(self, index):
        return self._raw


@pytest.mark.slow
def test_files_are_scored_on_validation_and_the_card_tells(workdir, tmp_path, monkeypatch):
    sense = Network(workdir.path).sense
    asked = []

    def read(name, split, recipe, data_dir):
        asked.append((name, split, data_dir))
        return Labelled(sense), ()

    monkeypatch.setattr(scores, "read", read)
    version = export(workdir.path, tmp_path / "model", ("litert", "litert_int8"), data_dir="corpus")
    assert asked == [(Workdir(workdir.path).load_model()[1].data.dataset, "validation", "corpus")]
    card = (version / "MODEL_CARD.md").read_text(encoding="utf-8")
    table = card.partition("## Portable files")[2]
    for name in ("SavedModel's network", "network.tflite", "network_int8.tflite"):
        assert f"\n| {name} | " in table
    rates = [
        line.split("|")[3:5] for line in table.splitlines() if line.startswith(("| SavedModel", "| network.tflite"))
    ]
    assert rates[0] == rates[1]  # the float32 file reads what the SavedModel reads
    assert "Portable files" not in scores.without_scores(card)
