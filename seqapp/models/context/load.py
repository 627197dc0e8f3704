"""Context of a decoder's config: what can stand in a graph, made ready for it."""

import dataclasses
from pathlib import Path

from seqapp.ctc.prefix_search import Pruning
from seqapp.decoding import beam_search
from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.decoder import is_of_characters, read_models
from seqapp.decoding.token_fit import fitted
from seqapp.models.context.character_ngram import CharacterNGram
from seqapp.models.context.context_decoding import ContextDecoding
from seqapp.text import Alphabet


def make_context(config: DecoderConfig, alphabet: Alphabet, models=None) -> ContextDecoding:
    """Make the context that a config names.

    Args:
        config: `DecoderConfig` with one language model of characters.
        alphabet: `Alphabet` of the recogniser.
        models: Its `NGramModel`s, where they are read already.

    Raises:
        ValueError: The config asks for what a graph cannot hold, or its language model cannot be used.
    """
    others = {"rescorers": config.rescorers, "a lexicon": config.lexicon, "hotwords": config.hotwords}
    received = [name for name, value in others.items() if value]
    if received or len(config.language_models) != 1:
        received = received or [f"{len(config.language_models)} language models"]
        raise ValueError(
            f"Expected a decoder with one language model of characters, to stand in a model's graph. Received: "
            f"{', '.join(received)}. Tune one with pipelines/tune.py, or give the rest at transcription."
        )
    (model,) = read_models(config) if models is None else models
    (settings,) = config.language_models
    if not is_of_characters(model, alphabet):
        raise ValueError(f"Expected a language model of characters. Received: {settings.file}, of words.")
    model = fitted(model, alphabet, settings.file)
    scorer = CharacterNGram(model, alphabet, settings.weight, settings.bonus)
    pruning = Pruning(**dataclasses.asdict(beam_search.Pruning(config.beam_width)))  # as the search beside the graph
    return ContextDecoding(scorer, pruning, config.confidence, config.temperature, config.offset)


def in_graph(config: DecoderConfig, models) -> dict:
    """Facts of a context for those who ask what a model reads with; arguments as of `make_context`."""
    (model,), (settings,) = models, config.language_models
    return {
        "language_model": Path(settings.file).name, "order": model.order, "num_ngrams": len(model) - 1,
        "weight": settings.weight, "bonus": settings.bonus, "beam_width": config.beam_width,
    }  # fmt: skip
