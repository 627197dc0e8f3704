"""A language model from transcripts, its weight from validation, and both at work: three scripts in a row."""

import json

import pytest

from tests.pipelines.conftest import run
from tests.small_models import scribble, small_recipe, write_workdir


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A workdir, and a corpus of scribbles called "a" and "é"."""
    folder = tmp_path_factory.mktemp("context")
    write_workdir(folder / "model", small_recipe())
    (folder / "corpus").mkdir()
    for split, seeds in {"train": range(4), "validation": range(2), "test": range(2)}.items():
        records = [
            {"id": f"{split}{seed}", "text": "aéa é", "strokes": [scribble(30, seed=seed)[:, :2].tolist()]}
            for seed in seeds
        ]
        (folder / "corpus" / f"{split}.json").write_text(json.dumps(records), encoding="utf-8")
    (folder / "more.txt").write_text("é a\n\naa\n\u65e5 <unk> \u00e0\u2014\n", encoding="utf-8")
    return folder


@pytest.mark.slow
def test_from_transcripts_to_better_texts(folder, monkeypatch, capsys):
    monkeypatch.setenv("SEQAPP_CACHE", str(folder / "cache"))
    corpus = ("--dataset", "json_ink", "--data-dir", folder / "corpus")
    model, arpa, decoder = folder / "model", folder / "lm.arpa", folder / "decoder.json"
    run("language_model", model, arpa, *corpus, "--text", folder / "more.txt", "--order", 3)
    assert arpa.read_text(encoding="utf-8").startswith("\\data\\")
    run("tune", model, decoder, *corpus, "--language-model", arpa)
    printed = capsys.readouterr().out
    assert (
        f"without {arpa}    WER" in printed
        and "best    alpha" in printed
        and json.loads(decoder.read_text())["language_models"][0]["file"] == "lm.arpa"
    )
    reports = []
    for options in ((), ("--decoder", decoder)):
        run("evaluate", model, *corpus, "--json", *options)
        reports.append(json.loads(capsys.readouterr().out))
    assert len(reports) == 2 and reports[0] != reports[1]
    run("transcribe", model, folder / "corpus" / "test.json", "--json", "--decoder", decoder)
    line = json.loads(capsys.readouterr().out.splitlines()[0])
    assert line["alternatives"][0]["text"] == line["text"]
    assert 0 < sum(a["probability"] for a in line["alternatives"]) <= 1 + 1e-6


def test_a_missing_or_broken_language_model_is_named(folder):
    with pytest.raises(ValueError, match="Expected a file or folder at .*none.arpa"):
        run("transcribe", folder / "model", folder / "corpus" / "test.json", "--language-model", folder / "none.arpa")
    (folder / "broken.arpa").write_text("no model")
    with pytest.raises(ValueError, match="broken.arpa"):
        run("transcribe", folder / "model", folder / "corpus" / "test.json", "--language-model", folder / "broken.arpa")


@pytest.mark.parametrize("script", ["language_model", "tune"])
def test_a_target_that_cannot_be_written_is_named_before_anything_is_read(folder, script):
    given = ("--text", folder / "more.txt") if script == "language_model" else ("--language-model", folder / "more.txt")
    with pytest.raises(ValueError, match="Received the folder"):
        run(script, folder / "model", folder, *given)
    with pytest.raises(ValueError, match="Expected a folder .*missing"):
        run(script, folder / "model", folder / "missing" / "target", *given)
