"""Confidences of words against whether they are right."""

import numpy as np
import pytest

from seqapp.decoding.calibration import fit_calibration, negative_log_likelihood, reliability, word_outcomes
from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.decoder import Decoder
from seqapp.text import Alphabet


def test_calibrated_words_have_no_error_and_overconfident_ones_do():
    rng = np.random.default_rng(0)
    confidences = rng.uniform(size=20_000)
    is_right = rng.uniform(size=20_000) < confidences
    assert reliability(confidences, is_right).expected_calibration_error < 0.02
    assert reliability(np.full(100, 0.9), np.arange(100) < 50).expected_calibration_error == pytest.approx(0.4)


def test_bins_hold_all_words_and_one_is_the_last_of_them():
    found = reliability([0.0, 0.05, 1.0, 0.999], [False, True, True, True])
    assert found.count.tolist() == [2, 2] and found.accuracy.tolist() == [0.5, 1.0]
    assert reliability([], []).expected_calibration_error == 0.0


def test_words_take_the_geometric_mean_of_their_characters():
    confidences, is_right = word_outcomes("the cat", "the  hat ", [1, 1, 1, 0.1, 0.1, 0.5, 1, 0.25, 1])
    assert confidences == pytest.approx([1.0, 0.5]) and is_right == [True, False]
    assert word_outcomes("", "a", [0.5])[1] == [False] and word_outcomes("a", "", []) == ([], [])


def test_the_likelihood_is_best_at_the_truth():
    is_right = np.arange(100) < 70
    costs = {p: negative_log_likelihood(np.full(100, p), is_right) for p in (0.6, 0.7, 0.8)}
    assert min(costs, key=costs.get) == 0.7


def test_a_network_that_is_too_sure_is_tempered():
    alphabet, rng = Alphabet(("a", "b")), np.random.default_rng(0)
    sure, texts = np.log([[0.98, 0.01, 0.01]]), rng.choice(["a", "b"], 40, p=[0.7, 0.3])
    temperature, offset = fit_calibration([sure] * 40, texts, alphabet, DecoderConfig())
    confidence = Decoder(alphabet, DecoderConfig(temperature=temperature, offset=offset)).decode(sure).confidences[0]
    assert confidence == pytest.approx(np.mean(texts == "a"), abs=0.05)
    assert fit_calibration([], [], alphabet, DecoderConfig()) == (1.0, 0.0)


def test_damaged_examples_weigh_as_much_as_all_others_together():
    alphabet, sure = Alphabet(("a", "b")), np.log([[0.98, 0.01, 0.01]])
    damaged = [(sure, text) for text in "aabbbbbbbb"]  # a fifth is right
    temperature, offset = fit_calibration([sure] * 90, ["a"] * 90, alphabet, DecoderConfig(), damaged=iter(damaged))
    config = DecoderConfig(temperature=temperature, offset=offset)
    assert Decoder(alphabet, config).decode(sure).confidences[0] == pytest.approx(0.6, abs=0.05)
    alone = fit_calibration([], [], alphabet, DecoderConfig(), damaged=damaged)
    config = DecoderConfig(temperature=alone[0], offset=alone[1])
    assert Decoder(alphabet, config).decode(sure).confidences[0] == pytest.approx(0.2, abs=0.05)
