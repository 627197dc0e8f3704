"""Music and noise give an empty text that says what was heard; speech that is read badly stays."""

import types
from pathlib import Path

import numpy as np
import pytest

import seqapp
from seqapp.conditions.speech.unreadable import music
from seqapp.models.reading import SpeechReading
from seqapp.recipe.rules import CORPUS_RATE_HZ
from seqapp.transcription.recording.joining import Character, Part, joined
from seqapp.transcription.recording.nothing_said import AT_MOST, HEARD_S, OF_ONE, is_nothing, without_sounds
from seqapp.transcription.recording.read_recording import transcribe_any_length
from tests.small_speech import RATE_HZ, say

SAVED_MODELS = Path(__file__).parents[3] / "saved_models"


def part(confidence, text="ab", place=0, is_sure=False):
    characters = tuple(Character(c, k, 10.0 * place + k, 10.0 * place + k + 0.2, 0.5) for k, c in enumerate(text))
    return Part(characters, confidence, is_sure, 10.0, start_s=10.0 * place)


def recording(*confidences, **options):
    return [part(confidence, place=place, **options) for place, confidence in enumerate(confidences)]


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_the_bound_rises_with_the_number_of_pieces_to_its_most(count):
    bound = min(OF_ONE + 0.01 * (count - 1), AT_MOST)
    assert is_nothing(recording(*[bound - 1e-4] * count)) and not is_nothing(recording(*[bound + 1e-4] * count))


def test_pieces_without_a_text_say_nothing_of_the_others_and_a_model_without_a_bound_is_always_sure():
    silent = [part(1e-9, "", place) for place in range(9)]
    assert not is_nothing([*silent, part(OF_ONE + 1e-3)]) and not is_nothing(silent)
    assert not is_nothing(recording(0.0, 0.0, is_sure=True))


def test_music_loses_its_text_which_is_told_as_heard():
    parts = list(without_sounds(recording(0.01, 0.2, *[0.03] * 18)))
    reading = joined(parts)
    assert (reading.text, reading.words, reading.heard) == ("", (), " ".join(["ab"] * 20))
    assert reading.confidence == pytest.approx(np.mean([0.01, 0.2, *[0.03] * 18])) and not reading.is_sure


def test_a_recording_is_kept_from_its_beginning_once_something_is_said():
    parts = recording(*[0.01] * 9, 0.9, *[0.01] * 20)
    assert list(without_sounds(parts)) == parts


def test_parts_come_as_soon_as_a_minute_was_heard():
    asked = []

    def coming():
        for place in range(60):
            asked.append(place)
            yield part(0.5, place=place)

    next(without_sounds(coming()))
    assert 10.0 * len(asked) == HEARD_S


class Reader:
    """A transcriber that reads everything alike, with a confidence of choice."""

    alphabet = recipe = None

    def __init__(self, confidence, has_times=True):
        config = types.SimpleNamespace(sample_rate_hz=RATE_HZ, max_seconds=60.0)
        self.sense = types.SimpleNamespace(config=config, has_times=has_times)
        self.confidences = confidence if callable(confidence) else lambda raw: confidence

    def transcribe(self, examples, batch_size=32):
        columns = {"char_start_s": (0.1,), "char_end_s": (0.2,)}
        return [
            SpeechReading("a", c, (1,), (0.5,), is_sure=c > 0.1, **columns) for c in map(self.confidences, examples)
        ]


def test_short_audio_is_judged_by_its_confidence():
    raw = [say("ab cad")]
    assert transcribe_any_length(Reader(0.01), raw)[0].heard == "a"
    for kept in (transcribe_any_length(Reader(0.03), raw), transcribe_any_length(Reader(0.01, has_times=False), raw)):
        assert (kept[0].text, kept[0].heard) == ("a", "")


def test_longer_audio_is_judged_by_its_pieces():
    raw = np.concatenate([np.concatenate([say("ab cad"), np.zeros(2 * RATE_HZ, np.int16)]) for _ in range(5)])

    def of_pieces(confidence):
        return Reader(lambda samples: 1e-4 if len(samples) == len(raw) else confidence)

    assert transcribe_any_length(of_pieces(0.5), [raw])[0].text == "a"
    assert transcribe_any_length(of_pieces(0.03), [raw])[0].heard == "a"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["an4", "an4_streaming"])
@pytest.mark.parametrize("seconds", [25, 75])
def test_the_shipped_models_find_nothing_said_in_music(name, seconds):
    rate_hz = CORPUS_RATE_HZ
    notes = music(np.zeros(seconds * rate_hz), -25.0, np.random.default_rng(seconds), None)
    samples = np.rint(32_767 * notes).clip(-32_768, 32_767).astype(np.int16)
    reading = seqapp.load_model(SAVED_MODELS / name).transcribe([samples], sample_rate_hz=rate_hz)[0]
    assert (reading.text, reading.words, reading.is_sure) == ("", (), False) and reading.heard
