"""Three rules, each by hand."""

import doctest
import math

import pytest

import seqapp.models.transcriber.endpointing
from seqapp.models.transcriber.endpointing import NEVER, Endpointing

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


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_times_must_be_greater_than_0(value):
    with pytest.raises(ValueError, match=f"Endpointing needs pause_s > 0. Received: {value}"):
        Endpointing(pause_s=value)


def test_the_example_holds():
    assert doctest.testmod(seqapp.models.transcriber.endpointing).failed == 0
