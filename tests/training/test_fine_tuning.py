"""A model that begins with another tells what it took, what that was worth, and what the other one's test lost."""

import json
import logging

import pytest

import seqapp.training.fine_tuning as fine_tuning
from seqapp.datasets.citation import citation
from seqapp.evaluation import Recognition, summarise
from seqapp.evaluation.evaluate import evaluate
from seqapp.models import StartingPoint, Transcriber, Workdir
from seqapp.models.starting_point import own_recipe
from seqapp.training import RecognizerObjective, make_strategy
from seqapp.training.fine_tuning import FineTuning, ParentCorpus, forgetting
from tests.small_trainings import make_training, small_corpora, small_recipe, words

SHORT = ("training.steps=2", "training.evaluate_every=2", "training.checkpoint_every=2")
VALIDATION = words(range(3))


@pytest.fixture(scope="module")
def parent(tmp_path_factory):
    path = tmp_path_factory.mktemp("parent")
    make_training(path, small_recipe(*SHORT)).run()
    return path


def child(path, parent, train, corpus=None):
    start, corpora = StartingPoint.load(parent), small_corpora(train, VALIDATION)
    recipe = start.adapted(small_recipe(*SHORT), corpora.train.texts)
    objective = RecognizerObjective(recipe, corpora, Workdir(path), make_strategy("one_device"), start)
    return FineTuning(objective, start, parent, corpus or ParentCorpus())


@pytest.mark.slow
def test_the_record_says_what_was_taken_and_what_it_was_worth(tmp_path, parent, monkeypatch, caplog):
    own = {"validation": words(range(4)), "test": words(range(4, 8))}
    monkeypatch.setattr(fine_tuning, "read", lambda name, split, *_: (own[split], ()))
    with caplog.at_level(logging.INFO):
        training = child(tmp_path / "child", parent, words(range(8)), ParentCorpus("its corpus"))
        training.run()
    record = json.loads((tmp_path / "child" / "fine_tuning.json").read_text(encoding="utf-8"))
    before, after = Transcriber.load(parent), Transcriber.load(tmp_path / "child")
    assert record["parent"] == {
        "name": parent.name, "trained_on": ["synthetic_ink"], "citation": citation("synthetic_ink"),
    }  # fmt: skip
    assert record["taken"]["weights"] == sum(v.size for v in StartingPoint.load(parent).weights)
    assert record["taken"]["new_symbols"] == record["taken"]["left_out_symbols"] == []
    step_0, parent_test = record["step_0"], record["parent_test"]
    assert step_0["validation"]["cer"] == pytest.approx(evaluate(before, VALIDATION).characters.rate)
    assert step_0["parent_validation"]["cer"] == pytest.approx(evaluate(before, own["validation"]).characters.rate)
    for when, model in (("before", before), ("after", after)):
        assert parent_test[when]["cer"] == pytest.approx(evaluate(model, own["test"]).characters.rate)
    assert f"from {parent.name}: " in caplog.text and "step 0: validation CER" in caplog.text


@pytest.mark.slow
def test_new_symbols_are_told_and_a_corpus_that_is_not_at_hand_too(tmp_path, parent, monkeypatch, caplog):
    def missing(*_):
        raise ValueError("expected a data directory")

    monkeypatch.setattr(fine_tuning, "read", missing)
    texts = [text + "§" for text in words(range(8)).texts]
    with caplog.at_level(logging.INFO):
        training = child(tmp_path / "child", parent, words(range(8), text=texts), ParentCorpus("elsewhere"))
        training.run()
    record = json.loads((tmp_path / "child" / "fine_tuning.json").read_text(encoding="utf-8"))
    assert record["taken"]["new_symbols"] == ["§"] and "parent_test" not in record
    total = sum(v.size for v in StartingPoint.load(parent).weights)
    assert record["taken"]["weights"] == total, "the row of the new symbol is none of the parent's"
    assert "1 new (§)" in caplog.text and "split cannot be read: expected a data directory" in caplog.text


def read_by(hypotheses):
    lines = zip("abcd", ("one two", "three", "four", "five six"), hypotheses)
    return summarise([Recognition(name, f"writer {name}", reference, read) for name, reference, read in lines])


def test_a_fall_on_the_parents_test_is_a_warning_and_a_rise_is_none(caplog):
    right, wrong = read_by(("one two", "three", "four", "five six")), read_by(("one", "th", "f", "five"))
    with caplog.at_level(logging.INFO):
        record = forgetting("an4/1", "mine", right, wrong)
        assert caplog.records[-1].levelname == "WARNING" and "0.00 % before, 58.33 % after; mix" in caplog.text
        forgetting("an4/1", "mine", wrong, right)
        assert caplog.records[-1].levelname == "INFO"
    assert record["cer"]["difference"] == pytest.approx(14 / 24) and record["after"]["cer"] == pytest.approx(14 / 24)


def test_the_parents_own_recipe_reads_the_files_of_a_user(parent):
    recipe = own_recipe(parent)
    assert (recipe.data.dataset, recipe.data.extra_train, recipe.output.alphabet) == ("files", (), "")
    assert recipe.encoder == StartingPoint.load(parent).recipe.encoder
