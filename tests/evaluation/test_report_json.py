"""The JSON report is an interface: keys stay, types are plain."""

import json

from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.report_json import to_dict, to_json
from seqapp.evaluation.summarise import summarise
from seqapp.text.alphabet import Alphabet

LINES = [
    Recognition("l1", "ann", "the cat", "the cat", 0.9),
    Recognition("l2", "bob", "été", "ete"),
]
COUNTS = {"rate", "substitutions", "deletions", "insertions", "hits", "reference_length"}


def test_keys_are_those_promised():
    report = to_dict(summarise(LINES, [("x", "no points")], Alphabet("theca ")))
    assert set(report) == {
        "schema", "normalization", "unit", "num_examples", "num_wrong_examples", "num_skipped", "skipped", "cer", "wer",
        "unseen_characters", "confusions", "group", "groups", "pages", "length_bins", "samples", "examples",
        "texts_not_in_training",
    }  # fmt: skip
    assert set(report["cer"]) == set(report["wer"]) == COUNTS | {"interval"}
    assert set(report["cer"]["interval"]) == {"low", "high", "unit", "num_units"}
    assert set(report["groups"][0]) == {"group_id", "num_examples", "num_wrong_examples", "cer", "wer"}
    assert set(report["confusions"][0]) == {"kind", "reference", "hypothesis", "count"}
    assert set(report["samples"]) == {"best", "median", "worst", "doubtful"}
    assert report["skipped"] == [{"id": "x", "reason": "no points"}]
    assert report["unseen_characters"] == {"é": 2}
    assert [(e["id"], e["hypothesis"]) for e in report["examples"]] == [("l1", "the cat"), ("l2", "ete")]


def test_json_is_the_dict_and_keeps_letters_readable():
    evaluation = summarise(LINES)
    assert json.loads(to_json(evaluation)) == to_dict(evaluation)
    assert "été" in to_json(evaluation) and to_json(evaluation).endswith("}\n")


def test_unknown_confidence_is_null():
    worst = to_dict(summarise(LINES))["samples"]["worst"][0]
    assert worst["id"] == "l2" and worst["confidence"] is None


def test_rate_of_nothing_is_null():
    report = json.loads(to_json(summarise([])))
    assert report["cer"]["rate"] is None and report["cer"]["interval"] is None
    assert report["num_examples"] == 0 and report["samples"]["worst"] == []


def test_texts_not_in_training_have_rates_of_their_own_and_are_null_where_nobody_looked():
    report = to_dict(summarise(LINES, training_texts=["the cat"]))
    part = report["texts_not_in_training"]
    assert set(part) == {"num_in_training", "num_examples", "num_wrong_examples", "cer", "wer"}
    assert (part["num_in_training"], part["num_examples"], part["num_wrong_examples"]) == (1, 1, 1)
    assert set(part["cer"]) == set(part["wer"]) == COUNTS | {"interval"} and part["cer"]["rate"] == 2 / 3
    assert [example["text_in_training"] for example in report["examples"]] == [True, False]
    nobody_looked = to_dict(summarise(LINES))
    assert nobody_looked["texts_not_in_training"] is None
    assert [example["text_in_training"] for example in nobody_looked["examples"]] == [None, None]
