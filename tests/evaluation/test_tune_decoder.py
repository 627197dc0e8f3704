"""A decoder is tuned on labelled examples: weights, calibration, and the confidence of its readings."""

import numpy as np
import pytest

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.tables import conditions_of
from seqapp.decoding.config import DecoderConfig, LanguageModelConfig
from seqapp.decoding.decoder import Decoder
from seqapp.decoding.ngram import estimate, write_arpa
from seqapp.decoding.sentences import symbol_sentences
from seqapp.decoding.text_probability import path_log_prob, text_log_prob
from seqapp.evaluation.conditions import fit_confidence as fitting
from seqapp.evaluation.tune_decoder import tune_decoder
from tests.small_speech import small_examples
from tests.small_transcribers import ALPHABET, local_transcriber


@pytest.fixture
def config(tmp_path):
    write_arpa(estimate(symbol_sentences(["ab cad", "bad cab", "dab"], ALPHABET), 2), tmp_path / "letters.arpa")
    return DecoderConfig((LanguageModelConfig(str(tmp_path / "letters.arpa"), 0.5, 0.5),), beam_width=4)


def test_weights_are_found_and_the_confidence_is_fitted_to_what_the_search_reads(config, monkeypatch, tmp_path):
    monkeypatch.setattr(fitting, "conditions_of", lambda sense: {})  # clean, and without a text: it is about the wiring
    transcriber, trials = local_transcriber("speech"), []
    tuned, best = tune_decoder(transcriber, small_examples(3), config, (), trials.append, confidence_examples=2)
    assert best.config.language_models == tuned.language_models and len(trials) > 1
    assert best.rank == min(trial.rank for trial in trials)
    assert tuned.confidence is not None and tuned.confidence.rivals != 0.0
    tuned.save(tmp_path / "decoder.json")
    assert DecoderConfig.load(tmp_path / "decoder.json").confidence == tuned.confidence
    # Readings of this decoder are judged by it, and by what their rivals have.
    reading = transcriber.with_beam_search(tuned).transcribe([small_examples(3).raw_of(0)])[0]
    (_, log_probs, _), *_ = transcriber.posteriors([small_examples(3).raw_of(0)])
    found = Decoder(ALPHABET, tuned).decode(log_probs)
    log_share = np.log(found.alternatives[0].probability)
    log_prob = text_log_prob(log_probs, found.labels)
    expected = tuned.confidence(log_prob, len(found.labels), log_share, path_log_prob(log_probs))
    assert reading.confidence == pytest.approx(float(expected), rel=1e-6)


def test_words_are_calibrated_with_damaged_examples_where_that_is_asked_for(config, monkeypatch):
    transcriber, damaged = local_transcriber("speech"), []

    def spy(*arguments, **options):
        damaged.append(list(arguments[6]))
        return 1.5, 0.5

    monkeypatch.setattr("seqapp.evaluation.tune_decoder.fit_calibration", spy)
    monkeypatch.setattr("seqapp.evaluation.tune_decoder.fit_confidence", lambda *_, **__: (None, {}))
    options = {"report": lambda trial: None, "confidence_examples": 2}
    tuned, _ = tune_decoder(transcriber, small_examples(3), config, (), **options, calibrate_damaged=True)
    assert (tuned.temperature, tuned.offset) == (1.5, 0.5)
    num_conditions = len(find_conditions(["all"], conditions_of("speech")))
    assert len(damaged[0]) == 2 * num_conditions > 2 and {text for _, text in damaged[0]} <= set(
        small_examples(3).texts
    )
    tune_decoder(transcriber, small_examples(3), config, (), **options)
    assert damaged[1] == []


def test_no_confidence_is_fitted_where_none_is_asked_for(config):
    tuned, _ = tune_decoder(
        local_transcriber("speech"), small_examples(2), config, (), lambda trial: None, confidence_examples=0
    )
    assert tuned.confidence is None
