"""Speech goes through the loop of ink; its statistics are taken once, and a resumed run never looks again."""

import numpy as np
import pytest

import seqapp.training.recognizer_objective as objectives
from seqapp.input_pipeline import Examples
from seqapp.models import Workdir
from seqapp.recipe import SpeechAugmentationConfig
from seqapp.senses import SpeechSense
from seqapp.training import Corpora, RecognizerObjective, Training, make_strategy
from tests.small_speech import small_examples, speech_recipe


def corpora(seed=0):
    return Corpora(small_examples(12, seed), Examples.from_iterable([], SpeechSense), small_examples(4, seed + 50))


def make_training(path, recipe, examples=None):
    return Training(RecognizerObjective(recipe, examples or corpora(), Workdir(path), make_strategy("one_device")))


def statistics_of(training):
    layer = training._model.feature_normalization
    return layer.mean.numpy(), layer.scale.numpy()


def settings(steps):
    return {"steps": steps, "learning_rate": 0.01, "warmup_steps": 0, "evaluate_every": 2, "checkpoint_every": 2}


def record_fills(monkeypatch):
    """What masked features become, of every training that starts from now on."""
    fills, training_batches = [], objectives.training_batches

    def recorded(*arguments):
        fills.append(arguments[-1])
        return training_batches(*arguments)

    monkeypatch.setattr(objectives, "training_batches", recorded)
    return fills


def test_statistics_are_taken_before_step_0_and_never_again(tmp_path, monkeypatch):
    recipe = speech_recipe(augmentation=SpeechAugmentationConfig(), training=settings(4))
    fills = record_fills(monkeypatch)
    first = make_training(tmp_path, recipe)
    assert not statistics_of(first)[0].any()
    monkeypatch.setattr(first, "_is_due", lambda every: first.step == 2)
    monkeypatch.setattr(first, "_lost_patience", lambda: first.step == 2)  # as good as a stop
    first.run()
    mean, scale = statistics_of(first)
    assert first.step == 2 and mean.all() and (scale != 1).all()

    def never(*_):
        raise AssertionError("a resumed run has its statistics in the checkpoint")

    monkeypatch.setattr(objectives, "feature_statistics", never)
    resumed = make_training(tmp_path, recipe, corpora(seed=7))  # other features, were it to look
    resumed.run()
    assert resumed.step == 4
    for received, expected in zip(statistics_of(resumed), (mean, scale), strict=True):
        np.testing.assert_array_equal(received, expected)
    for fill in fills:  # masked alike before and after
        np.testing.assert_array_equal(fill, mean)
    assert len(fills) == 2
    recognizer, _, _ = Workdir(tmp_path).load_model()
    np.testing.assert_array_equal(recognizer.feature_normalization.mean, mean)


@pytest.mark.slow
def test_tones_are_learned_by_heart(tmp_path):
    few = small_examples(6)
    nothing = Examples.from_iterable([], SpeechSense)
    changes = {"steps": 150, "learning_rate": 0.02, "warmup_steps": 10, "evaluate_every": 150, "checkpoint_every": 150,
               "clip_norm": 1.0}  # fmt: skip
    recipe = speech_recipe(training=changes, units=32)
    facts = make_training(tmp_path, recipe, Corpora(few, nothing, few)).run()
    assert facts["cer"] < 0.05
