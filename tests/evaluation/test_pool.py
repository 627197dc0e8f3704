"""What is pooled is as if it had been read by one model."""

import pytest

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.pool import pool
from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.summarise import summarise
from seqapp.text.alphabet import Alphabet

ANN = [Recognition("a1", "ann", "one two", "one too"), Recognition("a2", "ann", "six", "six")]
BOB = [Recognition("b1", "bob", "five", "fine"), Recognition("b2", "bob", "nine six", "nine")]
SPOKEN = {"group": "speaker", "unit": "utterance"}


def evaluated(lines, skipped=()):
    return summarise(lines, skipped, **SPOKEN)


def test_the_pool_of_parts_is_the_whole_with_intervals_over_all_speakers():
    pooled, whole = pool([evaluated(ANN), evaluated(BOB)]), evaluated(ANN + BOB)
    assert pooled == whole
    assert pooled.cer_interval.unit == "speaker" and pooled.cer_interval.num_units == 2
    assert evaluated(ANN).cer_interval.unit == "utterance", "one speaker alone tells nothing of another"


def test_one_evaluation_stays_as_it_is():
    alone = evaluated(ANN)
    assert pool([alone]) is alone


def test_what_all_left_out_is_listed_once():
    broken = Skipped([("x", "no points")])
    pooled = pool([evaluated(ANN, broken), evaluated(BOB, broken + Skipped([("y", "empty file")]))])
    assert list(pooled.skipped) == [("x", "no points"), ("y", "empty file")]


def test_unseen_characters_are_those_of_each_models_own_alphabet():
    first = summarise(ANN, alphabet=Alphabet(tuple("one tw")), **SPOKEN)
    second = summarise(BOB, alphabet=Alphabet(tuple("five ns")), **SPOKEN)
    assert first.unseen == {"s": 1, "i": 1, "x": 1} and second.unseen == {"x": 1}
    assert pool([first, second]).unseen == {"s": 1, "i": 1, "x": 2}


def test_an_example_that_two_models_read_is_refused():
    with pytest.raises(ValueError, match="Received: example 'a1' 2 times. Give --dataset recipe"):
        pool([evaluated(ANN), evaluated(BOB), evaluated(ANN[:1])])


def test_each_model_has_training_texts_of_its_own_and_all_must_be_known():
    first = summarise(ANN, training_texts=["one two", "five"], **SPOKEN)
    second = summarise(BOB, training_texts=["one two", "nine six"], **SPOKEN)
    part = pool([first, second]).texts_not_in_training
    assert [example.recognition.id for example in part.examples] == ["a2", "b1"]
    assert pool([first, evaluated(BOB)]).texts_not_in_training is None
