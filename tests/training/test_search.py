"""A search finds what is better, survives a kill, and leaves out what cannot be trained. Trainings are made up."""

import json
import math

import pytest

optuna = pytest.importorskip("optuna")

import seqapp.recipe  # noqa: E402
import seqapp.training.search as search_module  # noqa: E402
from seqapp.training.search import parse_space, search  # noqa: E402

SPACE = ("training.learning_rate=0.0001:1:log", "encoder.cell=lstm,gru", "encoder.units=8:64")


class Training:
    """The nearer the rate to 0.01 the better, and LSTM is worse by 1; a rate above 0.5 diverges."""

    killed_at = None
    was_stopped = False

    def __init__(self, recipe, workdir, **_):
        self.recipe, self.workdir = recipe, workdir

    def run(self):
        rate = self.recipe.training.learning_rate
        if Training.killed_at == self.workdir.name:
            raise KeyboardInterrupt
        if rate > 0.5:
            raise FloatingPointError("the loss is nan")
        return {"cer": abs(math.log10(rate) + 2) + (self.recipe.encoder.cell == "lstm")}


@pytest.fixture(autouse=True)
def made_up(monkeypatch):
    monkeypatch.setattr(search_module, "make_training", Training)
    monkeypatch.setattr(Training, "killed_at", None)


def test_values_that_are_better_are_found_and_written(tmp_path):
    result, was_stopped = search(seqapp.recipe.Recipe(), SPACE, tmp_path, 25)
    assert not was_stopped and len(result["trials"]) == 25
    assert result["best"]["score"] < 0.5 and result["best"]["values"]["encoder.cell"] == "gru"
    assert json.loads((tmp_path / "search.json").read_text()) == result
    scores = [trial["score"] for trial in result["trials"] if trial["score"] is not None]
    assert scores == sorted(scores) and result["best"] == result["trials"][0]


def test_a_search_that_was_killed_ends_as_one_that_was_not(tmp_path, monkeypatch):
    through, _ = search(seqapp.recipe.Recipe(), SPACE, tmp_path / "through", 6)
    monkeypatch.setattr(Training, "killed_at", "trial_3")
    with pytest.raises(KeyboardInterrupt):
        search(seqapp.recipe.Recipe(), SPACE, tmp_path / "killed", 6)
    monkeypatch.setattr(Training, "killed_at", None)
    assert search(seqapp.recipe.Recipe(), SPACE, tmp_path / "killed", 6)[0] == through


def test_a_trial_that_fails_costs_itself_and_none_that_succeeds_is_an_error(tmp_path):
    diverging = ("training.learning_rate=0.6:0.9",)
    with pytest.raises(ValueError, match="None of 2 trials succeeded"):
        search(seqapp.recipe.Recipe(), diverging, tmp_path, 2)


def test_ranges_are_whole_numbers_numbers_or_choices():
    space = parse_space(SPACE)
    assert space["training.learning_rate"] == optuna.distributions.FloatDistribution(0.0001, 1.0, log=True)
    assert space["encoder.units"] == optuna.distributions.IntDistribution(8, 64)
    assert space["encoder.cell"].choices == ("lstm", "gru")


@pytest.mark.parametrize("text", ["encoder.units", "encoder.units=3", "encoder.units=8:", "training.seed=1:2:lin"])
def test_what_is_no_range_is_refused(text):
    with pytest.raises(ValueError, match="units|seed"):
        parse_space([text])
