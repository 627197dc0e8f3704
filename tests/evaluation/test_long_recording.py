"""A long recording of joined utterances: the same whenever it is heard, and each word scored where it belongs."""

import dataclasses

import numpy as np
import pytest

from seqapp.evaluation.long_recording import NOISE_DB, PAUSE_S, JoinedUtterances, recording_to_text, score_recording
from seqapp.models.reading import SpeechReading, Word

RATE_HZ = 1_000
UTTERANCES = [np.full(size, 20_000 + size, np.int16) for size in (300, 500, 700)]


@pytest.fixture
def recording():
    return JoinedUtterances(UTTERANCES, RATE_HZ, minutes=0.2, seed=3)


def test_utterances_lie_where_the_places_say(recording):
    samples = np.concatenate(list(recording.blocks()))
    assert len(samples) == round(recording.seconds * RATE_HZ) >= 12_000
    is_noise = np.ones(len(samples), bool)
    for place in recording.places:
        span = slice(round(place.start_s * RATE_HZ), round(place.end_s * RATE_HZ))
        np.testing.assert_array_equal(samples[span], UTTERANCES[place.utterance])
        is_noise[span] = False
    assert samples[is_noise].std() < 32_768 * 10 ** (max(NOISE_DB) / 20) * 1.1
    assert {place.utterance for place in recording.places[:3]} == {0, 1, 2}  # each once before any comes again


def test_pauses_keep_their_bounds_and_the_seed_decides(recording):
    ends = [0.0, *(place.end_s for place in recording.places)]
    pauses = [place.start_s - end for place, end in zip(recording.places, ends)]
    assert all(PAUSE_S[0] - 1e-3 <= pause <= PAUSE_S[1] + 1e-3 for pause in pauses)
    again = JoinedUtterances(UTTERANCES, RATE_HZ, minutes=0.2, seed=3)
    assert again.places == recording.places
    assert all(np.array_equal(a, b) for a, b in zip(again.blocks(), recording.blocks()))
    assert JoinedUtterances(UTTERANCES, RATE_HZ, minutes=0.2, seed=4).places != recording.places


def word(text, start_s, end_s):
    return Word(text, start_s, end_s, 1.0)


def alone(text, *words):
    starts = tuple(w.start_s + k * (w.end_s - w.start_s) / len(w.text) for w in words for k in range(len(w.text)))
    return SpeechReading(text, 1.0, (), (), char_start_s=starts, words=words)


def test_words_are_scored_in_the_utterance_that_is_nearest(recording):
    readings = [alone("ab", word("ab", 0.1, 0.2)) for _ in UTTERANCES]
    words = [word("ab", place.start_s + 0.1, place.start_s + 0.2) for place in recording.places]
    first, second, *_, last = recording.places
    words[0] = dataclasses.replace(words[0], start_s=words[0].start_s + 0.03)
    words[1] = dataclasses.replace(words[1], text="abc")
    words.append(word("x", last.end_s + 0.4, last.end_s + 0.5))
    cut = [first.start_s, first.start_s + 0.12, second.start_s + 0.17, second.end_s + 0.1]
    score = score_recording(recording, ["ab"] * 3, readings, words, cut)
    assert (score.alone.errors, score.joined.errors) == (0, 2)
    assert (score.joined.substitutions, score.joined.insertions) == (1, 1)
    assert score.num_different == 2 and score.num_utterances == len(recording.places)
    assert score.num_cut_words == 1  # a piece that begins behind the last letter's begin cuts no word
    assert score.time_difference_s(1.0) == pytest.approx(0.03) and score.time_difference_s(0.5) == pytest.approx(0.0)
    assert "2 utterances read otherwise than alone, 1 words cut" in recording_to_text(score)


def test_nothing_read_is_all_deleted(recording):
    score = score_recording(recording, ["ab"] * 3, [alone("")] * 3, [], [])
    assert score.joined.deletions == score.alone.deletions == len(recording.places)
    assert np.isnan(score.time_difference_s(0.5)) and recording_to_text(score)
