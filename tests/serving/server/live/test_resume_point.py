"""A stream of speech that goes on in another conversation says what it would have said in the first."""

import json

import numpy as np
import pytest
import soxr

from seqapp.models import Endpointing
from seqapp.serving.server.live.audio_conversation import AudioConversation
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.message import BadMessage
from seqapp.serving.server.live.resume_point import ResumePoint, Resuming
from tests.serving.server.live.small_live import answers, speech_transcriber
from tests.small_speech import RATE_HZ, say

RULES = Endpointing(pause_s=0.2, silence_s=0.4, utterance_s=0.8)
CONFIG = {"config": {"sample_rate": RATE_HZ, "resumable": 1}}
CHUNK = 1_111


def conversation():
    transcriber = speech_transcriber()
    return AudioConversation(transcriber, transcriber, LiveLimits(), RULES)


def speech(rate_hz=RATE_HZ):
    pause = np.zeros(RATE_HZ // 2, np.int16)
    samples = np.concatenate([part for text in ("ab cad", "dab", "cab ad", "bad") for part in (say(text), pause)])
    return samples if rate_hz == RATE_HZ else soxr.resample(samples, RATE_HZ, rate_hz)


def finals(told):
    return [(answer["segment"], answer["text"], answer["start_s"]) for answer in told if answer["type"] == "final"]


def hear(samples, moves, rate_hz=RATE_HZ):
    """The final answers, where the stream moves to a new conversation behind each number of chunks in `moves`."""
    hearing, told, position, point, num_chunks = None, [], 0, None, 0
    while position < len(samples):
        if hearing is None:
            hearing = conversation()
            hearing.take(json.dumps({"config": {"sample_rate": rate_hz, "resumable": 1}}))
            if point:
                hearing.take(json.dumps({"resume": point}))
                position = point["sample"]
        hearing.take(samples[position : position + CHUNK].tobytes())
        position += CHUNK
        num_chunks += 1
        told += answers(hearing)
        point = told[-1]["resume"]
        if num_chunks in moves:
            hearing = None
    hearing.take('{"eof": 1}')
    return told + answers(hearing)


@pytest.mark.parametrize("rate_hz", [RATE_HZ, 48_000, 11_025])
def test_a_stream_that_moves_at_any_place_has_the_segments_of_one_that_stays(rate_hz):
    samples = speech(rate_hz)
    expected = finals(hear(samples, (), rate_hz))
    assert len(expected) > 3 and len({segment for segment, _, _ in expected}) == len(expected)
    for moves in ((1,), (7, 8, 9), range(3, 80, 5)):
        moved = hear(samples, moves, rate_hz)
        assert [final[:2] for final in finals(moved)] == [final[:2] for final in expected]
        np.testing.assert_allclose([f[2] for f in finals(moved)], [f[2] for f in expected], atol=1e-3)
        assert moved[-1]["heard_s"] == pytest.approx(len(samples) / rate_hz, abs=1e-3)


def test_behind_a_reset_the_next_segment_is_the_place():
    hearing = conversation()
    hearing.take(json.dumps(CONFIG))
    hearing.take(say("ab").tobytes())
    hearing.take('{"reset": 1}')
    *_, final = answers(hearing)
    assert final["type"] == "final" and final["resume"]["sample"] == len(say("ab"))
    assert final["resume"]["segment"] > final["segment"] and final["resume"]["skip"] == 0


def test_the_end_that_a_server_makes_can_be_heard_again():
    hearing = conversation()
    hearing.take(json.dumps(CONFIG))
    hearing.take(say("ab").tobytes())
    hearing.take('{"eof": 1}')
    final = answers(hearing)[-1]
    assert final["resume"] == {"sample": 0, "skip": 0, "segment": final["segment"], "start_s": 0.0}


def test_streams_that_do_not_ask_get_no_point():
    hearing = conversation()
    hearing.take(say("ab").tobytes())
    assert "resume" not in answers(hearing)[-1]


@pytest.mark.parametrize(
    "value",
    [
        7,
        {"sample": 0},
        {"sample": -1, "skip": 0, "segment": 0, "start_s": 0},
        {"sample": 0, "skip": 0, "segment": "one", "start_s": 0},
        {"sample": 1e12, "skip": 0, "segment": 0, "start_s": 0},
        {"sample": 0, "skip": 0, "segment": 0, "start_s": 0, "state": "x"},
    ],
)
def test_points_that_no_answer_brought_are_refused(value):
    with pytest.raises(BadMessage, match="Expected"):
        conversation().take(json.dumps(CONFIG | {"resume": value}))


def test_a_stream_is_resumed_and_made_resumable_at_its_begin_alone():
    hearing = conversation()
    hearing.take(say("ab").tobytes())
    with pytest.raises(BadMessage, match="before the audio"):
        hearing.take(json.dumps({"resume": ResumePoint()._asdict()}))
    with pytest.raises(BadMessage, match="before the audio"):
        hearing.take(json.dumps(CONFIG))


def test_what_lies_before_the_segment_is_cut_off_in_pieces():
    resuming = Resuming(48_000, 16_000, ResumePoint(300, 5, 1, 0.5))
    pieces = [resuming.hear(9, np.arange(3.0)), resuming.hear(9, np.arange(3.0, 6.0)), resuming.hear(3, np.ones(1))]
    assert [piece.tolist() for piece in pieces] == [[], [5.0], [1.0]]
    assert resuming.point(0, 1, 0.5) == ResumePoint(300, 5, 1, 0.5)
    resuming.begin()
    assert resuming.point(0, 2, 0.5) == ResumePoint(321, 0, 2, 0.5)
