"""The card says what the workdir knows."""

from seqapp.recipe import DataConfig, EncoderConfig, Recipe, TrainingConfig
from seqapp.serving.model_card import model_card
from seqapp.text import Alphabet

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
