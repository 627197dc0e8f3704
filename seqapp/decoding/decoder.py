"""Beam search decoder: log-probabilities of one example to its most probable text, n-best and confidences."""

import copy
import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

from seqapp.decoding.agreement import calibrated, matches, shares
from seqapp.decoding.beam_search import BeamSearch, Hypothesis, Pruning, beam_search
from seqapp.decoding.confidence import geometric_mean
from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.label_frames import label_frames
from seqapp.decoding.lexicon import read_lexicon
from seqapp.decoding.ngram import COMPACT, read_ngram_model, review_sums
from seqapp.decoding.ngram.model import NGramModel
from seqapp.decoding.rescoring import rescored
from seqapp.decoding.scorers.character_scorer import CharacterScorer
from seqapp.decoding.scorers.hotword_scorer import HotwordScorer
from seqapp.decoding.scorers.lexicon_scorer import LexiconScorer
from seqapp.decoding.scorers.word_scorer import WordScorer
from seqapp.decoding.token_fit import fitted, is_of_characters
from seqapp.text.alphabet import Alphabet

NO_TEXT = Hypothesis((), -np.inf, -np.inf)  # where scorers forbid every text


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
        if models is None:
            self._models = read_models(config, alphabet)
        else:
            named = zip(models, config.language_models)
            self._models = [fitted(model, alphabet, settings.file, is_told=False) for model, settings in named]
        self._lexicon = LexiconScorer(read_lexicon(config.lexicon), alphabet) if config.lexicon else None
        self._hotwords = None
        if config.hotwords:
            self._hotwords = HotwordScorer(config.hotwords, alphabet, config.hotword_boost)
        self._pruning = Pruning(beam_width=config.beam_width)
        self._scorers = self._scorers_of(config)

    def _scorers_of(self, config):
        """Return the scorers that a config asks for; a language model without weight and bonus says nothing."""
        pairs = zip(self._models, config.language_models)
        scorers = [_scorer(model, self._alphabet, part) for model, part in pairs if part.weight or part.bonus]
        scorers += [self._lexicon] if config.lexicon else []
        return scorers + ([self._hotwords] if config.hotwords else [])

    def with_hotwords(self, hotwords: Iterable[str]) -> tuple["Decoder", tuple[str, ...]]:
        """Return the same decoder with hotwords, sharing its language models, and those that cannot be written.

        Raises:
            ValueError: If the alphabet can spell none of the hotwords.
        """
        other = copy.copy(self)
        other.config = dataclasses.replace(self.config, hotwords=tuple(hotwords))
        other._hotwords = HotwordScorer(other.config.hotwords, self._alphabet, self.config.hotword_boost)
        others = [scorer for scorer in self._scorers if scorer is not self._hotwords]
        other._scorers = [*others, other._hotwords]
        return other, other._hotwords.left_out

    def with_lexicon(self, words: Iterable[str]) -> tuple["Decoder", tuple[str, ...]]:
        """Return the same decoder with other words as its lexicon, and those that cannot be written.

        Raises:
            ValueError: If the alphabet can spell none of the words.
        """
        other = copy.copy(self)
        other._lexicon = LexiconScorer(words, self._alphabet)
        others = [scorer for scorer in self._scorers if scorer is not self._lexicon]
        other._scorers = [*others, other._lexicon]
        return other, other._lexicon.left_out

    def reweighed(self, config: DecoderConfig) -> "Decoder":
        """Return the same decoder with other weights and bonuses, or without its lexicon or its hotwords."""
        other = copy.copy(self)
        other.config = config
        other._scorers = other._scorers_of(config)
        return other

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


def read_models(config: DecoderConfig, alphabet: Alphabet | None = None) -> list[NGramModel]:
    """Read the language models of a config, check that each is one, and fit its tokens to an alphabet, if one is given.

    Raises:
        ValueError: If one cannot be read, is no probability model, or shares next to nothing with the alphabet.
    """
    models = []
    for settings in config.language_models:
        model = read_ngram_model(settings.file)
        if not settings.file.endswith(COMPACT):  # these are written here, of models that sum to one, and rounded
            review_sums(model, settings.file)
        models.append(fitted(model, alphabet, settings.file) if alphabet else model)
    return models


def _scorer(model, alphabet, settings):
    kind = CharacterScorer if is_of_characters(model, alphabet) else WordScorer
    return kind(model, alphabet, settings.weight, settings.bonus)
