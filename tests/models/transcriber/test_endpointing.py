"""Three rules, each by hand."""

import doctest
import math

import pytest

import seqapp.models.transcriber.endpointing
from seqapp.models.transcriber.endpointing import NEVER, CutPlace, Endpointing

RULES = Endpointing(pause_s=1.0, silence_s=3.0, utterance_s=10.0)


@pytest.mark.parametrize(
    ("length_s", "silence_s", "is_end"),
    [
        (0.0, 0.0, False),
        (2.0, 0.98, False),  # a pause after words, too short
        (2.0, 1.0, True),
        (2.0, 1.9, True),
        (2.98, 2.98, False),  # nothing said yet
        (3.0, 3.0, True),
        (3.5, 2.5, True),  # something was said, a while ago
        (9.98, 0.0, False),  # one long sentence
        (10.0, 0.0, True),
    ],
)
def test_each_rule_holds_from_its_time_on(length_s, silence_s, is_end):
    assert RULES.is_end(length_s, silence_s) is is_end


def test_rounding_decides_nothing():
    length_s = sum([0.1] * 10)  # 0.9999999999999999
    assert RULES.is_end(5 + length_s, length_s) and Endpointing(utterance_s=1.0).is_end(length_s, 0.0)


@pytest.mark.parametrize("field", ["pause_s", "silence_s", "utterance_s"])
def test_infinity_switches_a_rule_off(field):
    assert not NEVER.is_end(1e9, 0.0) and not NEVER.is_end(1e9, 1e9) and not NEVER.is_end(1e9, 1e8)
    only = {**vars(NEVER), field: 2.0}
    assert Endpointing(**only).is_end(*{"pause_s": (3, 2), "silence_s": (2, 2), "utterance_s": (2, 0)}[field])


def cut_of(frames, utterance_s=2.0):
    """The place and the first frame that is needed behind frames of 0.1 s: a letter, "_" a space, "." a blank."""
    place = CutPlace(Endpointing(utterance_s=utterance_s), 0.1)
    for frame in frames:
        place.add(frame in "._", frame == "_")
    return place.frame, place.first_needed


@pytest.mark.parametrize(
    ("frames", "place"),
    [
        ("aaaaaaaaaaaaaaaaaaaa", None),  # never silent
        ("aa_aaaaaaa..aaaaaaaa", 11),  # a space, but in the first half
        ("aaaaaaaaaaaa_aa..aaa", 12),  # between words rather than within one
        ("aaaaaaaaaa.....aa_aa", 12),  # half a second is between words, too, and longer
        ("aaaaaaaaaa._.aa._.aa", 16),  # of two as long the last
        ("aaaaaaaaaaaaaaaaa_..", 18),  # the one that goes on
    ],
)
def test_a_long_utterance_is_cut_at_its_longest_silence_between_words(frames, place):
    found, first_needed = cut_of(frames)
    assert found == place and first_needed <= (len(frames) if place is None else place)


def test_no_place_is_needed_before_the_middle():
    assert cut_of("aaa_aa") == (None, 6) and cut_of("aaaaaaaaa__") == (10, 10.0)


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_times_must_be_greater_than_0(value):
    with pytest.raises(ValueError, match=f"Endpointing needs pause_s > 0. Received: {value}"):
        Endpointing(pause_s=value)


def test_the_example_holds():
    assert doctest.testmod(seqapp.models.transcriber.endpointing).failed == 0
