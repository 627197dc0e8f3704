"""Weights of language models from a validation set: those with the fewest word errors."""

import dataclasses
import logging

from seqapp.decoding.decoder import Decoder, read_models
from seqapp.text.error_rates import ErrorCounts, character_errors, word_errors

log = logging.getLogger(__name__)

FIRST_STEP = {"weight": 0.4, "bonus": 1.0}  # natural logarithms a character are of about this size
HALVINGS = 2


@dataclasses.dataclass(frozen=True)
class Trial:
    """One setting, and what it gave: `wer` and `cer` as shares."""

    config: object
    wer: float
    cer: float

    @property
    def rank(self):
        """Fewer word errors first; character errors decide between equals."""
        return self.wer, self.cer


def tune(log_probs, references, alphabet, config, models=None, on_trial=None) -> Trial:
    """Search the weight and the bonus of every language model, one after the other, in steps that are halved.

    Args:
        log_probs: List of float `[T, K]`, one an example.
        references: List of texts.
        alphabet: `Alphabet`.
        config: `DecoderConfig` to start from.
        models: `NGramModel`s of `config.language_models`, where they are read already.
        on_trial: Function that is given every `Trial`.

    Returns:
        The best `Trial`.

    Raises:
        ValueError: Where there is no language model to weigh, or no example.
    """
    if not config.language_models or not len(references):
        raise ValueError(
            f"Expected examples and a language model whose weight is to be found. Received: {len(references)} "
            f"example(s) and {len(config.language_models)} language model(s)."
        )
    models = read_models(config) if models is None else models
    seen = {}

    def attempt(config):
        if config not in seen:
            seen[config] = _attempt(log_probs, references, alphabet, config, models)
            if on_trial:
                on_trial(seen[config])
        return seen[config]

    best = attempt(config)
    for halving in range(HALVINGS + 1):
        while (better := _round(best, attempt, 0.5**halving)).rank < best.rank:
            best = better
    return best


def _round(best, attempt, scale):
    """One step up and down from the best setting, in every direction in turn."""
    for index in range(len(best.config.language_models)):
        for field, step in FIRST_STEP.items():
            for sign in (1, -1):
                config = _moved(best.config, index, field, sign * step * scale)
                if (trial := attempt(config)).rank < best.rank:
                    best = trial
                    break
    return best


def _moved(config, index, field, step):
    models = list(config.language_models)
    value = round(max(0.0, getattr(models[index], field) + step), 3)
    models[index] = dataclasses.replace(models[index], **{field: value})
    return dataclasses.replace(config, language_models=tuple(models))


def _attempt(log_probs, references, alphabet, config, models):
    decoder = Decoder(alphabet, config, models)
    words, characters = ErrorCounts(), ErrorCounts()
    for frames, reference in zip(log_probs, references):
        hypothesis = alphabet.decode(decoder.hypotheses(frames)[0].labels)
        words += word_errors(reference, hypothesis)
        characters += character_errors(reference, hypothesis)
    return Trial(config, words.rate, characters.rate)
