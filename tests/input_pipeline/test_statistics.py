"""The statistics are those of all frames of the training examples, counted alike."""

import numpy as np
import pytest

import seqapp.input_pipeline.statistics as statistics
from seqapp.features.speech.log_mel import log_mel
from seqapp.input_pipeline import Corpus, Examples, feature_statistics
from seqapp.recipe import SpeechAugmentationConfig
from seqapp.senses import SpeechSense, sense_of
from seqapp.text import Alphabet
from tests.small_speech import small_examples, speech_recipe

RECIPE = speech_recipe(augmentation=SpeechAugmentationConfig())  # which must not matter here
EXAMPLES = small_examples(9)
ALPHABET = Alphabet(tuple(" abcd"))


def corpus(examples=EXAMPLES):
    return Corpus(examples, ALPHABET, sense_of(RECIPE))


def test_mean_and_deviation_are_those_of_all_frames_without_augmentation():
    frames = np.concatenate([log_mel(EXAMPLES.raw_of(i), RECIPE.features) for i in range(9)]).astype(np.float64)
    mean, deviation = feature_statistics(corpus(), seed=0)
    np.testing.assert_allclose(mean, frames.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(deviation, frames.std(axis=0), rtol=1e-4)
    assert mean.dtype == deviation.dtype == np.float32


def test_a_sample_of_a_large_corpus_is_drawn_by_its_seed(monkeypatch):
    monkeypatch.setattr(statistics, "NUM_EXAMPLES", 3)
    first, again, other = (feature_statistics(corpus(), seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.any(first != other)


@pytest.mark.parametrize("level", [0, 20_000])
def test_a_feature_that_never_varies_is_not_blown_up(level):
    silence = {"id": "x", "text": "a", "speaker_id": "", "samples": np.full(16_000, level, np.int16)}
    _, deviation = feature_statistics(corpus(Examples.from_iterable([silence], SpeechSense)), seed=0)
    assert (deviation >= statistics.SMALLEST_DEVIATION * 0.999).all() and np.isfinite(deviation).all()
