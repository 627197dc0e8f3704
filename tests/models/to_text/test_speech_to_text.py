"""One graph from samples to text: equal to its parts, whatever the batch, the padding and the waveform."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.ctc import greedy_decode
from seqapp.features.speech.log_mel import log_mel
from seqapp.models import SpeechToText
from seqapp.models.to_text.speech_to_text import LONGEST_CHARACTER_S
from tests.pairwise import mostly_slow
from tests.small_models import ALPHABET
from tests.small_speech import RATE_HZ, say, speech_model

SAMPLES = (say("ab cad dab"), say("bc"), np.zeros(1, np.int16), say("d acb", seed=4))
each_kind = pytest.mark.parametrize("kind", mostly_slow(["librosa", "kaldi"], ["librosa"]))


@functools.cache
def parts(kind):
    recognizer, recipe = speech_model(ALPHABET, kind)
    return SpeechToText(recognizer, recipe, ALPHABET), recognizer, recipe.features


def padded(samples, num_samples=None, garbage=0.0):
    """(waveform, lengths) of a list of int16 arrays."""
    lengths = np.array([len(row) for row in samples], np.int32)
    waveform = np.full([len(samples), num_samples or max(lengths, default=0)], garbage, np.float32)
    for row, audio in zip(waveform, samples):
        row[: len(audio)] = audio / 32_768
    return waveform, lengths


def as_numpy(found):
    return {name: tensor.numpy() for name, tensor in found.items()}


def assert_same(received, expected):
    """Columns that only fill up may be missing in one of them."""
    assert received.keys() == expected.keys()
    for name, e in expected.items():
        r = received[name]
        r, e = (np.moveaxis(x, 1, -1)[..., : min(r.shape[1], e.shape[1])] if x.ndim > 1 else x for x in (r, e))
        if r.dtype.kind == "f":
            np.testing.assert_allclose(r, e, atol=2e-4, err_msg=name)
        else:
            np.testing.assert_array_equal(r, e, err_msg=name)


@each_kind
def test_equals_features_network_and_decoding_one_after_the_other(kind):
    module, recognizer, config = parts(kind)
    found, beliefs = as_numpy(module.recognize(*padded(SAMPLES))), as_numpy(module.log_probs(*padded(SAMPLES)))
    texts = []
    for row, samples in enumerate(SAMPLES):
        features = log_mel(samples, config)
        logits, logit_length = recognizer(features[tf.newaxis], tf.shape(features)[:1])
        decoding, count = greedy_decode(logits, logit_length), found["num_characters"][row]
        texts.append(found["text"][row].decode("utf-8"))
        assert texts[-1] == ALPHABET.decode(decoding.labels[0].numpy())
        assert texts[-1] == b"".join(found["characters"][row]).decode("utf-8")
        np.testing.assert_array_equal(found["char_frames"][row, :count], decoding.frames[0])
        np.testing.assert_allclose(found["confidence"][row], decoding.confidence[0], atol=1e-4)
        num_frames = beliefs["num_frames"][row]
        assert num_frames == logit_length[0]
        np.testing.assert_allclose(beliefs["log_probs"][row, :num_frames], tf.nn.log_softmax(logits[0]), atol=1e-3)
    assert len("".join(texts)) >= 5 and len(set("".join(texts))) >= 2, "texts long enough to prove something"


@each_kind
@pytest.mark.parametrize("garbage", [np.nan, np.inf, 1e30, 0.5])
def test_samples_behind_the_length_change_nothing(kind, garbage):
    module = parts(kind)[0]
    for function in (module.recognize, module.log_probs):
        clean, dirty = (as_numpy(function(*padded(SAMPLES, *more))) for more in ((), (40_000, garbage)))
        assert_same(dirty, clean)


@each_kind
def test_a_batch_is_each_recording_alone(kind):
    module = parts(kind)[0]
    together = as_numpy(module.recognize(*padded(SAMPLES)))
    for row, samples in enumerate(SAMPLES):
        alone = as_numpy(module.recognize(*padded([samples])))
        assert_same(alone, {name: value[row : row + 1] for name, value in together.items()})


@each_kind
def test_samples_that_are_not_finite_are_silence(kind):
    module = parts(kind)[0]
    waveform, lengths = padded(SAMPLES)
    waveform[1, 200:202] = 0
    expected = as_numpy(module.recognize(waveform, lengths))
    waveform[1, 200:202] = np.nan, np.inf
    assert_same(as_numpy(module.recognize(waveform, lengths)), expected)


@each_kind
@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (2, 0), (2, 5)])
def test_nothing_to_hear_gives_empty_texts(kind, shape):
    module, size = parts(kind)[0], shape[0]
    found = as_numpy(module.recognize(np.zeros(shape, np.float32), np.zeros(size, np.int32)))
    assert found["text"].tolist() == [b""] * size and found["confidence"].tolist() == [0.0] * size
    assert found["char_start_s"].shape == found["char_end_s"].shape == (size, 0)
    beliefs = module.log_probs(np.zeros(shape, np.float32), np.zeros(size, np.int32))
    assert beliefs["num_frames"].numpy().tolist() == [0] * size


@each_kind
def test_characters_have_times_in_order_within_the_recording(kind):
    module = parts(kind)[0]
    found, beliefs = as_numpy(module.recognize(*padded(SAMPLES))), as_numpy(module.log_probs(*padded(SAMPLES)))
    step_s, first_s = 4 * 0.01, {"librosa": 0.0, "kaldi": 0.0125}[kind]
    times_s = beliefs["frame_start_s"]
    np.testing.assert_allclose(times_s[0], first_s + step_s * np.arange(times_s.shape[1]), rtol=1e-5)
    for row, samples in enumerate(SAMPLES):
        count = found["num_characters"][row]
        start, end = (found[name][row, :count] for name in ("char_start_s", "char_end_s"))
        expected = np.minimum(first_s + step_s * found["char_frames"][row, :count], len(samples) / RATE_HZ)
        np.testing.assert_allclose(start, expected, rtol=1e-5)
        assert (start <= end).all() and (end <= len(samples) / RATE_HZ + 1e-6).all()
        assert (end - start <= LONGEST_CHARACTER_S + 1e-6).all() and (start[1:] >= end[:-1] - 1e-6).all()
