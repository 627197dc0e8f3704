"""Silence in front of an utterance changes its times, and nothing else; whole and streamed."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.models import SpeechToText
from seqapp.models.to_text.leading_silence import num_silent
from tests.models.to_text.test_speech_stream import check, padded
from tests.pairwise import mostly_slow
from tests.small_models import ALPHABET
from tests.small_speech import RATE_HZ, say, speech_model
from tests.streams import cut

FRAME = 640  # samples of an output frame of the small model
UTTERANCES = say("ab cad dab"), say("bc"), say("d acb", seed=4)
each_kind = pytest.mark.parametrize("kind", mostly_slow(["librosa", "kaldi"], ["librosa"]))


@functools.cache
def module(kind, **changes):
    return SpeechToText(*speech_model(ALPHABET, kind, **changes), ALPHABET)


def loud_at_once(samples):
    """The utterance from its first sound on."""
    return samples[np.argmax(samples != 0) :]


def after(num_samples, samples):
    return np.concatenate([np.zeros(num_samples, np.int16), samples])


def read(kind, rows):
    outputs = module(kind).recognize(*padded(rows))
    return {name: tensor.numpy() for name, tensor in outputs.items()}


def assert_only_later(outputs, expected, seconds, tolerance_s):
    for name in ("text", "confidence", "num_characters", "characters", "char_confidences"):
        np.testing.assert_array_equal(outputs[name], expected[name], err_msg=name)
    is_character = expected["char_frames"] >= 0
    for name in ("char_start_s", "char_end_s"):
        later = (outputs[name] - expected[name])[is_character]
        np.testing.assert_allclose(later, seconds, atol=tolerance_s, err_msg=name)


@each_kind
@pytest.mark.parametrize("num_frames", [1, 2, 125])
def test_whole_frames_of_silence_change_only_the_times(kind, num_frames):
    rows = [loud_at_once(row) for row in UTTERANCES]
    outputs = read(kind, [after(num_frames * FRAME, row) for row in rows])
    expected = read(kind, rows)
    assert len(b"".join(expected["text"])) >= 5
    assert_only_later(outputs, expected, num_frames * FRAME / RATE_HZ, 1e-5)


@each_kind
@pytest.mark.parametrize("num_samples", [16, 100, 319, 321, 5 * RATE_HZ + 333])
def test_any_silence_changes_only_the_times_to_half_a_frame(kind, num_samples):
    rows = [loud_at_once(row) for row in UTTERANCES]
    outputs = read(kind, [after(num_samples, row) for row in rows])
    assert_only_later(outputs, read(kind, rows), num_samples / RATE_HZ, 0.5 * FRAME / RATE_HZ + 1e-5)


@each_kind
def test_sounds_are_not_taken_for_silence(kind):
    """One step of int16 is a sound: soft recordings begin with it."""
    faint = after(2_000, UTTERANCES[0])
    faint[10] = 1
    assert num_silent(*padded([faint])).numpy().tolist() == [10]
    logits = module(kind).log_probs(*padded([faint]))
    assert logits["log_probs"][0, 0, -1] < 0.0


def test_samples_before_the_first_sound_are_counted_within_the_length():
    waveform = tf.constant([[0, 0, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, np.nan, 0, 0]], tf.float32)
    assert num_silent(waveform, tf.constant([4, 4, 4, 3, 4])).numpy().tolist() == [2, 4, 0, 3, 4]
    assert num_silent(tf.zeros([2, 0]), tf.constant([0, 0])).numpy().tolist() == [0, 0]


@each_kind
def test_a_batch_is_each_recording_alone(kind):
    rows = [after(n, row) for n, row in zip((0, 5_000, 80), UTTERANCES)] + [np.zeros(7_000, np.int16)]
    together, beliefs = read(kind, rows), module(kind).log_probs(*padded(rows))
    for index, row in enumerate(rows):
        alone, alone_beliefs = read(kind, [row]), module(kind).log_probs(*padded([row]))
        count = int(alone_beliefs["num_frames"][0])
        assert alone["text"][0] == together["text"][index] and beliefs["num_frames"][index] == count
        np.testing.assert_allclose(
            alone_beliefs["log_probs"][0, :count], beliefs["log_probs"][index, :count], atol=2e-4
        )


@each_kind
@pytest.mark.parametrize("num_samples", [1, 100, 640, 12_345])
def test_silence_alone_is_an_empty_text_of_as_many_frames(kind, num_samples):
    outputs = module(kind).log_probs(*padded([np.zeros(num_samples, np.int16)]))
    recognizer, recipe = speech_model(ALPHABET, kind)
    sense = module(kind)._sense
    expected = recognizer.output_length(sense.num_frames(tf.zeros([num_samples])))
    assert outputs["num_frames"][0] == max(expected, num_samples // FRAME)
    if num_samples >= FRAME:
        assert read(kind, [np.zeros(num_samples, np.int16)])["text"].tolist() == [b""]


@each_kind
@pytest.mark.parametrize("size", [1_000, 100_000])
def test_streams_give_the_whole(kind, size):
    rows = [after(n, row) for n, row in zip((0, 5_000, 80), UTTERANCES)]
    rows += [np.zeros(7_000, np.int16), np.zeros(90, np.int16), after(639, loud_at_once(UTTERANCES[1]))]
    check(kind, rows, [cut(len(row), size) for row in rows])


@each_kind
def test_streams_give_the_whole_sample_by_sample(kind):
    row = after(700, loud_at_once(UTTERANCES[2])[:900])
    check(kind, [row], [[1] * 720 + [len(row) - 720]])


@each_kind
def test_a_stream_begins_anew_behind_silence(kind):
    functions = module(kind, look_ahead=2).stream_functions()
    state = functions["stream_init"](batch_size=tf.constant(1))
    before = {name: tensor.numpy() for name, tensor in state.items()}
    for row in (np.zeros(3_000, np.int16), after(3_000, UTTERANCES[1]), np.zeros(50, np.int16)):
        waveform, lengths = padded([row])
        outputs = functions["stream_step"](waveform=waveform, lengths=lengths, final=tf.constant([True]), **state)
        state = {name: outputs[name] for name in state}
        for name, tensor in before.items():
            np.testing.assert_array_equal(state[name], tensor, err_msg=name)
