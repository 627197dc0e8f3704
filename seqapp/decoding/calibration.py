"""Calibration of word confidences: of the words with a confidence of 80 %, 80 % should be right."""

import dataclasses
from collections.abc import Iterable, Sequence

import jiwer
import numpy as np

from seqapp.decoding.agreement import calibrated
from seqapp.decoding.confidence import geometric_mean
from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.decoder import Decoder
from seqapp.decoding.ngram.model import NGramModel
from seqapp.text.alphabet import Alphabet

TEMPERATURES = np.geomspace(0.5, 8.0, 25)
OFFSETS = np.linspace(-3.0, 3.0, 25)


@dataclasses.dataclass(frozen=True)
class Reliability:
    """How often words of like confidence are right.

    Attributes:
        confidence: Float `[n]`, mean confidence of the words in each bin, rising.
        accuracy: Float `[n]`, share of them that is right.
        count: Int `[n]`, words in each bin.
    """

    confidence: np.ndarray
    accuracy: np.ndarray
    count: np.ndarray

    @property
    def expected_calibration_error(self) -> float:
        """Mean distance of accuracy and confidence, over words.

        Reference: Guo et al., On calibration of modern neural networks, 2017, equation 3.
        """
        weights = self.count / max(1, self.count.sum())
        return float(np.sum(weights * np.abs(self.accuracy - self.confidence)))


def reliability(confidences, is_right, num_bins: int = 10) -> Reliability:
    """Sort words into bins of equal width.

    Args:
        confidences: Float `[n]` in [0, 1].
        is_right: Bool `[n]`.
        num_bins: Bins in [0, 1]; empty ones are left out.
    """
    confidences = np.asarray(confidences, np.float64)
    is_right = np.asarray(is_right, np.float64)
    bins = np.minimum((confidences * num_bins).astype(int), num_bins - 1)
    count = np.bincount(bins, minlength=num_bins)
    used = np.flatnonzero(count)
    confidence = np.bincount(bins, confidences, num_bins)[used] / count[used]
    return Reliability(confidence, np.bincount(bins, is_right, num_bins)[used] / count[used], count[used])


def word_outcomes(reference: str, hypothesis: str, char_confidences: Sequence[float]) -> tuple[list[float], list[bool]]:
    """Return the confidence of every word of a hypothesis, and whether it is right.

    Args:
        reference: Text.
        hypothesis: Text.
        char_confidences: One for each character of the hypothesis, in [0, 1].

    Returns:
        confidences: List of floats, geometric means over the characters of each word.
        is_right: List of bools, by the alignment that word errors are counted with.
    """
    words = hypothesis.split()
    confidences = [geometric_mean(of_word) for of_word in _by_word(hypothesis, char_confidences)]
    is_right = [False] * len(words)
    for chunk in jiwer.process_words(reference, hypothesis).alignments[0] if reference.split() else ():
        if chunk.type == "equal":
            is_right[chunk.hyp_start_idx : chunk.hyp_end_idx] = [True] * (chunk.hyp_end_idx - chunk.hyp_start_idx)
    return confidences, is_right


def negative_log_likelihood(confidences, is_right) -> float:
    """Compute the mean negative log-likelihood per word (natural logarithm), which a temperature is fitted to."""
    confidences = np.clip(np.asarray(confidences, np.float64), 1e-6, 1 - 1e-6)
    return float(-np.mean(np.where(is_right, np.log(confidences), np.log1p(-confidences))))


def fit_calibration(
    log_probs: Sequence[np.ndarray],
    references: Sequence[str],
    alphabet: Alphabet,
    config: DecoderConfig,
    models: Sequence[NGramModel] | None = None,
    rescorers: Sequence = (),
    damaged: Iterable[tuple[np.ndarray, str]] = (),
) -> tuple[float, float]:
    """Fit the temperature and the offset at which the words' confidences are likeliest.

    Args:
        log_probs: List of float `[T, K]`, one per example.
        references: List of texts.
        alphabet: `Alphabet`.
        config: `DecoderConfig`, its weights decoding already.
        models: `NGramModel`s of `config.language_models`, where they are read already.
        rescorers: Of `config.rescorers`.
        damaged: (log-probabilities, text) of damaged examples. All their words together weigh as much as those of the
            others: examples of those who are strange to the network are between both.

    Returns:
        temperature, offset: For `DecoderConfig`; 1 and 0 where no word was read.

    Reference: Platt, Probabilistic outputs for support vector machines, 1999.
    """
    decoder = Decoder(alphabet, dataclasses.replace(config, temperature=1.0, offset=0.0), models, rescorers)
    groups = [_read_words(decoder, alphabet, rows) for rows in (zip(log_probs, references), damaged)]
    groups = [words for words in groups if words]
    if not groups:
        return 1.0, 0.0

    def cost(setting):
        return sum(words.cost(*setting) for words in groups)

    return min(((float(t), float(o)) for t in TEMPERATURES for o in OFFSETS), key=cost)


@dataclasses.dataclass(frozen=True)
class _Words:
    """Words that were read: the confidences of their characters, where each word begins, and whether it is right."""

    values: np.ndarray
    starts: np.ndarray
    is_right: list[bool]

    def cost(self, temperature, offset):
        logs = np.log(calibrated(self.values, temperature, offset))
        lengths = np.diff([*self.starts, len(self.values)])
        return negative_log_likelihood(np.exp(np.add.reduceat(logs, self.starts) / lengths), self.is_right)


def _read_words(decoder, alphabet, rows):
    """Decode rows of (log-probabilities, text) to `_Words`; None where no word is read."""
    characters = []
    is_right = []
    for frames, reference in rows:
        decoding = decoder.decode(frames)
        symbols = [alphabet.symbols[label] for label in decoding.labels]
        text = "".join(symbols)
        of_characters = [c for c, symbol in zip(decoding.confidences, symbols) for _ in symbol]
        characters += _by_word(text, of_characters)
        is_right += word_outcomes(reference, text, of_characters)[1]
    if not characters:
        return None
    starts = np.cumsum([0, *map(len, characters[:-1])])
    return _Words(np.concatenate(characters), starts, is_right)


def _by_word(text, char_confidences):
    """Split the confidences of characters by word."""
    words = []
    place = 0
    for word in text.split():
        place = text.index(word, place)
        words.append(np.array(char_confidences[place : place + len(word)]))
        place += len(word)
    return words
