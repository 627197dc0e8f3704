"""Train, evaluate, export, load elsewhere, transcribe: one model all along, whatever it is read with."""

import json

import numpy as np
import pytest
import tensorflow as tf

from seqapp.features import ink_features
from seqapp.input_pipeline.read import read
from seqapp.models import Workdir
from seqapp.models.transcriber.padding import pad
from seqapp.recipe import Recipe
from seqapp.senses import InkSense
from tests.pipelines.conftest import SPLITS, run

# sys.modules[...] = None makes an import fail, wherever the package may be installed.
ELSEWHERE = """
import sys
sys.modules["seqapp"] = sys.modules["keras"] = None
import json
import numpy as np
import tensorflow as tf
model, inks = tf.saved_model.load(sys.argv[1]), np.load(sys.argv[2])
arguments = {name: tf.constant(inks[name]) for name in ("points", "lengths")}
found = {**model.signatures["serving_default"](**arguments), **model.signatures["log_probs"](**arguments)}
print(json.dumps([text.decode("utf-8") for text in found["text"].numpy()]))
np.savez(sys.argv[3], log_probs=found["log_probs"], num_frames=found["num_frames"])
"""


@pytest.fixture(scope="module")
def corpus(scripts):
    """Arguments that name the test split, and its examples."""
    places = {"data_dir": scripts.folder / "corpus", "prepared_dir": scripts.folder / "cache"}
    examples, skipped = read("json_ink", "test", Recipe(), **places)
    assert len(examples) == len(SPLITS["test"]) and not skipped
    named = ["--dataset", "json_ink", "--data-dir", places["data_dir"], "--prepared-dir", places["prepared_dir"]]
    return named, examples


@pytest.fixture(scope="module")
def exported(trained, tmp_path_factory):
    target = tmp_path_factory.mktemp("saved_models") / "tiny"
    run("export", trained[0], target)
    return target


@pytest.fixture(scope="module")
def elsewhere(exported, corpus, foreign_python, tmp_path_factory):
    """What TensorFlow alone reads in the test inks, by id, and its log-probabilities, in a process of its own."""
    folder, examples = tmp_path_factory.mktemp("elsewhere"), corpus[1]
    points, lengths = pad([examples.raw_of(i) for i in range(4)], InkSense)
    np.savez(folder / "inks.npz", points=points, lengths=lengths)
    texts = foreign_python.run(["-c", ELSEWHERE, exported / "1", "inks.npz", "found.npz"], cwd=folder)
    return dict(zip(examples.ids, json.loads(texts), strict=True)), np.load(folder / "found.npz")


def test_a_saved_model_without_this_package_computes_what_the_training_computed(trained, corpus, elsewhere):
    recognizer, recipe, alphabet = Workdir(trained[0]).load_model()
    examples, (texts, found) = corpus[1], elsewhere
    for i in range(len(examples)):
        features = ink_features(examples.raw_of(i), recipe.features)
        logits, _ = recognizer(features[tf.newaxis], tf.shape(features)[:1], training=False)
        expected = tf.nn.log_softmax(logits)[0].numpy()
        assert found["num_frames"][i] == len(expected)
        np.testing.assert_allclose(found["log_probs"][i, : len(expected)], expected, atol=1e-5)
        best = expected.argmax(axis=1)
        labels = best[(best != np.append(-1, best[:-1])) & (best != len(alphabet))]
        assert texts[examples.ids[i]] == alphabet.decode(labels)


def test_workdir_and_saved_model_get_the_same_report(trained, exported, corpus, capsys):
    reports = []
    named_by_its_recipe = ["--dataset", "recipe", *corpus[0][2:]]
    for model, places in ((trained[0], corpus[0]), (exported, named_by_its_recipe)):
        run("evaluate", model, *places, "--json")
        reports.append(json.loads(capsys.readouterr().out))
    for line in (line for report in reports for lines in report["samples"].values() for line in lines):
        line["confidence"] = round(line["confidence"], 4)
    assert reports[0] == reports[1]
    assert reports[0]["num_examples"] == 4 and reports[0]["cer"]["rate"] < 0.9


def test_the_report_is_text_and_pictures_and_transcripts_lie_where_asked(exported, corpus, tmp_path, capsys):
    run("evaluate", exported, *corpus[0], "--plots", tmp_path / "plots", "--trn", tmp_path / "trn")
    report = capsys.readouterr().out
    assert report.startswith("CER") and not report.endswith("\n\n")
    assert {path.name for path in (tmp_path / "plots").iterdir()} == {"errors.png", "reliability.png", "alignment.png"}
    lines = {path.name: path.read_text().count("\n") for path in (tmp_path / "trn").iterdir()}
    assert lines == {"hyp.trn": 4, "ref.trn": 4}


def test_transcribe_reads_json_ink_alike_and_says_what_it_skips(scripts, exported, elsewhere, tmp_path, capsys, caplog):
    run("transcribe", exported, scripts.folder / "corpus" / "test.json", "--json", "--picture", tmp_path / "a.png")
    readings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {reading["id"]: reading["text"] for reading in readings} == elsewhere[0] and any(elsewhere[0].values())
    assert all(len(reading["char_points"]) == len(reading["text"]) for reading in readings)
    assert (tmp_path / "a.png").stat().st_size > 1000

    (tmp_path / "broken.json").write_text('{"id": "nothing", "strokes": []}')
    assert (
        run("transcribe", exported, tmp_path / "broken.json", scripts.folder / "corpus" / "test.json") == 1
    )  # an input that was named gave nothing
    assert capsys.readouterr().out.splitlines() == [f"{r['id']}\t{r['text']}" for r in readings]
    assert "skipped nothing: no points" in caplog.text
    assert run("transcribe", exported, tmp_path / "broken.json") == 1


def test_export_prints_where_the_next_version_lies(trained, exported, monkeypatch, capsys):
    monkeypatch.setattr("seqapp.models.model_folder.save_graph", lambda module, folder, signatures: folder.mkdir())
    run("export", trained[0], exported)
    assert capsys.readouterr().out == f"{exported / '2'}\n"


@pytest.mark.parametrize(
    "script, arguments, message",
    [
        ("evaluate", ["{user}/corpus"], "No model at .*corpus. Expected the workdir of a training"),
        ("evaluate", ["{model}"], "--data-dir"),
        ("evaluate", ["{model}", "--dataset", "json_ink"], "json_ink: expected a data directory, received none"),
        ("evaluate", ["{model}", "--dataset", "json_inc"], "expected one of synthetic_ink, .*received 'json_inc'"),
        ("transcribe", ["{model}", "{user}/nowhere.json"], "Expected a file or folder at .*nowhere.json. Found none"),
        ("export", ["{user}/corpus", "{user}/model"], "is not a workdir: it has no recipe.json"),
    ],
)
def test_mistakes_name_what_was_expected(script, arguments, message, scripts, trained):
    with pytest.raises(ValueError, match=message):
        run(script, *(argument.format(user=scripts.folder, model=trained[0]) for argument in arguments))
