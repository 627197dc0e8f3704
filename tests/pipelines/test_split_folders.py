"""Scripts that take --split score the split that was named, of a folder of one's own too."""

import json
import types

import pytest

from tests.pipelines.conftest import run
from tests.small_audio import write_audio, write_text
from tests.small_models import scribble, small_recipe, write_workdir
from tests.small_speech import speech_recipe

SIZES = {"train": 5, "dev": 3, "test": 2}
SPLITS = {"train": "train", "validation": "dev", "test": "test"}


class SeenError(Exception):
    """Ends a script at what it would do with its examples."""


@pytest.fixture(scope="module")
def ink(tmp_path_factory):
    """A workdir, and a folder of split folders."""
    folder = tmp_path_factory.mktemp("splits")
    write_workdir(folder / "model", small_recipe())
    for split, size in SIZES.items():
        for seed in range(size):
            record = {"text": "aé", "strokes": [scribble(30, seed=seed)[:, :2].tolist()]}
            write_text(folder / "corpus" / split / f"{seed}.json", json.dumps(record))
    write_text(
        folder / "lm.arpa",
        "\\data\\\nngram 1=4\n\n\\1-grams:\n-99 <s>\n-0.4771213 </s>\n-0.4771213 <unk>\n-0.4771213 a\n\n\\end\\\n",
    )
    return folder


@pytest.mark.parametrize("split", SPLITS)
def test_evaluate(ink, capsys, split):
    run("evaluate", ink / "model", "--data-dir", ink / "corpus", "--split", split, "--json")
    report = json.loads(capsys.readouterr().out)
    folder = SPLITS[split]
    assert report["num_examples"] == SIZES[folder]
    assert {example["id"].split("/")[0] for example in report["samples"]["worst"]} == {folder}


def test_evaluate_with_texts_seen_in_training(ink, tmp_path, capsys):
    (tmp_path / "seen.txt").write_text("b\nae\u0301 \n", encoding="utf-8")
    run("evaluate", ink / "model", "--data-dir", ink / "corpus", "--json", "--training-text", tmp_path / "seen.txt")
    report = json.loads(capsys.readouterr().out)
    part = report["texts_not_in_training"]
    assert (part["num_in_training"], part["num_examples"]) == (report["num_examples"], 0)
    run("evaluate", ink / "model", "--data-dir", ink / "corpus")
    assert "in training:" not in capsys.readouterr().out


@pytest.mark.parametrize("split", [None, "test"])
def test_tune(ink, monkeypatch, split):
    def stop(log_probs, references, *_):
        raise SeenError(len(references))

    monkeypatch.setattr("seqapp.evaluation.tune_decoder.tune", stop)
    options = ("--split", split) if split else ()
    with pytest.raises(SeenError) as seen:
        run(
            "tune",
            ink / "model",
            ink / "out.json",
            "--data-dir",
            ink / "corpus",
            "--language-model",
            ink / "lm.arpa",
            *options,
        )
    assert seen.value.args == (SIZES[SPLITS[split or "validation"]],)


@pytest.mark.parametrize("split", SPLITS)
def test_evaluate_stream(tmp_path, monkeypatch, split):
    for name, size in SIZES.items():
        for number in range(size):
            write_audio(tmp_path / name / f"{number}.wav")
            write_text(tmp_path / name / f"{number}.txt", "aé")
    model = types.SimpleNamespace(recipe=speech_recipe())
    monkeypatch.setattr("seqapp.transcription.open_transcriber.open_transcriber", lambda *_: model)
    monkeypatch.setattr("seqapp.benchmark.threads.start_tensorflow", lambda threads: None)

    def stop(transcriber, examples, *_, **__):
        raise SeenError(examples.ids.tolist())

    monkeypatch.setattr("seqapp.evaluation.streaming.chunkwise.evaluate_streaming", stop)
    with pytest.raises(SeenError) as seen:
        run("evaluate_stream", tmp_path, "--data-dir", tmp_path, "--split", split)
    folder = SPLITS[split]
    assert sorted(seen.value.args[0]) == [f"{folder}/{number}" for number in range(SIZES[folder])]
