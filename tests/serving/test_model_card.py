"""The card says what the workdir knows."""

from seqapp.recipe import DataConfig, EncoderConfig, Recipe, TrainingConfig
from seqapp.senses import SENSES
from seqapp.serving import model_card as cards
from seqapp.serving.model_card import model_card
from seqapp.text import Alphabet
from tests.small_speech import speech_recipe

FACTS = {"step": 1500, "cer": 0.0712, "wer": 0.25, "core_minutes": 41.6}


def card(**encoder):
    recipe = Recipe(
        data=DataConfig(dataset="unipen/lines", extra_train=("unipen/words",)),
        encoder=EncoderConfig(**encoder), training=TrainingConfig(steps=2000, seed=7),
    )  # fmt: skip
    return model_card("unipen", recipe, FACTS, 1_234_567, Alphabet(tuple("ab ")))


def test_figures_sources_and_size_are_named():
    text = card(cell="gru", units=100, num_layers=3)
    for fact in (
        "# unipen\n", "3 bidirectional gru layers of 100 units", "1,234,567 parameters", "unipen/lines, unipen/words",
        "CER 7.12 %, WER 25.00 %", "step 1500 of 2000, 42 core-minutes, seed 7", "| symbols | 3 |",
        "[B, T, 4] (blank last)",
    ):  # fmt: skip
        assert fact in text


def test_a_forward_encoder_is_called_forward():
    assert "forward min_gru" in card(bidirectional=False) and "bidirectional" not in card(bidirectional=False)


def test_validation_is_on_lines_or_on_utterances():
    facts, alphabet = {**FACTS, "validation_examples": 100, "validation_skipped": 2}, Alphabet(tuple("ab "))
    assert "WER 25.00 % on 100 utterances, 2 skipped" in model_card("an4", speech_recipe(), facts, 1_000, alphabet)
    assert "on 100 lines, 2 skipped" in model_card("unipen", Recipe(), facts, 1_000, alphabet)


def test_a_card_of_speech_says_what_it_takes_and_gives():
    text = model_card("an4", speech_recipe(), FACTS, 1_000, Alphabet(tuple("ab ")))
    for fact in ("Speech to text: 1 bidirectional min_gru", "waveform float32 [B, N]", "char_start_s", "frame_start_s"):
        assert fact in text
    assert "points" not in text and set(cards.SENSES) == {sense.name for sense in SENSES.values()}


def test_a_fine_tuned_model_names_its_parent_and_what_to_cite():
    record = {
        "parent": {"name": "an4/1", "trained_on": ["an4"], "citation": "@misc{an4}"},
        "taken": {"weights": 1234, "symbols": ["a", "b"], "new_symbols": ["c"], "left_out_symbols": []},
        "step_0": {"validation": {"cer": 0.25}, "parent_validation": None},
    }
    recipe, alphabet = speech_recipe(), Alphabet(tuple("ab "))
    text = model_card("mine", recipe, FACTS, 1_000, alphabet, fine_tuning=record)
    for fact in (
        "an4/1, trained on an4: 1,234 weights, 2 symbols",
        "CER 25.00 % on validation",
        "@misc{an4}",
    ):
        assert fact in text
    assert "test set of an4/1" not in text
    record["parent_test"] = {"before": {"cer": 0.1}, "after": {"cer": 0.2}}
    text = model_card("mine", recipe, FACTS, 1_000, alphabet, fine_tuning=record)
    assert "CER on the test set of an4/1: 10.00 % before, 20.00 % after." in text
    assert "Fine-tuning" not in model_card("mine", recipe, FACTS, 1_000, alphabet)


def test_what_confidence_means_is_told():
    alphabet = Alphabet(tuple("ab "))
    fitted = {
        "examples": 100,
        "readings": 2_300,
        "auroc": 0.931,
        "expected_calibration_error": 0.046,
        "sure_from": 0.25,
    }
    fitted["sure_from"] = 0.25
    text = model_card("unipen", Recipe(), FACTS, 1_000, alphabet, confidence=fitted).replace("\n", " ")
    assert "2,300 readings of 100 validation" in text and "AUROC 0.931, calibration error 4.6 %" in text
    assert "Below a confidence of 0.250" in text and "is_sure" in text
    fitted["sure_log_prob"] = -0.25
    text = model_card("unipen", Recipe(), FACTS, 1_000, alphabet, confidence=fitted).replace("\n", " ")
    assert "less than 0.78 of probability per character" in text and "Below" not in text
    unknown = model_card("unipen", Recipe(), FACTS, 1_000, alphabet, confidence={**fitted, "auroc": None})
    assert "AUROC unknown" in unknown
    plain = model_card("unipen", Recipe(), FACTS, 1_000, alphabet)
    assert "not calibrated" in plain and "is_sure" not in plain
