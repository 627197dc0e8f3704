"""The same examples under each condition: damaged as files would be, whatever the others are, and reported."""

import argparse
import dataclasses
import json

import numpy as np
import pytest

from seqapp.conditions.condition import Condition, Damage, find_conditions
from seqapp.conditions.speech.table import TABLE
from seqapp.evaluation.conditions.condition_scores import as_raw, damage, pooled_quality, score_conditions
from seqapp.evaluation.conditions.report import conditions_to_json, conditions_to_text
from seqapp.evaluation.conditions.run import conditions_for, report
from seqapp.evaluation.evaluate import evaluate
from seqapp.input_pipeline import Examples
from seqapp.models import Reading
from seqapp.recipe import LogMelConfig, SpeechAugmentationConfig
from seqapp.senses.speech import SpeechSense
from seqapp.text import Alphabet
from tests.sounds import noise

SENSE = SpeechSense(LogMelConfig(), SpeechAugmentationConfig())


def make_examples(count=4):
    """Waveforms as loud as one another, each with a text."""
    return Examples.from_iterable(
        (
            {"id": f"id {i}", "speaker_id": f"s{i % 2}", "text": "ab", "samples": 32_767 * noise(400 + i, i)}
            for i in range(count)
        ),
        SENSE,
    )


class LoudnessTranscriber:
    """Reads what is loud, and nothing else; sure of both."""

    alphabet, sense, name = Alphabet(tuple(" ab")), SENSE, "ears"

    def transcribe(self, raw, batch_size):
        loud = [np.abs(samples).max() > 1_000 for samples in raw]
        return [Reading("ab" if is_loud else "", 0.9 if is_loud else 0.6, (), ()) for is_loud in loud]


@pytest.fixture(scope="module")
def scores():
    conditions = find_conditions(["level", "offset"], TABLE)
    clean = evaluate(LoudnessTranscriber(), make_examples())
    return score_conditions(LoudnessTranscriber(), make_examples(), clean, conditions)


def test_each_condition_is_scored_beside_the_clean_input(scores):
    assert [score.name for score in scores] == ["clean", "level=-34", "level=-18", "offset=0.05"]
    assert [score.evaluation.characters.rate for score in scores] == [0.0, 1.0, 0.0, 0.0]
    assert scores[1].quality.mean_of_bad == pytest.approx(0.6) and scores[0].quality.auroc is None


def test_all_readings_together_tell_what_confidence_is_worth(scores):
    quality = pooled_quality(scores)
    assert (quality.num_readings, quality.num_right, quality.auroc) == (16, 12, 1.0)


def test_the_table_has_a_row_for_each_and_one_for_all(scores):
    lines = conditions_to_text(scores).splitlines()
    assert lines[0].split() == [
        "condition",
        "CER",
        "WER",
        "x",
        "clean",
        "confidence",
        "of",
        "bad",
        "AUROC",
        "ECE",
        "sure",
    ]
    assert lines[2].split() == ["level", "-34", "dB", "100.00", "100.00", "-", "0.60", "0.60", "-", "60.0", "100"]
    assert lines[5].split() == ["all", "together", "0.82", "0.60", "1.000", "22.5", "100"]
    assert all(len(line) < 100 for line in lines)


def test_json_has_the_whole_evaluation_of_each(scores):
    found = json.loads(conditions_to_json(scores))
    assert [each["condition"] for each in found["conditions"]] == [score.name for score in scores]
    assert found["conditions"][1]["cer"]["rate"] == 1.0 and found["conditions"][1]["cer_ratio"] is None
    assert len(found["conditions"][3]["examples"]) == 4 and found["pooled_confidence"]["auroc"] == 1.0


def test_damage_is_rounded_and_limited_as_a_file_would_be():
    (condition,) = find_conditions(["clipped=40"], TABLE)
    damaged = damage(make_examples(), condition, SENSE)
    assert damaged.raw.dtype == np.int16 and damaged.raw.max() == 32_767 and damaged.raw.min() == -32_768
    np.testing.assert_array_equal(damaged.ids, make_examples().ids)
    np.testing.assert_array_equal(as_raw(np.array([-2.0, 0.5, 2.0]), SENSE), [-32_768, 16_384, 32_767])


def test_damage_of_one_does_not_depend_on_the_others():
    (condition,) = find_conditions(["pink_noise=10"], TABLE)
    all_of_them = damage(make_examples(), condition, SENSE)
    last = damage(make_examples().select([3]), condition, SENSE)
    np.testing.assert_array_equal(all_of_them.raw_of(3), last.raw_of(0))
    assert not np.array_equal(damage(make_examples(), condition, SENSE, seed=1).raw_of(3), last.raw_of(0))


def test_others_are_never_the_example_itself():
    seen = []
    others = Damage(lambda raw, strength, rng, others: seen.append(len(others(rng))) or raw, "", (1.0,), "")
    damage(make_examples(), Condition("others", others, 1.0), SENSE)
    assert all(length != 400 + i for i, length in enumerate(seen))


def test_an_example_alone_is_beside_itself():
    (condition,) = find_conditions(["babble=10"], TABLE)
    assert len(damage(make_examples(1), condition, SENSE)) == 1


def test_the_script_prints_the_report_and_draws_a_picture(tmp_path):
    arguments = argparse.Namespace(json=False, plots=tmp_path, batch_size=2)
    clean = evaluate(LoudnessTranscriber(), make_examples())
    text = report(LoudnessTranscriber(), make_examples(), clean, conditions_for(SENSE, ["level=-34"]), arguments)
    assert "level -34 dB" in text and (tmp_path / "conditions.png").stat().st_size > 1_000
    plain = argparse.Namespace(json=True, plots=None, batch_size=2)
    none = conditions_for(SENSE, None)
    assert json.loads(report(LoudnessTranscriber(), make_examples(), clean, none, plain))["num_examples"] == 4


def test_an_unknown_condition_is_named_before_anything_is_read():
    with pytest.raises(ValueError, match="No condition 'levle'. Did you mean level"):
        conditions_for(SENSE, ["levle=3"])


def test_skipped_examples_stay_listed():
    examples = make_examples()
    examples = dataclasses.replace(examples, texts=np.array(["ab", "", "ab", "ab"], object))
    clean = evaluate(LoudnessTranscriber(), examples)
    scores = score_conditions(LoudnessTranscriber(), examples, clean, find_conditions(["hum"], TABLE))
    assert [len(score.evaluation.skipped) for score in scores] == [1, 1]


def test_input_without_a_text_stands_apart():
    clean = evaluate(LoudnessTranscriber(), make_examples())
    conditions = conditions_for(SENSE, ["level=-18", "silence", "backwards"])
    scores = score_conditions(LoudnessTranscriber(), make_examples(), clean, conditions)
    assert [score.has_text for score in scores] == [True, True, False, False]
    assert pooled_quality(scores).num_readings == 8
    lines = conditions_to_text(scores).splitlines()
    assert lines[lines.index("without a text") + 1].split() == ["silence", "0.60", "100"]
    assert [each["has_text"] for each in json.loads(conditions_to_json(scores))["conditions"]][2:] == [False, False]
