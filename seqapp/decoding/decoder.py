"""Beam search decoder: log-probabilities of one example to its most probable text, n-best and confidences."""

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seqapp.decoding.agreement import calibrated, matches, shares
from seqapp.decoding.beam_search import BeamSearch, Hypothesis, Pruning, beam_search
from seqapp.decoding.confidence import geometric_mean
from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.label_frames import label_frames
from seqapp.decoding.ngram import BEGIN, END, UNKNOWN, check_sums, read_ngram_model
from seqapp.decoding.ngram.model import NGramModel
from seqapp.decoding.rescoring import rescored
from seqapp.decoding.scorers.character_scorer import CharacterScorer
from seqapp.decoding.scorers.hotword_scorer import HotwordScorer
from seqapp.decoding.scorers.word_scorer import LexiconScorer, WordScorer
from seqapp.text.alphabet import Alphabet, escape

NO_TEXT = Hypothesis((), -np.inf, -np.inf)  # where scorers forbid every text
_ESCAPED = re.compile(r"\\(.|u\{[0-9a-f]+\})")  # one character, as `escape` writes it


@dataclasses.dataclass(frozen=True)
class Alternative:
    """One text that was considered: its score, and its probability among those given."""

    text: str
    score: float
    probability: float


@dataclasses.dataclass(frozen=True)
class Decoding:
    """What was found in one example.

    Attributes:
        labels: Classes of the best text, without the blank.
        frames: Frame at which each label is most probable.
        confidences: Probability of each label: of all hypotheses that have it in its place.
        alternatives: `Alternative`s, the best text first.
    """

    labels: tuple[int, ...]
    frames: tuple[int, ...]
    confidences: tuple[float, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def confidence(self) -> float:
        """The geometric mean over the labels; where there is none, the probability that there is none."""
        if not self.confidences:
            return self.alternatives[0].probability
        return geometric_mean(self.confidences)


class Decoder:
    """A beam search with everything that a config names.

    Args:
        alphabet: `Alphabet` of the recogniser.
        config: `DecoderConfig`.
        models: `NGramModel`s of `config.language_models`, where they are read already.
        rescorers: Of `config.rescorers`, as for `rescored`.

    Raises:
        ValueError: If a language model or the lexicon cannot be read or does not fit the alphabet, or rescorers are
            missing.
    """

    def __init__(
        self,
        alphabet: Alphabet,
        config: DecoderConfig | None = None,
        models: Sequence[NGramModel] | None = None,
        rescorers: Sequence = (),
    ):
        self._alphabet = alphabet
        self.config = config or DecoderConfig()
        config = self.config
        self._rescorers = tuple(rescorers)
        if len(self._rescorers) != len(config.rescorers):
            raise ValueError(
                f"Expected the rescorer(s) of the config, as read_rescorers gives them: {len(config.rescorers)}. "
                f"Received: {len(self._rescorers)}."
            )
        models = read_models(config) if models is None else models
        self._scorers = [_scorer(model, alphabet, settings) for model, settings in zip(models, config.language_models)]
        if config.lexicon:
            self._scorers.append(LexiconScorer(_lines(config.lexicon), alphabet))
        if config.hotwords:
            self._scorers.append(HotwordScorer(config.hotwords, alphabet, config.hotword_boost))
        self._pruning = Pruning(beam_width=config.beam_width)

    def hypotheses(self, log_probs: np.ndarray) -> list[Hypothesis]:
        """Return the n-best list of a search, the best first; one without labels where a lexicon forbids all texts."""
        return self.rescored(self.search(log_probs))

    def search(self, log_probs: np.ndarray) -> list[Hypothesis]:
        """Return the hypotheses before they are rescored."""
        return beam_search(log_probs, self._scorers, self._pruning) or [NO_TEXT]

    def begin(self) -> BeamSearch:
        """Begin a search that has seen no frame yet."""
        return BeamSearch(self._scorers, self._pruning)

    def rescored(self, hypotheses: list[Hypothesis]) -> list[Hypothesis]:
        """Return the hypotheses of a search in the order that the rescorers see."""
        if not self._rescorers:
            return hypotheses
        texts = [self._alphabet.decode(hypothesis.labels) for hypothesis in hypotheses]
        return rescored(hypotheses, texts, self._rescorers, self.config.rescorers)

    def decode(self, log_probs: np.ndarray) -> Decoding:
        """Decode one example.

        Args:
            log_probs: Float `[T, K]`, natural logarithms, the blank last.
        """
        return self.decoding(self.hypotheses(log_probs), log_probs)

    def decoding(self, hypotheses: list[Hypothesis], log_probs: np.ndarray) -> Decoding:
        """Make the `Decoding` of hypotheses: frames, confidences and n-best.

        Args:
            hypotheses: List of `Hypothesis`, the best first.
            log_probs: Float `[T, K]`, as above.
        """
        probabilities = shares([h.score for h in hypotheses])
        agreed = probabilities @ matches([h.labels for h in hypotheses])
        best = hypotheses[0].labels
        alternatives = tuple(
            Alternative(self._alphabet.decode(hypothesis.labels), hypothesis.score, float(probability))
            for hypothesis, probability in zip(hypotheses[: self.config.num_alternatives], probabilities)
        )
        return Decoding(
            labels=best,
            frames=tuple(label_frames(log_probs, best).tolist()),
            confidences=tuple(calibrated(agreed, self.config.temperature, self.config.offset).tolist()),
            alternatives=alternatives,
        )


def read_models(config: DecoderConfig) -> list[NGramModel]:
    """Read the language models of a config, and check that each is one."""
    models = []
    for settings in config.language_models:
        models.append(read_ngram_model(settings.file))
        check_sums(models[-1], settings.file)
    return models


def _scorer(model, alphabet, settings):
    kind = CharacterScorer if is_of_characters(model, alphabet) else WordScorer
    return kind(model, alphabet, settings.weight, settings.bonus)


def is_of_characters(model: NGramModel, alphabet: Alphabet) -> bool:
    """Tell whether the tokens of a model are symbols, and not words."""
    tokens = [token for token in model.tokens if token not in (BEGIN, END, UNKNOWN)]
    symbols = {escape(symbol) for symbol in alphabet.symbols}
    return all(len(token) == 1 or token in symbols or _ESCAPED.fullmatch(token) for token in tokens)


def _lines(path):
    if not Path(path).is_file():
        raise ValueError(f"No lexicon at {path}. Expected a text file of one word per line.")
    return Path(path).read_text(encoding="utf-8").splitlines()
