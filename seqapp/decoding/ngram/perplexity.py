"""Perplexity and log-probability of a text under an n-gram language model."""

import math
from collections.abc import Iterable

from seqapp.decoding.ngram.model import END, NGramModel


def log_prob(model: NGramModel, sentence: Iterable[str]) -> float:
    """Return the natural logarithm of the probability of one sentence, its end included.

    Args:
        model: `NGramModel`.
        sentence: Sequence of tokens; those that the model does not know count as the unknown one.
    """
    node = model.begin
    total = 0.0
    for token in [*map(model.number, sentence), model.number(END)]:
        total += model.score(node, token)
        node = model.advance(node, token)
    return total


def perplexity(model: NGramModel, sentences: Iterable[Iterable[str]]) -> float:
    """Compute the perplexity per token, the ends of sentences counted as tokens.

    Raises:
        ValueError: For no sentence at all.
    """
    sentences = [list(sentence) for sentence in sentences]
    if not sentences:
        raise ValueError("Expected sentences to measure a perplexity on. Received: none.")
    count = sum(len(sentence) + 1 for sentence in sentences)
    return math.exp(-sum(log_prob(model, sentence) for sentence in sentences) / count)
