"""Every sense keeps the promises that everything above relies on."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.features import ink_features
from seqapp.features.speech.log_mel import log_mel
from seqapp.recipe import AugmentationConfig, InkConfig, LogMelConfig, Recipe, SpeechAugmentationConfig
from seqapp.senses import SENSES, InkSense, SpeechSense, sense_of
from tests.small_models import scribble
from tests.small_speech import say

INK = Recipe(features=InkConfig(height="spread", step=0.1))
SPEECH = Recipe(features=LogMelConfig(num_mel_bins=20), augmentation=SpeechAugmentationConfig())
EXAMPLES = {"ink": scribble(80), "speech": say("ab ca")}
SEED = tf.constant([3, 7])
each_sense = pytest.mark.parametrize("sense", [sense_of(INK), sense_of(SPEECH)], ids=lambda sense: sense.name)


def test_the_type_of_the_features_decides():
    assert type(sense_of(INK)) is InkSense and type(sense_of(SPEECH)) is SpeechSense
    names = {config.sense: sense.name for config, sense in SENSES.items()}
    assert names == {name: name for name in ("ink", "speech", "image")}


def test_equal_recipes_share_one_sense_and_with_it_one_trace():
    again = Recipe(features=InkConfig(height="spread", step=0.1))
    assert sense_of(again) is sense_of(INK) and sense_of(Recipe()) is not sense_of(INK)


@each_sense
def test_features_have_the_width_and_the_frames_that_were_announced(sense):
    inputs = sense.as_inputs(EXAMPLES[sense.name])
    features = sense.features(inputs)
    assert features.shape == (int(sense.num_frames(inputs)), sense.num_features) and features.dtype == tf.float32
    np.testing.assert_allclose(sense.feature_graph(inputs), features, atol=1e-5)


@each_sense
def test_a_raw_array_is_of_the_announced_type_and_shape(sense):
    raw = EXAMPLES[sense.name]
    assert raw.dtype == sense.raw_dtype and raw.shape[1:] == sense.raw_shape
    inputs = sense.as_inputs(raw)
    assert inputs.dtype == tf.float32 and inputs.shape == raw.shape
    np.testing.assert_array_equal(sense.as_inputs(inputs), inputs)


@each_sense
def test_augmentation_repeats_with_its_seed_and_differs_with_another(sense):
    inputs = sense.as_inputs(EXAMPLES[sense.name])
    first, again, other = (sense.augment(inputs, seed) for seed in (SEED, SEED, SEED + 1))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or np.any(first != other)
    features = sense.features(inputs)
    first, again = (sense.augment_features(features, SEED, 0.0) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_features_are_those_of_the_rooms_below():
    inputs = sense_of(SPEECH).as_inputs(EXAMPLES["speech"])
    np.testing.assert_array_equal(sense_of(SPEECH).features(inputs), log_mel(EXAMPLES["speech"], SPEECH.features))
    np.testing.assert_array_equal(sense_of(INK).features(EXAMPLES["ink"]), ink_features(EXAMPLES["ink"], INK.features))


def test_reports_call_an_example_by_its_unit():
    units = {sense.name: sense.unit for sense in SENSES.values()}
    assert units.items() >= {"ink": "line", "speech": "utterance"}.items()


def test_full_scale_of_int16_is_one():
    np.testing.assert_array_equal(sense_of(SPEECH).as_inputs(np.int16([-32768, 0, 16384])), [-1.0, 0.0, 0.5])


@pytest.mark.parametrize(
    "raw, fault",
    [
        (say("a"), None),
        (np.zeros(0, np.int16), "no samples"),
        (np.zeros(32_001, np.int16), "too long: 2.0 s, features.max_seconds = 2"),
        (np.float32([0, np.nan]), "samples that are not finite"),
    ],
)
def test_faults_of_speech(raw, fault):
    recipe = Recipe(features=LogMelConfig(max_seconds=2.0), augmentation=SpeechAugmentationConfig())
    assert sense_of(recipe).fault(raw) == fault


def test_only_ink_is_joined_yet():
    joined = Recipe(augmentation=AugmentationConfig(join_words=4))
    assert sense_of(joined).longest_row == 4 and sense_of(SPEECH).longest_row == 1
    with pytest.raises(NotImplementedError, match="speech has no way to join"):
        sense_of(SPEECH).join(None, None, None, None, None)
