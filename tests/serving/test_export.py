"""The exported folder reads as the model in memory does, with TensorFlow alone, and is whole or absent."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

import seqapp.recipe
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.models import Transcriber
from seqapp.models.transcriber.padding import pad
from seqapp.senses import InkSense
from seqapp.serving.export import export
from seqapp.text import Alphabet
from tests.small_models import ALPHABET, FACTS, scribble, small_recipe, write_workdir
from tests.small_transcribers import FITTED

DOT = np.array([[3, 4, 0, 1]], np.float32)
INKS = (scribble(150), scribble(81, seed=1), DOT, scribble(27, 1), np.full([9, 4], np.nan, np.float32))
FILES = {"saved_model.pb", "fingerprint.pb", "variables", "assets", "assets.extra", "MODEL_CARD.md"}

READ_WITH_TENSORFLOW_ALONE = """
import json, sys
import numpy as np
import tensorflow as tf
model, inks = tf.saved_model.load(sys.argv[1]), np.load(sys.argv[2])
print("loaded", file=sys.stderr)
found = model.signatures["serving_default"](points=tf.constant(inks["points"]), lengths=tf.constant(inks["lengths"]))
print(json.dumps([text.decode("utf-8") for text in found["text"].numpy()]))
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules} & {"seqapp", "keras"})))
"""


def arguments(inks):
    points, lengths = pad(inks, InkSense)
    return {"points": points, "lengths": lengths}


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "run"
    workdir = write_workdir(path, small_recipe(bidirectional=False, execution="auto"))
    facts = {"examples": 9, "readings": 1_234, "auroc": 0.9, "expected_calibration_error": 0.03}
    workdir.confidence.write_text(FITTED.to_json(**facts))
    return workdir


@pytest.fixture(scope="module")
def in_memory(workdir):
    return Transcriber.load(workdir.path)


def share_traces(patch, in_memory):
    """Have `export` take the functions of a model in memory: tracing them is what takes time."""
    patch.setattr(sys.modules["seqapp.serving.export"], "to_text_class", lambda _: lambda *_: in_memory._owner)


@pytest.fixture(scope="module")
def exported(workdir, in_memory, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        share_traces(patch, in_memory)
        return export(workdir.path, tmp_path_factory.mktemp("saved_models") / "scribbles")


@pytest.fixture(scope="module")
def loaded(exported):
    return tf.saved_model.load(str(exported))


def test_signatures_take_any_batch_and_any_number_of_points(loaded):
    signatures = loaded.signatures
    assert set(signatures) == {"serving_default", "log_probs", "beam", "score_text"}
    for name, signature in signatures.items():
        inputs = {key: spec.shape.as_list() for key, spec in signature.structured_input_signature[1].items()}
        text = {"text": [None]} if name == "score_text" else {}
        assert inputs == {"points": [None, None, 4], "lengths": [None], **text}
    outputs = set(signatures["serving_default"].structured_outputs)
    assert outputs == {
        "text",
        "confidence",
        "is_sure",
        "num_characters",
        "char_points",
        "char_frames",
        "char_confidences",
        "num_lines",
        "num_strokes",
        "stroke_lines",
    }
    frames = {"log_probs", "num_frames", "frame_of_point", "frame_lines"}
    assert set(signatures["log_probs"].structured_outputs) == frames
    assert set(signatures["beam"].structured_outputs) == {"texts", "scores"}
    assert set(signatures["score_text"].structured_outputs) == {"score"}


@pytest.mark.parametrize("inks", [INKS, INKS[1:2], (DOT,), (), (np.zeros([0, 4], np.float32),)], ids=len)
def test_reads_as_the_model_in_memory(loaded, in_memory, inks):
    for name, function in in_memory._functions.items():
        received, expected = loaded.signatures[name](**arguments(inks)), function(**arguments(inks))
        assert received.keys() == expected.keys()
        for key, value in expected.items():
            if value.dtype == tf.float32:
                np.testing.assert_allclose(received[key], value, atol=1e-5, err_msg=key)
            else:
                np.testing.assert_array_equal(received[key], value, err_msg=key)


@pytest.mark.parametrize("inks", [INKS, (DOT,), ()], ids=len)
def test_the_best_texts_have_the_scores_that_score_text_gives_them(loaded, inks):
    beam, score_text = loaded.signatures["beam"], loaded.signatures["score_text"]
    found = beam(**arguments(inks))
    texts, scores = found["texts"].numpy(), found["scores"].numpy()
    assert texts.shape == scores.shape == (len(inks), 8) and (scores[:, :-1] >= scores[:, 1:]).all()
    assert (np.logaddexp.reduce(scores, axis=1) <= 1e-4).all()  # they are probabilities of different texts
    for rank in (0, 2):
        again = score_text(**arguments(inks), text=tf.constant(texts[:, rank], tf.string))["score"]
        is_text = np.isfinite(scores[:, rank])
        np.testing.assert_allclose(again[is_text], scores[is_text, rank], atol=1e-4)


def test_a_transcriber_reads_alike_from_the_workdir_and_from_the_newest_version(
    exported, loaded, in_memory, tmp_path, monkeypatch
):
    monkeypatch.setattr(tf.saved_model, "load", lambda path: loaded)  # once is enough
    for version in (2, 9, 10):
        shutil.copytree(exported, tmp_path / "model" / str(version))
    assert Transcriber.load(tmp_path / "model" / "2").name == "model/2"
    newest = Transcriber.load(tmp_path / "model")
    assert newest.name == "model/10" and newest.alphabet == ALPHABET and newest.recipe == in_memory.recipe
    for reading, expected in zip(newest.transcribe(INKS, 2), in_memory.transcribe(INKS, 2), strict=True):
        assert (reading.text, reading.char_points) == (expected.text, expected.char_points)
        np.testing.assert_allclose(reading.char_confidences, expected.char_confidences, atol=1e-5)


@pytest.mark.slow
def test_a_fresh_process_needs_tensorflow_alone_and_meets_no_warning(exported, in_memory, tmp_path):
    np.savez(tmp_path / "inks.npz", **arguments(INKS))
    command = [sys.executable, "-I", "-c", READ_WITH_TENSORFLOW_ALONE, str(exported), str(tmp_path / "inks.npz")]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    texts, modules = map(json.loads, finished.stdout.splitlines())
    assert texts == [reading.text for reading in in_memory.transcribe(INKS)]
    assert "seqapp" not in modules
    # Before "loaded" stand TensorFlow's own start-up notes and whatever loading has to say.
    assert "WARNING:absl" not in finished.stderr and "custom gradient" not in finished.stderr
    assert "rror" not in finished.stderr.split("loaded\n")[1]


def test_the_folder_holds_all_that_belongs_to_the_model(exported, workdir):
    assert {path.name for path in exported.iterdir()} == FILES
    assert seqapp.recipe.load(exported / "assets.extra" / "recipe.json") == workdir.load_recipe()
    assert Alphabet.load(exported / "assets.extra" / "alphabet.txt") == ALPHABET
    metadata = json.loads((exported / "assets.extra" / "metadata.json").read_text(encoding="utf-8"))
    assert (metadata["name"], metadata["version"], metadata["sense"]) == ("scribbles", 1, "ink")
    assert metadata["validation"] == FACTS and metadata["signatures"][0] == "beam"
    card = (exported / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card.startswith("# scribbles\n") and "fitted to 1,234 readings" in card
    assert ReadingConfidence.load(exported / "assets.extra" / "confidence.json") == FITTED


@pytest.fixture
def quick(monkeypatch, in_memory):
    """Saving without tracing: enough where only folders matter."""
    share_traces(monkeypatch, in_memory)

    def save(_module, path, signatures):
        path.mkdir()
        (path / "saved_model.pb").touch()

    monkeypatch.setattr("seqapp.models.model_folder.save_graph", save)


def test_versions_count_on_from_the_newest(quick, workdir, tmp_path):
    assert [export(workdir.path, tmp_path).name for _ in range(2)] == ["1", "2"]
    (tmp_path / "10").mkdir()
    (tmp_path / "notes").mkdir()
    assert export(workdir.path, tmp_path) == tmp_path / "11"
    assert {path.name for path in tmp_path.iterdir()} == {"1", "2", "10", "11", "notes"}


def test_a_broken_export_leaves_no_version_and_does_not_stop_the_next(quick, workdir, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Alphabet, "save", fail)
        with pytest.raises(OSError, match="disk full"):
            export(workdir.path, tmp_path)
    assert not [path.name for path in tmp_path.iterdir() if path.name.isdigit()]
    assert export(workdir.path, tmp_path).name == "1"
    assert {path.name for path in tmp_path.iterdir()} == {"1"}
