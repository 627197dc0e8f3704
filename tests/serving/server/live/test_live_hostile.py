"""Whatever a client sends, in whatever order, it gets answers or is told what was expected, and nothing else fails."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.serving.server.live.audio_conversation import AudioConversation
from seqapp.serving.server.live.ink_conversation import InkConversation
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.message import BadMessage, LimitPassed
from tests.serving.page.made_up_models import Hearer
from tests.serving.server.live.small_live import Clock, StrokeReader

KEYS = (
    "config", "clear", "undo", "strokes", "points", "pen_up", "alternatives", "reset", "stamp", "sample_rate",
    "encoding", "max_alternatives", "pcm16", "float32",
)  # fmt: skip
NUMBERS = st.integers(-2, 9) | st.floats() | st.sampled_from([8_000, 48_000, 10**400])
POINTS = st.lists(st.lists(NUMBERS, min_size=2, max_size=3), max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.sampled_from(KEYS) | POINTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=3).map(json.dumps)
MESSAGES = st.lists(OBJECTS | VALUES.map(json.dumps) | st.text(max_size=9) | st.binary(max_size=12), max_size=12)
TYPES = {"partial", "final", "alternatives"}


def writing():
    return InkConversation(StrokeReader(), StrokeReader(), LiveLimits(max_points=12), Clock())


def speaking():
    return AudioConversation(Hearer(), StrokeReader(), LiveLimits(max_seconds=0.5))


@pytest.mark.parametrize("begin", [writing, speaking])
@settings(deadline=None, max_examples=150)
@given(messages=MESSAGES, is_patient=st.booleans())
def test_a_conversation_survives_and_comes_to_its_end(begin, messages, is_patient):
    conversation = begin()
    for message in messages:
        try:
            conversation.take(message)
        except (BadMessage, LimitPassed) as error:
            assert len(str(error)) < 400
        if is_patient:
            told(conversation)
    conversation.take('{"eof": 1}')
    answers = told(conversation)
    assert conversation.is_over and answers and {answer["type"] for answer in answers} <= TYPES


def told(conversation):
    found = []
    while work := conversation.work():
        found += work()
    json.dumps(found, allow_nan=False)
    return found
