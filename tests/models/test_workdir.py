"""The files of a run: whole or absent, and a model comes back as it was."""

import json

import numpy as np
import pytest

from seqapp.models import Workdir
from seqapp.models.workdir import write_whole
from tests.small_models import ALPHABET, FACTS, small_recipe, small_recognizer, write_workdir

FEATURES = np.random.default_rng(0).normal(size=(1, 9, 6)).astype(np.float32), np.array([9], np.int32)


def test_the_best_model_comes_back_with_recipe_and_alphabet(tmp_path):
    recipe = small_recipe(cell="gru")
    recognizer, loaded_recipe, alphabet = write_workdir(tmp_path / "run", recipe).load_model()
    assert (loaded_recipe, alphabet) == (recipe, ALPHABET)
    np.testing.assert_array_equal(recognizer(*FEATURES)[0], small_recognizer(recipe)(*FEATURES)[0])


def test_files_are_exactly_these(tmp_path):
    workdir = write_workdir(tmp_path, small_recipe())
    names = {"recipe.json", "alphabet.txt", "best.weights.h5", "best.json"}
    assert {path.name for path in tmp_path.iterdir()} == names, "nothing unfinished is left"
    assert json.loads(workdir.best.read_text()) == FACTS
    later = {workdir.skipped, workdir.metrics, workdir.checkpoints, workdir.tensorboard}
    assert {path.name for path in later} == {"skipped.json", "metrics.csv", "checkpoints", "tensorboard"}


def test_a_killed_save_leaves_the_old_best(tmp_path, monkeypatch):
    workdir = write_workdir(tmp_path, small_recipe())
    weights, recognizer = workdir.best_weights.read_bytes(), small_recognizer(small_recipe())

    def killed_half_way(path):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(recognizer, "save_weights", killed_half_way)
    with pytest.raises(KeyboardInterrupt):
        workdir.save_best(recognizer, {"step": 4})
    assert workdir.best_weights.read_bytes() == weights and json.loads(workdir.best.read_text()) == FACTS


def test_a_folder_without_a_recipe_is_no_workdir(tmp_path):
    with pytest.raises(ValueError, match="not a workdir.*recipe.json"):
        Workdir(tmp_path).load_recipe()


def test_a_run_without_an_evaluation_says_when_there_will_be_one(tmp_path):
    workdir = write_workdir(tmp_path, small_recipe())
    workdir.best_weights.unlink()
    with pytest.raises(ValueError, match=r"no best.weights.h5 yet.*evaluate_every = 500"):
        workdir.load_model()


def test_a_small_file_is_replaced_whole(tmp_path):
    path = tmp_path / "facts.json"
    for text in ("first é", "second"):
        write_whole(path, text)
        assert path.read_text(encoding="utf-8") == text
    assert list(tmp_path.iterdir()) == [path]
