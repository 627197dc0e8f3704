"""A decoder that cannot stand in a graph is refused in one sentence."""

import pytest

from seqapp.decoding.config import DecoderConfig, LanguageModelConfig, RescorerConfig
from seqapp.decoding.ngram import estimate
from seqapp.decoding.sentences import symbol_sentences, word_sentences
from seqapp.models.context.load import in_graph, make_context
from seqapp.text import Alphabet

ALPHABET = Alphabet((" ", "a", "b", "c"))
TEXTS = ["ab cab", "cab ab b", "a bc"]
LETTERS, WORDS = estimate(symbol_sentences(TEXTS, ALPHABET), 3), estimate(word_sentences(TEXTS), 2)
SETTINGS = LanguageModelConfig("letters.arpa", 0.5, 0.25)


def test_a_model_of_characters_is_taken_with_its_say_and_width():
    config = DecoderConfig((SETTINGS,), beam_width=7)
    context = make_context(config, ALPHABET, [LETTERS])
    assert context.pruning.beam_width == 7 and context.stream_init(1)["scores"].shape == (1, 7, 3)
    assert in_graph(config, [LETTERS]) == {
        "language_model": "letters.arpa", "order": 3, "num_ngrams": len(LETTERS) - 1, "weight": 0.5, "bonus": 0.25,
        "beam_width": 7,
    }  # fmt: skip


@pytest.mark.parametrize(
    "config, models, message",
    [
        (DecoderConfig(), [], "Received: 0 language models"),
        (DecoderConfig((SETTINGS, SETTINGS)), [LETTERS, LETTERS], "Received: 2 language models"),
        (DecoderConfig((SETTINGS,), lexicon="words.txt"), [LETTERS], "Received: a lexicon"),
        (DecoderConfig((SETTINGS,), hotwords=("ab",)), [LETTERS], "Received: hotwords"),
        (DecoderConfig((SETTINGS,), (RescorerConfig("bard"),)), [LETTERS], "Received: rescorers"),
        (DecoderConfig((SETTINGS,)), [WORDS], "letters.arpa, of words"),
        (DecoderConfig((LanguageModelConfig("none.arpa"),)), None, "No language model at none.arpa"),
    ],
)
def test_what_a_graph_cannot_hold_is_named(config, models, message):
    with pytest.raises(ValueError, match=message) as error:
        make_context(config, ALPHABET, models)
    assert "\n" not in str(error.value)
