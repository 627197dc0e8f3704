"""Ink of any folder becomes examples, with labels as the model knows them; what is unreadable is listed."""

import json
import types

import pytest

from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline.read import read, read_training
from seqapp.recipe import DataConfig, Recipe


def write_json(path, name, text, strokes):
    path.write_text(json.dumps({"id": name, "text": text, "strokes": strokes}), encoding="utf-8")


def test_files_are_read_with_normalised_labels_and_broken_ones_listed(tmp_path):
    write_json(tmp_path / "a.json", "a", "cafe\u0301  au lait ", [[[0, 0], [1, 2]], [[5, 5]]])
    (tmp_path / "b.json").write_text('{"strokes": 7}', encoding="utf-8")
    examples, skipped = read("files", "test", Recipe(), tmp_path)
    assert examples.ids.tolist() == ["a"] and examples.texts.tolist() == ["café au lait"]
    assert examples.raw_of(0)[:, 3].tolist() == [0, 1, 1]
    assert [name for name, _ in skipped] == ["b"]
    decomposed, _ = read("files", "test", Recipe(data=DataConfig(normalization="NFD")), tmp_path)
    assert decomposed.texts.tolist() == ["cafe\u0301 au lait"]


def test_files_without_a_folder_name_the_way_out():
    with pytest.raises(ValueError, match="--data-dir.*--dataset"):
        read("files", "test", Recipe())


def test_extra_corpora_are_added_to_training_only(monkeypatch):
    opened = []

    class Corpus:
        has_records = False
        num_bytes = staticmethod(lambda *splits: 0)

        def __init__(self, name, data_dir, prepared_dir):
            opened.append(name)
            self.name, self.skipped = name, Skipped([(f"{name} 7", "no points"), ("all", "empty file")])

        def split(self, split):
            record = {"id": f"{self.name} {split}", "writer_id": "w", "text": " x ", "points": [[0, 0, 0, 1]]}
            return types.SimpleNamespace(as_numpy_iterator=lambda: iter([record]))

    monkeypatch.setattr("seqapp.input_pipeline.read.open_corpus", Corpus)
    recipe = Recipe(data=DataConfig(dataset="main", extra_train=("more", "most")))
    train, extra, validation, skipped = read_training(recipe)
    assert train.ids.tolist() == ["main train"] and validation.ids.tolist() == ["main validation"]
    assert extra.ids.tolist() == ["more train", "most train"] and extra.texts.tolist() == ["x", "x"]
    assert opened == ["main", "more", "most"], "each once"
    assert skipped.counts() == {"no points": 3, "empty file": 1}, "each once"
