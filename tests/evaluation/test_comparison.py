"""Paired differences against SciPy's bootstrap, kaldialign's, and all draws that there are."""

import itertools
import json

import kaldialign
import numpy as np
import pytest
import scipy.stats

from seqapp.evaluation import Evaluation, Recognition, compare, pool_or_compare, summarise
from seqapp.evaluation.bootstrap import paired_bootstrap
from seqapp.evaluation.comparison_report import comparison_to_json, comparison_to_text, write_all_trn
from tests.evaluation.test_bootstrap import as_texts, made_up_counts


def two_models(num_units, seed=0):
    """Errors of a baseline and of a somewhat better model that finds the same units hard, and the lengths."""
    errors, lengths = made_up_counts(num_units, seed)
    return errors, np.random.default_rng(seed + 1).binomial(errors, 0.85), lengths


def test_the_interval_is_that_of_scipy():
    old, new, lengths = two_models(60)
    result = paired_bootstrap((old, lengths), (new, lengths))

    def statistic(units, axis=-1):
        return new[units].sum(axis) / lengths[units].sum(axis) - old[units].sum(axis) / lengths[units].sum(axis)

    reference = scipy.stats.bootstrap((np.arange(60),), statistic, n_resamples=10_000, method="percentile", rng=3)
    tolerance = 0.05 * (result.high - result.low)
    assert result.difference == pytest.approx(new.sum() / lengths.sum() - old.sum() / lengths.sum(), rel=1e-12)
    assert result.low == pytest.approx(reference.confidence_interval.low, abs=tolerance)
    assert result.high == pytest.approx(reference.confidence_interval.high, abs=tolerance)


def test_the_probability_of_improvement_is_that_of_kaldialign():
    old, _, lengths = two_models(40)
    new = np.random.default_rng(7).permutation(old)
    references, of_old = as_texts(old, lengths)
    new = np.minimum(new, lengths)
    _, of_new = as_texts(new, lengths)
    reference = kaldialign.bootstrap_wer_ci(references, of_old, of_new, replications=10_000)
    result = paired_bootstrap((old, lengths), (new, lengths))
    assert result.probability_of_improvement == pytest.approx(reference["p_s2_improv_over_s1"], abs=0.03)


def test_all_draws_of_few_units_give_the_same_quantiles_and_p():
    old, new, lengths = np.array([5, 9, 2, 7, 4]), np.array([4, 9, 0, 8, 1]), np.array([20, 31, 15, 22, 18])
    difference = new.sum() / lengths.sum() - old.sum() / lengths.sum()
    draws = np.array(list(itertools.product(range(5), repeat=5)))
    exact = (new[draws].sum(1) - old[draws].sum(1)) / lengths[draws].sum(1)
    result = paired_bootstrap((old, lengths), (new, lengths), replications=40_000)
    assert result.p_value == pytest.approx(np.mean(np.abs(exact - difference) >= abs(difference) - 1e-12), abs=0.01)
    np.testing.assert_allclose((result.low, result.high), np.quantile(exact, (0.025, 0.975)), atol=0.003)


def test_a_model_beside_itself_differs_by_nothing():
    old, _, lengths = two_models(20)
    result = paired_bootstrap((old, lengths), (old, lengths))
    assert (result.difference, result.low, result.high, result.p_value) == (0.0, 0.0, 0.0, 1.0)


def test_pairing_is_sharper_than_two_intervals_and_the_order_of_units_counts_for_nothing():
    old, new, lengths = two_models(50)
    order = np.random.default_rng(2).permutation(50)
    result = paired_bootstrap((old, lengths), (new, lengths), "writer")
    assert paired_bootstrap((old[order], lengths[order]), (new[order], lengths[order]), "writer") == result
    shuffled = paired_bootstrap((old, lengths), (new[order], lengths[order]))
    assert result.high - result.low < 0.6 * (shuffled.high - shuffled.low)
    assert result.p_value < 0.01 < shuffled.p_value or result.p_value < shuffled.p_value


def test_one_unit_gives_no_difference_and_shapes_must_match():
    assert paired_bootstrap(([1], [3]), ([2], [3])) is None
    with pytest.raises(ValueError):
        paired_bootstrap(([1, 2], [3, 3]), ([2], [3]))


