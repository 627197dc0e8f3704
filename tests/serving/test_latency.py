"""Latencies are those of real answers: of every request, and of every step of ink or audio."""

import numpy as np

from seqapp.decoding.config import DecoderConfig
from seqapp.models import LocalTranscriber
from seqapp.serving.latency import SPEECH_S, STEP_S, _PartialTexts, joined, latencies
from tests.serving.server.live.small_live import ink_transcriber, speech_transcriber
from tests.small_models import ALPHABET, scribble
from tests.small_speech import RATE_HZ, say


class Counted:
    """Counts the readings of a transcriber, and remembers the last ink or audio."""

    def __init__(self, transcriber):
        self._transcriber, self.read = transcriber, []

    def transcribe(self, examples):
        self.read += examples
        return self._transcriber.transcribe(examples)

    def __getattr__(self, name):
        return getattr(self._transcriber, name)


def count(row):
    (number,) = row["shape"]
    assert 0 < row["forward_ms"] <= row["p95_ms"]
    return number


def test_whole_requests_and_partial_texts_of_ink_are_timed():
    points = scribble(60)
    points[:, 2] = np.arange(60) / 30  # two seconds
    transcriber = Counted(ink_transcriber())
    whole, partial = latencies(transcriber, [points, points[:20]])
    assert whole["name"] == "ink, whole, greedy" and count(whole) == 2
    steps = len(np.unique(points[:, 2] // STEP_S)) + len(np.unique(points[:20, 2] // STEP_S))
    assert partial["name"] == "ink, partial, greedy" and count(partial) == steps
    np.testing.assert_allclose(transcriber.read[-1][:, :2], points[:20, :2], atol=1e-5)  # the last one knows all ink
    assert partial["unlike_final"] == 0.0 and 0.0 <= partial["taken_back"] < 100.0 and "taken_back" not in whole


def test_partial_texts_are_judged_by_the_final_one_and_by_what_they_take_back():
    texts = _PartialTexts()
    assert texts.facts() == {}
    texts.add(
        [{"partial": text, "stable_text": stable} for text, stable in (("ab", "a"), ("ac", ""), ("ac", "ac"))], "ac"
    )
    texts.add([{"partial": "abce", "stable_text": ""}], "abcd")
    assert texts.facts() == {"unlike_final": round(100 / 6, 2), "taken_back": 25.0}


def test_ink_without_times_is_written_at_a_steady_pace():
    points = scribble(60)
    points[:, 2] = 0.0
    (partial,) = latencies(ink_transcriber(), [points], ["partial"])
    assert count(partial) == len(np.unique(np.arange(60) / 100 // STEP_S))


def test_requests_of_speech_are_joined_utterances_and_streams_are_timed_by_step():
    waveforms = [say("ab cad"), say("dab"), say("cad ab dab cab")] * 3
    pieces = list(joined(waveforms, RATE_HZ))
    assert {len(piece) for piece in pieces} == {round(SPEECH_S * RATE_HZ)}
    np.testing.assert_array_equal(np.concatenate(pieces), np.concatenate(waveforms)[: sum(map(len, pieces))])
    whole, partial = latencies(speech_transcriber(), waveforms)
    assert count(whole) == len(pieces)
    assert count(partial) == len(pieces) * -(-round(SPEECH_S * RATE_HZ) // round(STEP_S * RATE_HZ))
    (short,) = joined([say("a")], RATE_HZ)
    np.testing.assert_array_equal(short, say("a"))


def test_a_model_with_context_is_timed_with_and_without_it():
    plain = speech_transcriber()
    functions = plain._functions
    transcriber = LocalTranscriber(
        functions["serving_default"], functions["log_probs"], plain.recipe, ALPHABET, "talk/1", plain._owner,
        plain._all_stream_functions, greedy=functions["serving_default"], context=DecoderConfig(beam_width=4),
    )  # fmt: skip
    names = [row["name"].removeprefix("speech, ") for row in latencies(transcriber, [say("ab")])]
    assert names == ["whole, greedy", "whole, with context", "partial, with context"]
