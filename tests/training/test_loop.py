"""The loop learns, chooses the best weights, stops when told, and names what it cannot use."""

import csv
import dataclasses
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

import seqapp.training.loop
from seqapp.models import Workdir
from tests.pairwise import representatives
from tests.small_trainings import (
    WITHOUT_AUGMENTATION,
    ScriptedValidator,
    make_training,
    small_corpora,
    small_recipe,
    words,
)

IMPATIENT = ("training.patience=2", "training.average_decay=0.9", "training.evaluate_every=3", "training.steps=30")


def weights_of(training):
    return [weight.numpy() for weight in training._model.trainable_weights]


def rows(path):
    with (path / "metrics.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@representatives(("cell",), [("min_gru",)], [("min_gru",), ("lstm",)])
def test_a_handful_of_words_is_learned_by_heart_and_every_weight_takes_part(cell, tmp_path):
    few = words(range(4))
    changes = (f"encoder.cell={cell}", "encoder.execution=auto", "encoder.units=48", "encoder.bidirectional=True",
               "training.steps=120", "training.evaluate_every=120", "training.checkpoint_every=120",
               "training.clip_norm=1.0")  # fmt: skip
    training = make_training(tmp_path, small_recipe(*WITHOUT_AUGMENTATION, *changes), small_corpora(few, few))
    before = weights_of(training)
    facts = training.run()
    assert facts["cer"] == facts["wer"] == 0.0 and facts["step"] == 120
    for weight, old, new in zip(training._model.trainable_weights, before, weights_of(training), strict=True):
        assert (old != new).any(), f"no gradient reaches {weight.path}"


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_learns_with_weights_in_float32(precision, tmp_path, monkeypatch):
    monkeypatch.setattr(seqapp.training.loop, "LOG_EVERY", 10)
    changes = (f"training.precision={precision}", "training.steps=30", "training.evaluate_every=30",
               "training.learning_rate=0.005", "training.clip_norm=1.0")  # fmt: skip
    training = make_training(tmp_path, small_recipe(*changes))
    ScriptedValidator(training, [0.5])
    training.run()
    losses = [float(row["loss"]) for row in rows(tmp_path) if row["loss"]]
    assert len(losses) == 3 and losses[0] > losses[1] > 0 and losses[0] > losses[2] > 0
    assert {weight.dtype for weight in training._model.weights if "seed" not in weight.path} == {"float32"}
    assert all(np.isfinite(weight).all() for weight in weights_of(training))
    assert isinstance(training._optimizer, keras.optimizers.LossScaleOptimizer) == (precision == "mixed_float16")
    assert keras.config.dtype_policy().name == "float32", "the policy does not outlive the building of the model"


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    """A run with patience 2 whose error rates are 0.5, 0.3, 0.4, 0.35: path, recipe, training, validator, facts."""
    path = tmp_path_factory.mktemp("impatient")
    recipe = small_recipe(*IMPATIENT)
    training = make_training(path, recipe)
    validator = ScriptedValidator(training, [0.5, 0.3, 0.4, 0.35])
    return path, recipe, training, validator, training.run()


def test_patience_ends_the_run_after_so_many_evaluations_without_a_better_one(impatient):
    path, _, training, validator, facts = impatient
    assert training.step == 12 and len(validator.seen) == 4 and not training.was_stopped
    assert (facts["step"], facts["cer"]) == (6, 0.3) and facts == json.loads((path / "best.json").read_text())
    found = [row for row in rows(path) if row["validation_cer"]]
    rates = {row["step"]: row["validation_cer"] for row in found}
    assert rates == {"3": "0.5", "6": "0.3", "9": "0.4", "12": "0.35"} and len(found) == 4
    others = ("validation_loss", "validation_wer", "blank_share", "loss")
    assert [found[0][name] for name in others] == ["1", "0.5", "0.5", ""]


def test_the_best_weights_are_those_of_the_best_evaluation(impatient):
    path, _, _, validator, _ = impatient
    recognizer, _, _ = Workdir(path).load_model()
    for weight, best, last in zip(recognizer.trainable_weights, validator.seen[1], validator.seen[3], strict=True):
        np.testing.assert_array_equal(weight, best)
        assert (best != last).any()


def test_averages_are_evaluated_and_the_weights_themselves_trained_on(impatient):
    _, _, training, validator, _ = impatient
    for weight, average, seen in zip(weights_of(training), training._state.averages, validator.seen[3], strict=True):
        np.testing.assert_array_equal(average, seen)
        assert (weight != seen).any()


def test_a_run_that_lost_patience_stays_ended(impatient):
    path, recipe, _, _, facts = impatient
    again = make_training(path, recipe)
    ScriptedValidator(again, [])  # no evaluation takes place
    assert again.run() == facts and again.step == 12


@pytest.mark.parametrize(
    "changes, message",
    [
        (["encoder.units=32"], r"belongs to another recipe: encoder.units was 16, now 32\. Give"),
        (["training.seed=1", "data.max_frames=9"], "data.max_frames was 4000, now 9; training.seed was 0, now 1"),
    ],
)
def test_another_recipe_in_the_same_workdir_names_what_differs(impatient, changes, message):
    path, *_ = impatient
    recipe = small_recipe(*IMPATIENT, *changes)
    with pytest.raises(ValueError, match=message):
        make_training(path, recipe)


def with_faults(train, validation):
    """Every kind of unusable example, among usable ones."""
    points = [train.raw_of(i) for i in range(len(train))]
    texts = list(train.texts)
    points[1] = points[1][:0]
    points[2] = np.where(np.arange(len(points[2]))[:, np.newaxis] == 5, np.nan, points[2])
    points[3] = points[3][-1:]  # one point: a dot, and a word of more letters than it has frames
    points[4] = np.repeat(points[4], 40, axis=0)
    texts[5] = ""
    texts[6] *= 30
    replaced = words(range(len(train)), points=points, text=texts)
    strange = np.array(["§ß", *validation.texts[1:]], object)
    return small_corpora(replaced, dataclasses.replace(validation, texts=strange))


def test_unusable_examples_are_listed_by_id_and_reason_and_the_training_goes_on(tmp_path):
    corpora = with_faults(words(range(8)), words(range(3)))
    recipe = small_recipe("training.steps=2", "features.max_points=2000", "training.evaluate_every=1")
    training = make_training(tmp_path, recipe, corpora)
    ScriptedValidator(training, [1.0, 0.5])
    assert training.run()["step"] == 2
    skipped = json.loads((tmp_path / "skipped.json").read_text())
    assert skipped.pop("reader") == {"counts": {}, "items": []}
    reasons = {name: {i: reason.split(":")[0] for i, reason in found["items"]} for name, found in skipped.items()}
    too_long = f"{40 * len(words([4]).raw_of(0))} points, more than features.max_points = 2000"
    assert reasons == {
        "train": {
            "train-000001": "no points", "train-000002": "coordinates that are not finite",
            "train-000003": "label cannot be aligned", "train-000004": too_long, "train-000005": "empty label",
            "train-000006": "label cannot be aligned",
        },
        "extra": {},
        "validation": {"train-000000": "characters outside the alphabet"},
    }  # fmt: skip
    assert skipped["validation"]["items"] == [["train-000000", "characters outside the alphabet: § ß"]]
    assert skipped["train"]["counts"]["label cannot be aligned"] == 2


def test_nothing_usable_is_an_error_that_says_where_to_look(tmp_path):
    nothing = words(range(2), text=["", ""])
    with pytest.raises(ValueError, match="No usable validation example. Skipped: train-000000: empty label; "):
        make_training(tmp_path / "a", small_recipe(), small_corpora(validation=nothing))
    alphabet = "".join(sorted(set("".join(words(range(4)).texts))))
    with pytest.raises(ValueError, match="No usable training example"):
        make_training(tmp_path / "b", small_recipe(f"output.alphabet={alphabet}"), small_corpora(train=nothing))


def test_what_is_not_finite_stops_the_run_and_names_step_and_examples(tmp_path, monkeypatch):
    recipe = small_recipe("training.evaluate_every=1", "training.checkpoint_every=1")
    training = make_training(tmp_path, recipe)
    ScriptedValidator(training, [0.5])
    with monkeypatch.context() as patch:
        patch.setattr(seqapp.training.loop, "apply_clipped", lambda *_: tf.constant(np.inf))
        with pytest.raises(FloatingPointError, match=r"step 1 is \d.*, the norm of its gradient inf\. Examples: tr"):
            training.run()
    training._model.logits.bias.assign(np.full(training._model.logits.bias.shape, np.nan))
    with pytest.raises(FloatingPointError, match="loss of step 2 is (nan|inf),.*Lower") as error:
        training.run()
    named = str(error.value).split("Examples: ")[1].split(".")[0].split(", ")
    assert named and set(named) <= set(words(range(8)).ids)
    assert not list(tmp_path.glob("checkpoints/ckpt-*")), "nothing that is not finite is kept"
