"""Weights are found where they help, and stay where nothing does."""

import pytest

from seqapp.decoding.config import DecoderConfig, LanguageModelConfig
from seqapp.decoding.tuning import tune
from tests.decoding.test_decoder import ALPHABET, CHARACTERS, WORDS, doubtful


def test_a_helpful_model_gets_a_weight():
    config = DecoderConfig((LanguageModelConfig("lm", 0.0, 0.0),))
    trials = []
    best = tune([doubtful(share=0.3)] * 2, ["cat", "cat"], ALPHABET, config, [CHARACTERS], trials.append)
    assert best.wer == 0 and best.config.language_models[0].weight > 0
    assert trials[0].wer == 1 and len({t.config for t in trials}) == len(trials)


def test_a_misleading_model_loses_it():
    config = DecoderConfig((LanguageModelConfig("lm", 0.4, 1.0),))
    best = tune([doubtful(share=0.3)], ["cut"], ALPHABET, config, [CHARACTERS])
    assert best.wer == 0 and best.config.language_models[0].weight < 0.4


def test_nothing_to_tune_is_refused():
    with pytest.raises(ValueError, match=r"0 example\(s\) and 0 language model\(s\)"):
        tune([], [], ALPHABET, DecoderConfig())


def test_no_weight_is_kept_that_is_worse_than_none():
    """Every step from the start that is tried leaves the model too strong: only without it the text is right."""
    config = DecoderConfig((LanguageModelConfig("lm.arpa", 40.0, 1.0),))
    best = tune([doubtful(share=0.3)], ["cut"], ALPHABET, config, [CHARACTERS])
    assert best.wer == 0 and best.config.language_models[0].weight == 0


def test_the_baselines_are_without_each_part(tmp_path):
    (tmp_path / "words.txt").write_text("cat\na\n")
    parts = LanguageModelConfig("lm.arpa", 0.5, 1.0), LanguageModelConfig("words.arpa", 0.5, 1.0)
    config = DecoderConfig(parts, lexicon=str(tmp_path / "words.txt"), hotwords=("cat",))
    best = tune([doubtful(share=0.3)], ["cat"], ALPHABET, config, [CHARACTERS, WORDS])
    names = ["lm.arpa", "words.arpa", "all of these", "the lexicon", "the hotwords"]
    assert [trial.without for trial in best.baselines] == names and not best.without
    assert str(best.baselines[0]).startswith("without lm.arpa    WER 0.00 %")


def test_weights_that_are_kept_are_tried_alone():
    """A model that misleads stays, with its baseline beside it: who asks for these weights has reasons."""
    config = DecoderConfig((LanguageModelConfig("lm", 4.0, 1.0),))
    arguments = [doubtful(share=0.3)], ["cut"], ALPHABET, config, [CHARACTERS]
    best = tune(*arguments, keeps_weights=True)
    assert best.config == config and best.wer == 1
    assert best.baselines[0].wer == 0 == tune(*arguments).wer
