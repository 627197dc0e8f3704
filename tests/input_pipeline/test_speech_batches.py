"""The pipeline of ink carries speech: int16 in memory, log-mel in batches, every augmentation in its place."""

import dataclasses

import numpy as np
import tensorflow as tf

from seqapp.features.speech.augmentation import augment_audio
from seqapp.features.speech.log_mel import log_mel
from seqapp.features.speech.spec_augment import spec_augment
from seqapp.input_pipeline import BatchPlan, Corpus, Examples, evaluation_batches, survey, training_batches
from seqapp.models.feature_normalization import FeatureNormalization
from seqapp.recipe import SpeechAugmentationConfig
from seqapp.recipe.rules import ROWS_PER_SEED
from seqapp.senses import SpeechSense, sense_of
from seqapp.text import Alphabet
from tests.small_speech import records, say, sentences, small_examples, speech_recipe

ALPHABET = Alphabet(tuple(" abcd"))
EXAMPLES = small_examples(7)
RECIPE = speech_recipe()
AUGMENTED = dataclasses.replace(
    RECIPE, augmentation=SpeechAugmentationConfig(gain_db=3.0, time_mask_frames=9, freq_mask_bins=5)
)
FILL = np.linspace(-9, -4, 20, dtype=np.float32)  # a mean of training features


def halved(length):
    return (length + 1) // 2


def corpus_and_plan(recipe):
    found = survey(EXAMPLES, recipe, ALPHABET, halved, "train")
    corpus = Corpus(EXAMPLES, ALPHABET, sense_of(recipe))
    plan = BatchPlan(
        num_frames=found.num_frames, num_labels=corpus.num_labels, groups=EXAMPLES.group_ids,
        is_extra=np.zeros(7, bool), extra_share=0.0, longest_row=1, batch_frames=400, max_batch_size=3, seed=0,
    )  # fmt: skip
    return corpus, plan


def take(count, recipe, start_step=0):
    dataset = training_batches(*corpus_and_plan(recipe), recipe, halved, start_step, fill=FILL)
    return list(dataset.take(count).as_numpy_iterator())


def test_samples_stay_int16_and_come_back_as_they_were():
    assert EXAMPLES.raw.dtype == np.int16 and EXAMPLES.raw.nbytes == 2 * EXAMPLES.splits[-1]
    for i, text in enumerate(sentences(7)):
        np.testing.assert_array_equal(EXAMPLES.raw_of(i), say(text, i))
    selected = EXAMPLES.select([3, 1]) + EXAMPLES.select([0])
    assert selected.raw.dtype == np.int16 and selected.group_ids.tolist() == ["s1", "s1", "s0"]
    assert Corpus(EXAMPLES, ALPHABET, sense_of(RECIPE))._raw(0).dtype == tf.int16


def test_frames_are_counted_without_computing_them():
    found = survey(EXAMPLES, RECIPE, ALPHABET, halved, "train")
    expected = [len(log_mel(EXAMPLES.raw_of(i), RECIPE.features)) for i in range(7)]
    assert found.num_frames.tolist() == expected and not found.skipped


def test_batches_hold_log_mel_features():
    for batch in take(4, RECIPE):
        for k, index in enumerate(batch["index"]):
            expected = log_mel(EXAMPLES.raw_of(index), RECIPE.features)
            np.testing.assert_allclose(batch["features"][k, : batch["length"][k]], expected, atol=1e-4)
            assert ALPHABET.decode(batch["labels"][k, : batch["label_length"][k]]) == EXAMPLES.texts[index]


def test_augmentation_is_that_of_the_features_with_a_seed_of_row_and_step():
    for batch in take(3, AUGMENTED):
        for k, index in enumerate(batch["index"]):
            seed = tf.constant([k, int(batch["step"])], tf.int32)
            inputs = augment_audio(EXAMPLES.raw_of(index) / np.float32(32_768), seed, AUGMENTED.augmentation)
            expected = spec_augment(log_mel(inputs, AUGMENTED.features), seed, AUGMENTED.augmentation, FILL)
            np.testing.assert_allclose(batch["features"][k, : batch["length"][k]], expected, atol=1e-3)
    assert ROWS_PER_SEED > 3, "the recipe's seed is 0"


def test_masks_hold_what_the_model_normalises_to_zero():
    normalization = FeatureNormalization(20)
    normalization.set_statistics(FILL, np.full(20, 2.0, np.float32))
    masks_alone = dataclasses.replace(AUGMENTED.augmentation, speed=0.0, gain_db=0.0)
    masked = dataclasses.replace(AUGMENTED, augmentation=masks_alone)
    for plain, batch in zip(take(3, RECIPE), take(3, masked), strict=True):
        changed = batch["features"] != plain["features"]
        assert changed.any() and not changed.all()
        np.testing.assert_array_equal(normalization(batch["features"]).numpy()[changed], 0.0)


def test_any_step_is_a_start():
    whole, later = take(6, AUGMENTED), take(2, AUGMENTED, start_step=4)
    for expected, received in zip(whole[4:], later, strict=True):
        assert expected.keys() == received.keys()
        for name, value in expected.items():
            np.testing.assert_array_equal(received[name], value, err_msg=name)


def test_evaluation_is_not_augmented():
    corpus, plan = corpus_and_plan(AUGMENTED)
    for batch in evaluation_batches(corpus, plan.num_frames, AUGMENTED, halved).as_numpy_iterator():
        for k, index in enumerate(batch["index"]):
            expected = log_mel(EXAMPLES.raw_of(index), RECIPE.features)
            np.testing.assert_allclose(batch["features"][k, : len(expected)], expected, atol=1e-4)


def test_bad_audio_is_listed_by_id_and_reason():
    recipe = speech_recipe({"max_seconds": 3.0})
    bad = records(["ab", "ab", "", "abx", "abab" * 30])
    bad[0]["samples"], bad[1]["samples"] = np.zeros(0, np.int16), np.zeros(48_001, np.int16)
    bad[4]["samples"] = say("ab")
    good = {**records(["cab"])[0], "id": "good"}
    found = survey(Examples.from_iterable([*bad, good], SpeechSense), recipe, ALPHABET, halved, "train")
    assert list(found.skipped.counts()) == [
        "no samples", "too long", "empty label", "characters outside the alphabet", "label cannot be aligned"
    ]  # fmt: skip
    assert [id for id, _ in found.skipped] == ["u0", "u1", "u2", "u3", "u4"] and found.usable.tolist() == [5]
