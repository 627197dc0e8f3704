"""Whether confidences mean what they say: of the words that are 80 % sure, 80 % should be right."""

import dataclasses
import math

import jiwer
import numpy as np

from seqapp.decoding.agreement import matches, shares
from seqapp.decoding.decoder import Decoder

TEMPERATURES = np.geomspace(0.25, 8.0, 41)


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


def reliability(confidences, is_right, num_bins=10) -> Reliability:
    """Sort words into bins of equal width.

    Args:
        confidences: Float `[n]` in [0, 1].
        is_right: Bool `[n]`.
        num_bins: Bins in [0, 1]; empty ones are left out.
    """
    confidences, is_right = np.asarray(confidences, np.float64), np.asarray(is_right, np.float64)
    bins = np.minimum((confidences * num_bins).astype(int), num_bins - 1)
    count = np.bincount(bins, minlength=num_bins)
    used = np.flatnonzero(count)
    confidence = np.bincount(bins, confidences, num_bins)[used] / count[used]
    return Reliability(confidence, np.bincount(bins, is_right, num_bins)[used] / count[used], count[used])


def word_outcomes(reference, hypothesis, char_confidences):
    """Confidence of every word of a hypothesis, and whether it is right.

    Args:
        reference: Text.
        hypothesis: Text.
        char_confidences: One for each character of the hypothesis, in [0, 1].

    Returns:
        confidences: List of floats, geometric means over the characters of each word.
        is_right: List of bools, by the alignment that word errors are counted with.
    """
    words, confidences, logs = hypothesis.split(), [], []
    for character, confidence in zip([*hypothesis, " "], [*char_confidences, 1.0]):
        if not character.isspace():
            logs.append(math.log(max(confidence, 1e-30)))
        elif logs:
            confidences.append(math.exp(sum(logs) / len(logs)))
            logs = []
    is_right = [False] * len(words)
    for chunk in jiwer.process_words(reference, hypothesis).alignments[0] if reference.split() else ():
        if chunk.type == "equal":
            is_right[chunk.hyp_start_idx : chunk.hyp_end_idx] = [True] * (chunk.hyp_end_idx - chunk.hyp_start_idx)
    return confidences, is_right


def negative_log_likelihood(confidences, is_right) -> float:
    """Mean over words, natural logarithm: what a temperature is fitted to."""
    confidences = np.clip(np.asarray(confidences, np.float64), 1e-6, 1 - 1e-6)
    return float(-np.mean(np.where(is_right, np.log(confidences), np.log1p(-confidences))))


def fit_temperature(log_probs, references, alphabet, config, models=None) -> float:
    """The temperature at which the words' confidences are likeliest.

    Args:
        log_probs: List of float `[T, K]`, one an example.
        references: List of texts.
        alphabet: `Alphabet`.
        config: `DecoderConfig`, its weights found already.
        models: `NGramModel`s of `config.language_models`, where they are read already.
    """
    decoder = Decoder(alphabet, config, models)
    found = [decoder.hypotheses(frames) for frames in log_probs]
    agreeing = [matches([h.labels for h in hypotheses]) for hypotheses in found]

    def cost(temperature):
        confidences, is_right = [], []
        for hypotheses, agreed, reference in zip(found, agreeing, references):
            of_labels = shares([h.score for h in hypotheses], temperature) @ agreed
            symbols = [alphabet.symbols[label] for label in hypotheses[0].labels]
            of_characters = [c for c, symbol in zip(of_labels, symbols) for _ in symbol]
            of_words = word_outcomes(reference, "".join(symbols), of_characters)
            confidences += of_words[0]
            is_right += of_words[1]
        return negative_log_likelihood(confidences, is_right)

    return float(min(TEMPERATURES, key=cost))