LINES = {"a1": ("ann", "one two"), "a2": ("ann", "six"), "b1": ("bob", "five"), "b2": ("bob", "nine six")}
OLD = {"a1": "one too", "a2": "sex", "b1": "fine", "b2": "nine six"}
NEW = {"a1": "one two", "a2": "sex", "b1": "five", "b2": "nine sax"}


def evaluated(texts, training_texts=None):
    recognitions = [Recognition(i, group, reference, texts[i]) for i, (group, reference) in LINES.items() if i in texts]
    return summarise(recognitions, group="speaker", unit="utterance", training_texts=training_texts)


def test_models_of_the_same_examples_are_compared_over_speakers():
    comparison = pool_or_compare(["old", "new", "old again"], [evaluated(OLD), evaluated(NEW), evaluated(OLD)])
    first, second = comparison.contrasts
    assert (first.baseline, first.model, first.num_better, first.num_worse) == ("old", "new", 2, 1)
    assert (first.cer.unit, first.cer.num_units) == ("speaker", 2)
    assert first.cer.difference == pytest.approx((2 - 3) / 22) and second.cer.difference == 0.0


def test_test_sets_of_their_own_are_pooled_and_overlaps_are_refused():
    parts = [evaluated({k: v for k, v in OLD.items() if k[0] == letter}) for letter in "ab"]
    assert isinstance(pool_or_compare("ab", parts), Evaluation)
    with pytest.raises(ValueError, match="2 times"):
        pool_or_compare("ab", [evaluated(OLD), parts[0]])
    with pytest.raises(ValueError, match="differ in 2, b1, b2 among them"):
        compare("ab", [evaluated(OLD), parts[0]])


def test_the_reports_name_models_differences_and_doubts(tmp_path):
    comparison = compare(["old", "new"], [evaluated(OLD), evaluated(NEW)])
    text = comparison_to_text(comparison)
    assert "new against old: better in 2 utterances, worse in 1, equal in 1" in text and "-4.55" in text
    assert "bootstrap over 2 speakers" in text and "Few units" in text
    values = json.loads(comparison_to_json(comparison))
    assert [model["model"] for model in values["models"]] == ["old", "new"]
    assert [e["hypothesis"] for e in values["models"][1]["examples"]] == list(NEW.values())
    assert values["contrasts"][0]["cer"]["p_value"] == comparison.contrasts[0].cer.p_value
    write_all_trn(comparison, tmp_path)
    assert (tmp_path / "1" / "ref.trn").read_text() == (tmp_path / "2" / "ref.trn").read_text()


def test_models_are_compared_on_the_texts_that_none_of_them_saw_in_training():
    old, new = evaluated(OLD, ["one two"]), evaluated(NEW, ["nine six", "two"])
    for evaluations, ids in (((old, new), ["a2", "b1"]), ((old, evaluated(NEW)), ["a2", "b1", "b2"])):
        part = compare(["old", "new"], evaluations).texts_not_in_training
        assert [[e.recognition.id for e in each.examples] for each in part.evaluations] == [ids, ids]
    comparison = compare(["old", "new"], [old, new])
    part = comparison.texts_not_in_training
    assert comparison.contrasts == compare(["old", "new"], [evaluated(OLD), evaluated(NEW)]).contrasts
    # six and five, 7 characters: sex and fine, two errors; sex and five, one
    assert part.contrasts[0].cer.difference == pytest.approx(-1 / 7)
    text = comparison_to_text(comparison)
    assert "Texts seen in training: 2 utterances. Not seen: 2, of which" in text and "-14.29" in text
    values = json.loads(comparison_to_json(comparison))["texts_not_in_training"]
    assert values["num_examples"] == 2 and values["contrasts"][0]["num_better"] == 1
    assert [(model["model"], model["cer"]["rate"]) for model in values["models"]] == [("old", 2 / 7), ("new", 1 / 7)]
    unknown = compare(["old", "new"], [evaluated(OLD), evaluated(NEW)])
    assert unknown.texts_not_in_training is None and "in training" not in comparison_to_text(unknown)
    assert json.loads(comparison_to_json(unknown))["texts_not_in_training"] is None
