"""Several seeds train as each would alone, and mean and spread are those of NumPy."""

import json
import sys

import h5py
import numpy as np
import pytest

import seqapp.training.seeds as seeds_module
from seqapp.models import Workdir
from seqapp.training.seeds import summary, train
from tests.language.small_language import small_corpus, small_recipe

RECIPE = small_recipe(training={"steps": 3}, num_layers=1)


@pytest.fixture
def corpus(monkeypatch):
    module = sys.modules[seeds_module.make_training.__module__]  # the package holds a function of its name
    monkeypatch.setattr(module, "read_corpus", lambda *_: small_corpus())


def weights(path):
    with h5py.File(Workdir(path).best_weights) as file:
        values = {}
        file.visititems(lambda name, item: values.update({name: item[()]} if isinstance(item, h5py.Dataset) else {}))
    return values


@pytest.mark.slow
def test_each_seed_trains_as_it_would_alone(tmp_path, corpus):
    facts, was_stopped = train(RECIPE, tmp_path / "both", [1, 0])
    alone, _ = train(RECIPE, tmp_path / "alone")
    assert not was_stopped and facts["seeds"] == [1, 0]
    assert facts["bits_per_token"]["values"][1] == alone["bits_per_token"] != facts["bits_per_token"]["values"][0]
    both, single = weights(tmp_path / "both" / "seed_0"), weights(tmp_path / "alone")
    assert both.keys() == single.keys() and len(both) > 4
    for name, value in single.items():
        np.testing.assert_array_equal(both[name], value)
    assert json.loads((tmp_path / "both" / "seeds.json").read_text()) == facts
    assert train(RECIPE, tmp_path / "both", [1, 0])[0] == facts, "finished trainings are not repeated"


def test_mean_and_standard_deviation_are_those_of_numpy():
    cers = [0.11, 0.13, 0.08]
    result = summary([{"cer": cer, "step": 10} for cer in cers])["cer"]
    assert result["mean"] == pytest.approx(np.mean(cers), rel=1e-12)
    assert result["standard_deviation"] == pytest.approx(np.std(cers, ddof=1), rel=1e-12)
    assert summary([{"cer": 0.1}])["cer"]["standard_deviation"] is None


def test_a_signal_ends_all_seeds(tmp_path, monkeypatch):
    class Stopped:
        was_stopped = True

        def run(self):
            return {"cer": 0.5}

    monkeypatch.setattr(seeds_module, "make_training", lambda *_, **__: Stopped())
    assert train(RECIPE, tmp_path, [3, 4]) == ({"seeds": [3], **summary([{"cer": 0.5}])}, True)
