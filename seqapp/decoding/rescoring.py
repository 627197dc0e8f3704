"""N-best rescoring: the texts of a beam search ordered anew by language models that read a text as a whole."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from seqapp.decoding.beam_search import Hypothesis
from seqapp.decoding.config import RescorerConfig


def rescored(
    hypotheses: Sequence[Hypothesis], texts: Sequence[str], rescorers: Sequence, configs: Sequence[RescorerConfig]
) -> list[Hypothesis]:
    """Rescore hypotheses and sort them: score + weight * log p(text) + bonus * characters.

    Args:
        hypotheses: List of n `Hypothesis`.
        texts: List of n strings.
        rescorers: Objects with `log_probs`, a function of a list of n texts to float `[n]`: the natural logarithms of
            their probabilities, such as `seqapp.language.rescorer.Rescorer`.
        configs: `RescorerConfig` of each.

    Returns:
        List of n `Hypothesis`, the best first; where two are equal, the search's order stands.
    """
    scores = np.array([hypothesis.score for hypothesis in hypotheses], np.float64)
    lengths = np.array([len(hypothesis.labels) for hypothesis in hypotheses])
    for rescorer, config in zip(rescorers, configs, strict=True):
        scores = scores + config.weight * rescorer.log_probs(texts) + config.bonus * lengths
    order = np.argsort(-scores, kind="stable")
    return [dataclasses.replace(hypotheses[i], score=float(scores[i])) for i in order]


class RememberingRescorer:
    """Asks another rescorer about each text once: a search for weights sees the same texts again and again.

    Args:
        rescorer: Object with `log_probs`.
    """

    def __init__(self, rescorer):
        self._rescorer = rescorer
        self._known = {}

    def log_probs(self, texts: Sequence[str]) -> np.ndarray:
        """Return the other rescorer's log-probabilities, float64 `[n]`."""
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known |= zip(new, self._rescorer.log_probs(new))
        return np.array([self._known[text] for text in texts], np.float64)
