"""Training texts are those of a recipe's corpora and of files that somebody names, as far as they can be read."""

import json

import pytest

from seqapp.evaluation.training_texts import training_texts
from seqapp.input_pipeline.read import read, read_labels
from seqapp.recipe import DataConfig, Recipe

CORPORA = {"unipen/lines": ["One two", "six"], "unipen/words": ["two"]}
RECIPE = Recipe(data=DataConfig(dataset="unipen/lines", extra_train=("unipen/words",)))


@pytest.fixture
def asked(monkeypatch):
    """Corpora that have been read; one that is not in CORPORA cannot be."""
    names = []

    def read_labels(name, split, recipe, data_dir, prepared_dir):
        assert (split, data_dir, prepared_dir) == ("train", "data", "prepared")
        names.append(name)
        if name not in CORPORA:
            raise ValueError(f"no corpus in {data_dir}")
        return CORPORA[name]

    monkeypatch.setattr("seqapp.evaluation.training_texts.read_labels", read_labels)
    return names


def texts_of(name, split="test", recipe=RECIPE, files=()):
    return training_texts(recipe, name, split, "data", "prepared", files)


@pytest.mark.parametrize("name", ["unipen/lines", "unipen", "unipen/words"])
@pytest.mark.parametrize("split", ["test", "validation", "test[:10%]", "train+test"])
def test_the_train_splits_of_all_corpora_of_the_recipe_are_read(name, split, asked):
    assert texts_of(name, split) == ["One two", "six", "two"] and asked == ["unipen/lines", "unipen/words"]


@pytest.mark.parametrize(
    "name, split", [("iam_ondb", "test"), ("files", "test"), ("unipen", "train"), ("unipen", "train[:9%]+train[50%:]")]
)
def test_of_other_corpora_and_of_the_train_split_nothing_is_known(name, split, asked):
    assert texts_of(name, split) is None and asked == []


def test_a_train_split_that_cannot_be_read_is_told_in_one_line(asked, caplog):
    recipe = Recipe(data=DataConfig(dataset="unipen/lines", extra_train=("iam_ondb",)))
    assert texts_of("unipen", recipe=recipe) == ["One two", "six"]
    assert texts_of("iam_ondb", recipe=Recipe(data=DataConfig(dataset="iam_ondb"))) is None
    reason = "iam_ondb train cannot be read; its texts count as not seen in training: no corpus in data"
    assert [record.getMessage() for record in caplog.records] == [reason] * 2


def test_files_are_added_and_spelled_as_labels(asked, tmp_path):
    file = tmp_path / "essay.txt"
    file.write_text("Full  fathom five\n\nthy father lies.\n", encoding="utf-8")
    given = ["Full fathom five", "thy father lies."]
    assert texts_of("files", files=[file]) == texts_of("unipen", "train", files=[file]) == given
    assert texts_of("unipen", files=[file]) == [*given, "One two", "six", "two"]
    words = Recipe(data=DataConfig(dataset="an4", letter_case="upper", punctuation=False))
    assert texts_of("files", recipe=words, files=[file]) == ["FULL FATHOM FIVE", "THY FATHER LIES"]


def write_inks(path, texts):
    strokes = [[[0, 0], [1, 2], [3, 1]]]
    records = [
        {"id": f"{path.stem}{i}", "text": text, "writer_id": f"w{i}", "strokes": strokes}
        for i, text in enumerate(texts)
    ]
    path.write_text(json.dumps(records), encoding="utf-8")


@pytest.mark.parametrize("name", ["json_ink", "files"])
def test_labels_are_those_of_the_whole_examples(name, tmp_path):
    (tmp_path / "corpus").mkdir()
    write_inks(tmp_path / "corpus" / "train.json", ["caf\u00e9", "au  lait", "s'il", "vous", "plait"])
    write_inks(tmp_path / "corpus" / "test.json", ["au lait", "merci"])
    recipe = Recipe(data=DataConfig(dataset=name, normalization="NFD"))
    places = recipe, tmp_path / "corpus", tmp_path / "prepared"
    labels = read_labels(name, "train", *places)  # without those that are held out for validation
    assert labels == read(name, "train", *places)[0].texts.tolist()
    spelled = ["au lait", "cafe\u0301", "plait", "s'il", "vous"]
    assert sorted([*labels, *read_labels(name, "validation", *places)]) == spelled
    assert training_texts(recipe, name, "test", *places[1:]) == labels
