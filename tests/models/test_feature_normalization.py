"""The normalisation of features: what it computes, and that it travels with the weights and is never trained."""

import numpy as np

from seqapp.models import Recognizer
from seqapp.models.feature_normalization import FeatureNormalization
from tests.small_models import ALPHABET, small_recipe
from tests.small_speech import speech_recipe

RNG = np.random.default_rng(0)
MEAN, DEVIATION = RNG.normal(size=20).astype(np.float32), RNG.uniform(0.5, 4.0, 20).astype(np.float32)
FEATURES = (MEAN + DEVIATION * RNG.normal(size=(2, 30, 20))).astype(np.float32)


def test_statistics_bring_features_to_mean_0_and_deviation_1():
    layer = FeatureNormalization(20)
    np.testing.assert_array_equal(layer(FEATURES), FEATURES)
    layer.set_statistics(MEAN, DEVIATION)
    np.testing.assert_allclose(layer(FEATURES), (FEATURES - MEAN) / DEVIATION, rtol=1e-5, atol=1e-5)


def test_it_stays_in_float32_whatever_the_policy():
    assert FeatureNormalization(20).compute_dtype == "float32"


def test_a_model_of_speech_computes_with_the_statistics_and_does_not_train_them(tmp_path):
    recognizer, again = (Recognizer.from_recipe(speech_recipe(), ALPHABET) for _ in range(2))
    lengths = np.array([30, 17], np.int32)
    plain, _ = recognizer((FEATURES - MEAN) / DEVIATION, lengths)
    recognizer.feature_normalization.set_statistics(MEAN, DEVIATION)
    np.testing.assert_allclose(recognizer(FEATURES, lengths)[0], plain, atol=1e-4)
    assert not {"mean", "scale"} & {v.name for v in recognizer.trainable_variables}

    recognizer.save_weights(tmp_path / "some.weights.h5")
    again.load_weights(tmp_path / "some.weights.h5")
    np.testing.assert_array_equal(again(FEATURES, lengths)[0], recognizer(FEATURES, lengths)[0])


def test_a_model_of_ink_has_no_such_weights():
    """Those of trainings from before speech must still fit."""
    recognizer = Recognizer.from_recipe(small_recipe(), ALPHABET)
    assert recognizer.feature_normalization is None
    assert len(recognizer.variables) == len(recognizer.trainable_variables)
    assert recognizer.normalize(FEATURES) is FEATURES
