"""Tuning of language model weights on a validation set, by word errors."""

import dataclasses
import logging
from collections.abc import Callable, Sequence

import numpy as np

from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.decoder import Decoder
from seqapp.decoding.ngram.model import NGramModel
from seqapp.decoding.rescoring import RememberingRescorer
from seqapp.text.alphabet import Alphabet
from seqapp.text.error_rates import ErrorCounts, character_errors, word_errors

log = logging.getLogger(__name__)

FIRST_STEP = {"weight": 0.4, "bonus": 1.0}  # natural logarithms per character are of about this size
HALVINGS = 2
WEIGHED = ("language_models", "rescorers")  # fields of `DecoderConfig` whose weights are sought


@dataclasses.dataclass(frozen=True)
class Trial:
    """One setting, and what it gave: `wer` and `cer` as shares.

    Of the best one, `baselines` are the same setting without each part of the decoder in turn; `without` is its name.
    """

    config: object
    wer: float
    cer: float
    without: str = ""
    baselines: tuple["Trial", ...] = ()

    @property
    def rank(self) -> tuple[float, float]:
        """Fewer word errors first; character errors decide between equals."""
        return self.wer, self.cer

    def __str__(self):
        errors = f"WER {100 * self.wer:.2f} %    CER {100 * self.cer:.2f} %"
        return f"without {self.without}    {errors}" if self.without else f"{self._weights()}    {errors}"

    def _weights(self):
        weights = [f"alpha {m.weight:g} beta {m.bonus:g}" for m in self.config.language_models]
        weights += [f"rescorer {m.weight:g} bonus {m.bonus:g}" for m in self.config.rescorers]
        return ", ".join(weights)


def tune(
    log_probs: Sequence[np.ndarray],
    references: Sequence[str],
    alphabet: Alphabet,
    config: DecoderConfig,
    models: Sequence[NGramModel] | None = None,
    on_trial: Callable[[Trial], None] | None = None,
    rescorers: Sequence = (),
    keeps_weights: bool = False,
) -> Trial:
    """Search the weight and the bonus of every language model and rescorer, one after the other, in halved steps.

    Args:
        log_probs: List of float `[T, K]`, one per example.
        references: List of texts.
        alphabet: `Alphabet`.
        config: `DecoderConfig` to start from.
        models: `NGramModel`s of `config.language_models`, where they are read already.
        on_trial: Function that is given every `Trial`.
        rescorers: Of `config.rescorers`.
        keeps_weights: Whether the weights of `config` stay as they are, and are only tried.

    Returns:
        The best `Trial`, with its baselines. No weight of it is worse than 0: a language model that does harm has 0.

    Raises:
        ValueError: If there is no language model to weigh, or no example.
    """
    num_models = sum(len(getattr(config, name)) for name in WEIGHED)
    if not num_models or not len(references):
        raise ValueError(
            f"Expected examples and a language model whose weight is to be found. Received: {len(references)} "
            f"example(s) and {num_models} language model(s)."
        )
    rescorers = [RememberingRescorer(rescorer) for rescorer in rescorers]
    trials = _Trials(log_probs, references, Decoder(alphabet, config, models, rescorers), alphabet)
    trial_of = {}

    def attempt(config):
        if config not in trial_of:
            trial_of[config] = trials.run(config)
            if on_trial:
                on_trial(trial_of[config])
        return trial_of[config]

    best = attempt(config) if keeps_weights else _best(config, attempt)
    baselines = [*_unweighed(best.config, attempt), *_unrestricted(best.config, trials)]
    return dataclasses.replace(best, without="", baselines=tuple(baselines))


def _best(config, attempt):
    """Return the best trial from `config` on; what does harm has no weight in it."""
    best = _climb(attempt(config), attempt)
    while (better := min(_unweighed(best.config, attempt), key=lambda trial: trial.rank)).rank < best.rank:
        log.warning("There are fewer errors on validation without %s: its weight is 0.", better.without)
        best = _climb(better, attempt)
    return best


def _climb(best, attempt):
    """Take steps for the better, which are halved where there is none."""
    for halving in range(HALVINGS + 1):
        while (better := _round(best, attempt, 0.5**halving)).rank < best.rank:
            best = better
    return best


def _unweighed(config, attempt):
    """Return the trials without each language model and rescorer, and without all of them."""
    named = []
    for name in WEIGHED:
        parts = getattr(config, name)
        for index, part in enumerate(parts):
            silent = (*parts[:index], _silent(part), *parts[index + 1 :])
            named.append((str(next(iter(dataclasses.asdict(part).values()))), {name: silent}))
    if len(named) > 1:
        all_silent = {name: tuple(map(_silent, getattr(config, name))) for name in WEIGHED}
        named.append(("all of these", all_silent))
    return [_without(name, attempt(dataclasses.replace(config, **changes))) for name, changes in named]


def _silent(part):
    return dataclasses.replace(part, weight=0.0, bonus=0.0)


def _unrestricted(config, trials):
    """Return the trials without the lexicon and without the hotwords, where there are any."""
    empty = {name: type(getattr(config, name))() for name in ("lexicon", "hotwords") if getattr(config, name)}
    configs = {name: dataclasses.replace(config, **{name: value}) for name, value in empty.items()}
    return [_without(f"the {name}", trials.run(other)) for name, other in configs.items()]


def _without(name, trial):
    return dataclasses.replace(trial, without=name)


def _round(best, attempt, scale):
    """Try one step up and down from the best setting, in every direction in turn."""
    directions = [
        (name, index, field, step * scale)
        for name in WEIGHED
        for index in range(len(getattr(best.config, name)))
        for field, step in FIRST_STEP.items()
    ]
    for name, index, field, step in directions:
        for change in (step, -step):
            if (trial := attempt(_moved(best.config, name, index, field, change))).rank < best.rank:
                best = trial
                break
    return best


def _moved(config, name, index, field, step):
    models = list(getattr(config, name))
    value = round(max(0.0, getattr(models[index], field) + step), 3)
    models[index] = dataclasses.replace(models[index], **{field: value})
    return dataclasses.replace(config, **{name: tuple(models)})


class _Trials:
    """Decodes the examples with one setting after the other; what the last search found serves all its rescorings."""

    def __init__(self, log_probs, references, decoder, alphabet):
        self._log_probs = log_probs
        self._references = references
        self._decoder = decoder
        self._alphabet = alphabet
        self._searched = None
        self._hypotheses = []

    def run(self, config) -> Trial:
        decoder = self._decoder.reweighed(config)
        words = ErrorCounts()
        characters = ErrorCounts()
        for hypotheses, reference in zip(self._search(decoder), self._references):
            text = self._alphabet.decode(decoder.rescored(hypotheses)[0].labels)
            words += word_errors(reference, text)
            characters += character_errors(reference, text)
        return Trial(config, words.rate, characters.rate)

    def _search(self, decoder):
        searched = dataclasses.replace(decoder.config, rescorers=())
        if searched != self._searched:
            self._searched = searched
            self._hypotheses = [decoder.search(frames) for frames in self._log_probs]
        return self._hypotheses
