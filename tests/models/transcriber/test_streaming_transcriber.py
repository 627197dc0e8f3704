"""Readings do not depend on how audio is cut, utterances end where the rules say, and nothing is kept of them."""

import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.models import Endpointing, LocalTranscriber, SpeechToText, StreamingTranscriber
from seqapp.models.transcriber.endpointing import NEVER
from seqapp.senses import sense_of
from tests.small_models import ALPHABET, small_recipe
from tests.small_speech import RATE_HZ, say, speech_model, speech_recipe
from tests.small_transcribers import FITTED

FRAME = 320  # samples of a logit frame: two of 10 ms
AHEAD = 3 * FRAME  # samples that the fake waits for
RECIPE = speech_recipe(bidirectional=False, stem_strides=(2,))
RULES = Endpointing(pause_s=0.1, silence_s=0.2, utterance_s=0.6)  # 5, 10 and 30 frames


class Fake:
    """Stands for a model that says letter k wherever a sample is k / 100; its state is the audio so far."""

    longest = 0  # samples in one step

    def init(self, batch_size):
        return {"audio": tf.zeros([1, 0]), "given": tf.zeros([1], tf.int32)}

    def step(self, waveform, lengths, final, audio, given):
        self.longest = max(self.longest, int(lengths[0]))
        audio = np.concatenate([audio[0], waveform[0]])
        count = -(-len(audio) // FRAME) if final[0] else max(len(audio) - AHEAD, 0) // FRAME
        labels = np.rint(100 * audio[::FRAME][:count]).astype(int)
        before = np.concatenate([[0], labels])[:-1]
        new = slice(int(given[0]), count)
        characters = [chr(96 + k) if k and k != p else "" for k, p in zip(labels[new], before[new])]
        return {
            "frame_characters": tf.constant([characters], tf.string),
            "frame_labels": tf.constant([np.where(labels[new], labels[new], 99)], tf.int32),
            "frame_log_probs": tf.fill([1, len(characters)], -0.1),
            "log_probs": tf.zeros([1, len(characters), 100]),
            "audio": tf.constant(audio[np.newaxis]),
            "given": tf.constant([count]),
        }


def audio_of(letters):
    """One frame a letter, "." for silence."""
    return np.repeat([0.0 if x == "." else (ord(x) - 96) / 100 for x in letters], FRAME).astype(np.float32)


def open_stream(endpointing=NEVER, fake=None):
    fake = fake or Fake()
    return StreamingTranscriber(fake.init, fake.step, RECIPE, sense_of(RECIPE), endpointing)


def finals(stream, samples, sizes):
    """(text, start, end) of all utterances that end, the audio cut into pieces of these sizes and a rest."""
    edges = np.cumsum([0, *sizes])
    pieces = [samples[a:b] for a, b in zip(edges, [*edges[1:], None])]
    found = [reading for piece in pieces for reading in stream.push(piece) if reading.is_final] + stream.finish()
    return [(r.text, round(r.start_s, 6), round(r.end_s, 6), r.number) for r in found]


LETTERS = "..ab" + 5 * "." + "c" + 17 * "." + "dd.e" + 40 * "f" + "..g"


def test_utterances_end_by_each_rule():
    assert finals(open_stream(RULES), audio_of(LETTERS), []) == [
        ("ab", 0.0, 0.18, 0),  # the pause of 5 frames
        ("c", 0.18, 0.30, 1),
        # ten frames of nothing, which is no utterance
        ("def", 0.5, 1.1, 2),  # thirty frames of speech
        ("fg", 1.1, 1.48, 3),
    ]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 3_000), max_size=12))
def test_utterances_do_not_depend_on_the_cut(sizes):
    samples = audio_of(LETTERS)
    assert finals(open_stream(RULES), samples, sizes) == finals(open_stream(RULES), samples, [])


def test_what_grows_too_long_is_cut_where_nothing_is_said_and_heard_again():
    letters = "ab" * 10 + "c..d" + "ef" * 15 + "." + "g" * 8
    found = finals(open_stream(RULES), audio_of(letters), [])
    assert [(text, end_s) for text, _, end_s, _ in found] == [
        ("ab" * 10 + "c", 0.44), ("d" + "ef" * 14, 1.04), ("efg", 1.26),
    ]  # fmt: skip
    assert "".join(text for text, *_ in found) == "ab" * 10 + "cd" + "ef" * 15 + "g"
    assert finals(open_stream(RULES), audio_of(letters), [700] * 20) == found


