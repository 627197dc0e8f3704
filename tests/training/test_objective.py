"""The loop trains whatever gives an objective: here one weight, pulled by the sum of all batches so far."""

import csv
import json
import logging

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqapp.models import Workdir
from seqapp.recipe import TrainingConfig
from seqapp.training import Training, make_strategy
from seqapp.training.objective import Evaluation, Objective
from seqapp.training.strategy import building


class OneWeight(keras.Model):
    def __init__(self):
        super().__init__()
        self.weight = self.add_weight((), "ones", name="weight")
        self.built = True


class Sum(Objective):
    """Batch k holds the number k, which rows add to what they carry; the loss is the weight times that sum."""

    score_name = "distance"

    def __init__(self, path, scores, **config):
        config = {"warmup_steps": 0, "weight_decay": 0.0, "evaluate_every": 2, "checkpoint_every": 2} | config
        super().__init__(TrainingConfig(steps=8, **config), Workdir(path), make_strategy("one_device"))
        self.workdir.path.mkdir(exist_ok=True)
        with building(self.strategy, self.config):
            self.model = OneWeight()
        self.calls, self._scores = [], iter(scores)

    def begin(self):
        self.calls.append("begin")

    def carried(self):
        return [tf.zeros([])]

    def batches(self, start_step, replicas, num_replicas):
        self.calls.append(f"batches from {start_step}")
        numbers = tf.data.Dataset.range(start_step, 1_000)
        return numbers.map(lambda number: {"number": tf.cast(number, tf.float32)})

    def loss(self, batch, carried):
        total = carried[0] + batch["number"]
        return self.model.weight * total, [total]

    def size(self, batch):
        return tf.constant(1)

    def evaluate(self):
        score = next(self._scores)
        return Evaluation(score, {"validation_loss": 2 * score}, {"distance": score})


def open_training(path, scores=(4.0, 3.0, 2.0, 1.0), **config):
    return Training(Sum(path, scores, **config))


def total(training):
    return float(training._state.carried[0].numpy())


def test_methods_are_called_in_their_order_and_results_are_written(tmp_path):
    training = open_training(tmp_path / "w", scores=[4.0, 2.0, 3.0, 5.0])
    facts = training.run()
    assert training.objective.calls == ["begin", "batches from 0"]
    assert facts == json.loads((tmp_path / "w" / "best.json").read_text())
    assert (facts["step"], facts["distance"]) == (4, 2.0) and facts["core_minutes"] > 0
    with (tmp_path / "w" / "metrics.csv").open(newline="") as file:
        found = {int(row["step"]): float(row["validation_loss"]) for row in csv.DictReader(file)}
    assert found == {2: 8.0, 4: 4.0, 6: 6.0, 8: 10.0}


def test_what_rows_carry_is_handed_on_and_survives_a_kill(tmp_path):
    through, killed = open_training(tmp_path / "through"), open_training(tmp_path / "killed")
    through.run()
    assert total(through) == sum(range(8))
    killed._lost_patience = lambda: killed.step == 5  # what came after the checkpoint of step 4 is lost
    killed.run()
    resumed = open_training(tmp_path / "killed", scores=(2.0, 1.0))
    resumed.run()
    assert resumed.objective.calls == ["batches from 4"]
    assert total(resumed) == total(through)
    np.testing.assert_array_equal(resumed.objective.model.weight, through.objective.model.weight)


def test_patience_counts_the_score_and_calls_it_by_its_name(tmp_path, caplog):
    training = open_training(tmp_path / "w", scores=[1.0, 2.0, 2.0], patience=2)
    with caplog.at_level(logging.INFO):
        assert training.run()["step"] == 2
    assert training.step == 6 and "no better distance in 2 evaluations" in caplog.text


def test_a_loss_that_is_not_finite_names_no_examples_where_there_are_none(tmp_path):
    training = open_training(tmp_path / "w")
    training.objective.model.weight.assign(np.nan)
    with pytest.raises(FloatingPointError, match=r"loss of step 1 is nan, .*\. Lower training.learning_rate or traini"):
        training.run()
