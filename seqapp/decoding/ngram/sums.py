"""Sanity check of n-gram models: in every context the probabilities of all tokens must sum to one."""

import logging
from pathlib import Path

import numpy as np

from seqapp.decoding.ngram.model import BEGIN, NGramModel

log = logging.getLogger(__name__)

TOLERANCE = 0.01  # ARPA files keep five to seven digits of each of many thousand probabilities


def probability_sum(model: NGramModel, node: int) -> float:
    """Sum p(token | node) over all tokens but the begin of a sentence."""
    log_probs = np.full(len(model.tokens), -np.inf)
    backoff = 0.0
    while True:
        children = slice(model.first_child[node], model.first_child[node + 1])
        places = model.token[children]
        new = np.isneginf(log_probs[places])
        log_probs[places[new]] = backoff + model.log_prob[children][new]
        if node == 0:
            break
        backoff = backoff + float(model.backoff[node])
        node = int(model.suffix[node])
    predicted = [i for i, token in enumerate(model.tokens) if token != BEGIN]
    return float(np.exp(log_probs[predicted]).sum())


def check_sums(model: NGramModel, name: str | Path, num_contexts: int = 20, seed: int = 0) -> None:
    """Refuse what is no probability model: two of the public estimators write such files.

    Args:
        model: `NGramModel`.
        name: Names it in the error.
        num_contexts: How many contexts are looked at: the empty one, and others at random.
        seed: Of the choice.

    Raises:
        ValueError: If a sum is off by more than TOLERANCE.
    """
    if wrong := _wrong_sums(model, num_contexts, seed):
        context, total = wrong[0]
        raise ValueError(
            f"{name} is no probability model: after {context!r} its probabilities sum to {total:.3f}, not to 1. "
            "Estimate it anew, with pipelines/language_model.py, lmplz or IRSTLM."
        )


def review_sums(model: NGramModel, name: str | Path, num_contexts: int = 20, seed: int = 0) -> None:
    """Refuse what is no probability model at all, and warn of sums that are off in a way that models in use have.

    Args:
        model, name, num_contexts, seed: As for `check_sums`.

    Raises:
        ValueError: If the probabilities of all tokens, without context, sum to more than one.
    """
    if probability_sum(model, 0) > 1 + TOLERANCE:
        check_sums(model, name, num_contexts, seed)
    if wrong := _wrong_sums(model, num_contexts, seed):
        context, total = wrong[0]
        log.warning(
            "%s: in %d context(s) of those looked at, such as %r, its probabilities do not sum to 1 but to %.3f: it is "
            "read as it stands", name, len(wrong), context, total,
        )  # fmt: skip


def _wrong_sums(model, num_contexts, seed):
    """Return (context, sum) of contexts whose sum is off by more than TOLERANCE."""
    contexts = np.flatnonzero(np.diff(model.first_child))
    sample = np.random.default_rng(seed).permutation(contexts)[:num_contexts]
    wrong = []
    for node in dict.fromkeys([0, *sample.tolist()]):
        total = probability_sum(model, int(node))
        if not abs(total - 1.0) <= TOLERANCE:
            wrong.append((" ".join(model.tokens[t] for t in _tokens_of(model, int(node))) or "no context", total))
    return wrong


def _tokens_of(model, node):
    """Walk from a node to the root by parents (a suffix would keep the last token): its tokens, the first one first."""
    tokens = []
    while node:
        tokens.append(int(model.token[node]))
        node = int(np.searchsorted(model.first_child, node, side="right")) - 1
    return tokens[::-1]