def test_without_endpoints_the_audio_is_one_utterance():
    assert finals(open_stream(), audio_of(LETTERS), [1_000] * 8) == [("abcdefg", 0.0, len(LETTERS) * 0.02, 0)]


def test_partial_readings_grow_and_what_is_stable_stays():
    stream, samples, last = open_stream(), audio_of("a..bb..c.d" + 9 * "."), None
    for start in range(0, len(samples), FRAME):
        (reading,) = stream.push(samples[start : start + FRAME])
        assert not reading.is_final and reading.text.startswith(reading.stable_text)
        assert len(reading.text) - len(reading.stable_text) <= 1
        if last:
            stable = len(last.stable_text)
            assert reading.text.startswith(last.text) and len(reading.stable_text) >= stable
            for column in ("char_frames", "char_start_s", "char_confidences"):
                assert getattr(reading, column)[:stable] == getattr(last, column)[:stable]
        last = reading
    (final,) = stream.finish()
    assert final.text == final.stable_text == last.text == "abcd"


def test_a_new_stream_begins_behind_the_end():
    stream = open_stream(RULES)
    first = finals(stream, audio_of(LETTERS), [500])
    assert finals(stream, audio_of(LETTERS), [500]) == first


def test_no_audio_is_an_empty_reading():
    stream = open_stream(RULES)
    (partial,), (final,) = stream.push(np.zeros(0, np.float32)), stream.finish()
    assert (partial.text, final.text, final.is_final, final.confidence) == ("", "", True, 0.0)


def test_what_is_kept_and_what_is_heard_at_once_are_bounded():
    fake = Fake()
    stream = open_stream(RULES, fake)
    stream.push(np.tile(audio_of("ab......"), 200))
    assert fake.longest <= RATE_HZ + AHEAD + FRAME  # behind an endpoint, what was looked ahead at is heard again
    assert len(stream._recent) <= AHEAD + FRAME and len(stream._characters.characters) <= 3


@pytest.fixture(scope="module")
def transcriber():
    recognizer, recipe = speech_model(ALPHABET, look_ahead=2)
    module = SpeechToText(recognizer, recipe, ALPHABET, FITTED)
    return LocalTranscriber(
        module.recognize, module.log_probs, recipe, ALPHABET, "small", module, module.stream_functions,
        fitted_confidence=FITTED,
    )  # fmt: skip


@pytest.mark.parametrize("size", [100, 640, 2_560, 50_000])
def test_the_end_of_a_stream_reads_as_the_whole(transcriber, size):
    samples = say("ab cad dab")
    (whole,) = transcriber.transcribe([samples])
    stream = transcriber.stream()
    for start in range(0, len(samples), size):
        stream.push(samples[start : start + size])
    (reading,) = stream.finish()
    assert (reading.text, reading.char_frames) == (whole.text, whole.char_frames) and whole.text
    assert reading.confidence == pytest.approx(whole.confidence, abs=1e-4) and reading.is_sure == whole.is_sure
    for column in ("char_confidences", "char_start_s", "char_end_s"):
        np.testing.assert_allclose(getattr(reading, column), getattr(whole, column), atol=1e-4)
    assert [word.text for word in reading.words] == [word.text for word in whole.words]
    assert math.isclose(reading.end_s, len(samples) / RATE_HZ)


def test_models_that_cannot_stream_say_why():
    ink, backwards = small_recipe(), speech_recipe(bidirectional=True)
    for recipe, reason in ((ink, "model of speech. Received: ink"), (backwards, "Received: .*bidirectional=True.*")):
        with pytest.raises(ValueError, match=f"old cannot stream: .*{reason}"):
            LocalTranscriber(None, None, recipe, ALPHABET, "old").stream()
    with pytest.raises(ValueError, match="signatures stream_init and stream_step. Export its workdir again"):
        LocalTranscriber(None, None, RECIPE, ALPHABET, "old").stream()
