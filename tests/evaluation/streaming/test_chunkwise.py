"""The table of streaming says what was heard, whole and in chunks, and what it cost."""

import dataclasses
import json
import math
import mmap
import types

import numpy as np
import pytest

from seqapp.evaluation.streaming.chunkwise import ChunkwiseEvaluation, evaluate_streaming
from seqapp.evaluation.streaming.endurance import PAUSE_S, Endurance, endure, resident_mb
from seqapp.evaluation.streaming.report import streaming_to_json, streaming_to_text
from seqapp.evaluation.streaming.silence import SECONDS, false_alarms, nothing_said
from seqapp.models.reading import Reading, StreamedReading, Word
from seqapp.text import Alphabet
from tests.small_speech import RATE_HZ, small_examples

SECOND = RATE_HZ


@dataclasses.dataclass
class Stream:
    """Hears an "a" in every full chunk of 160 ms and a "b" in others; an utterance ends with each second."""

    endpointing: object = None
    text: str = ""
    num_samples: int = 0

    def push(self, samples):
        self.text += "a" if len(samples) == 2_560 else "b"
        self.num_samples += len(samples)
        ended = self.endpointing and self.num_samples >= SECOND
        if ended:
            self.num_samples = 0
        return [reading("x", True)] * bool(ended) + [reading(self.text)]

    def finish(self):
        self.text, text = "", self.text
        return [reading(text, True)]


def reading(text, is_final=False):
    words = tuple(Word(text, 0.0, 0.0, 1.0) for _ in text)
    return StreamedReading(text, 1.0, (), (), words=words, is_final=is_final)


class Transcriber:
    """Reads "a" for every 160 ms that have begun."""

    alphabet = Alphabet(tuple("ab"))
    sense = types.SimpleNamespace(config=types.SimpleNamespace(sample_rate_hz=RATE_HZ), group="speaker")

    def transcribe(self, examples, batch_size=32):
        return [Reading("a" * math.ceil(len(x) / 2_560), 1.0, (), ()) for x in examples]

    def stream(self, endpointing=None):
        return Stream(endpointing)


@pytest.fixture(scope="module")
def found():
    examples = small_examples(3)
    examples = dataclasses.replace(
        examples,
        raw=np.zeros(3 * 5_120, np.int16), splits=np.array([0, 5_120, 10_240, 15_360]),
        texts=np.array(["aa", "ab", "aa"], object),
    )  # fmt: skip
    return evaluate_streaming(Transcriber(), examples, [], (160.0, 80.0), "rules", 0.5)


def test_texts_that_differ_from_the_whole_are_counted(found):
    same, other = found.chunkwise
    assert (same.chunk_ms, same.num_different, other.num_different) == (160.0, 0, 3)
    assert same.evaluation.characters.rate == found.whole.characters.rate == pytest.approx(1 / 6)
    assert other.evaluation.characters.rate > 1 and len(other.latencies_ms) == 12


def test_the_long_stream_and_false_alarms_are_counted(found):
    assert found.endurance.minutes == 0.5 and 25 <= found.endurance.num_utterances <= 31
    assert found.false_alarms["silence"] == (1,) * len(SECONDS)


def test_table_and_json_hold_the_figures(found):
    text, values = streaming_to_text(found), json.loads(streaming_to_json(found))
    assert "whole   |   33.33    16.67 " in text and "  160 ms |" in text and "0.5 minutes of audio" in text
    assert all(len(line) <= 110 for line in text.splitlines())
    assert values["num_examples"] == 3 and values["chunkwise"][0]["num_different"] == 0
    assert values["whole"]["cer"] == pytest.approx(1 / 6) and values["false_alarms"]["silence"]["3.0"] == 1
    assert values["endurance"]["minutes"] == 0.5


def test_latencies_are_shares_of_the_chunks():
    row = ChunkwiseEvaluation(160.0, None, 0, 0.0, tuple(float(k) for k in range(101)))
    assert (row.latency_ms(0.5), row.latency_ms(0.95), row.latency_ms(1.0)) == (50.0, 95.0, 100.0)
    assert math.isnan(dataclasses.replace(row, latencies_ms=()).latency_ms(0.5))


def test_recordings_are_played_again_and_again_with_pauses():
    pushed = []

    class Kept(Transcriber):
        def stream(self, endpointing=None):
            stream = Stream(endpointing)
            stream.push = lambda samples: pushed.append(samples) or []
            return stream

    tone = np.arange(1, 1_001, dtype=np.int16)
    assert isinstance(endure(Kept(), None, [tone], 0.1), Endurance)
    heard = np.concatenate(pushed)
    period = len(tone) + int(PAUSE_S * RATE_HZ)
    assert len(heard) == pytest.approx(6 * RATE_HZ, abs=2_560)
    np.testing.assert_array_equal(heard[period : 2 * period], [*tone, *[0] * (period - len(tone))])


def test_memory_in_use_is_told_where_the_system_tells():
    before = resident_mb()
    # Straight from the system: an array may take memory that was freed before, and is in use already.
    with mmap.mmap(-1, 40 * 2**20) as kept:
        for place in range(0, len(kept), mmap.PAGESIZE):
            kept[place] = 1
        assert math.isnan(before) or 30 < resident_mb() - before < 60


@pytest.mark.parametrize("level_db", [-60.0, -20.0])
def test_noise_has_its_level_and_silence_none(level_db):
    noise = nothing_said(level_db, 2.0, RATE_HZ) / 32_768
    assert 10 * np.log10(np.mean(noise**2)) == pytest.approx(level_db, abs=0.5)
    assert not nothing_said(None, 1.0, RATE_HZ).any() and len(nothing_said(None, 0.0, RATE_HZ)) == 0


def test_the_words_of_every_kind_and_length_are_counted():
    alarms = false_alarms(Transcriber())
    assert all(len(counts) == len(SECONDS) for counts in alarms.values()) and len(alarms) == 4


def test_nothing_labelled_is_an_error():
    examples = dataclasses.replace(small_examples(1), texts=np.array([""], object))
    with pytest.raises(ValueError, match="Expected labelled audio"):
        evaluate_streaming(Transcriber(), examples, [], (160.0,), None, 0)
