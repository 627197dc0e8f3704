"""N-gram models in bytes: at most 256 different values, chosen by least squares, in each column that a graph looks up.

A graph looks up the cost of a context, all back-offs down to the empty one, and of an n-gram its log-probability
without the cost of its context. A number in a byte stands for each: the model becomes 1.5 bytes an n-gram smaller.
"""

import dataclasses

import numpy as np

from seqapp.decoding.ngram.compact import STEPS
from seqapp.decoding.ngram.model import NGramModel

LEVELS = 250  # the rest is for symbols that share the unknown token's probability, and for the empty context
RARITY = 0.25  # power of how few n-grams of a length there are, by which they count more: each is looked up more often
ROUNDS = 40  # of Lloyd's algorithm; after them no level moves by a step


def back_off_costs(model: NGramModel) -> np.ndarray:
    """Return what backing off from each context to the empty one costs, natural logarithms, float64 `[N]`."""
    costs = model.backoff.astype(np.float64)
    costs[0] = 0.0
    # A suffix has one token less: order by order, those that are added are complete.
    depth = depths(model)
    for order in range(2, model.order + 1):
        nodes = np.flatnonzero(depth == order)
        costs[nodes] += costs[model.suffix[nodes]]
    return costs


def depths(model: NGramModel) -> np.ndarray:
    """Return the number of tokens of each node, int `[N]`; nodes stand order by order."""
    edges = [0, 1]
    while edges[-1] < len(model):
        edges.append(int(model.first_child[edges[-1]]))
    return np.repeat(np.arange(len(edges) - 1), np.diff(edges))


def parents(model: NGramModel) -> np.ndarray:
    """Return the node above each node but the empty context, int64 `[N - 1]`."""
    return np.repeat(np.arange(len(model), dtype=np.int64), np.diff(model.first_child))


def in_bytes(model: NGramModel) -> NGramModel:
    """Return the nearest model of which both columns have few values; all of its logarithms are multiples of 1/64.

    Args:
        model: `NGramModel`. One that has few values already stays as it is.
    """
    parent = parents(model)
    depth = depths(model)
    is_context = depth < model.order
    weights = np.bincount(depth)[depth] ** -RARITY
    costs = back_off_costs(model)
    costs[is_context] = _nearest(costs[is_context], weights[is_context])
    # What the cost of a context is off by, its n-grams make up for.
    of_ngram = _nearest(model.log_prob[1:] - costs[parent], weights[1:])
    log_prob = np.concatenate([[0.0], of_ngram + costs[parent]])
    backoff = np.where(is_context, costs - costs[model.suffix], 0.0)
    return dataclasses.replace(model, log_prob=log_prob.astype(np.float32), backoff=backoff.astype(np.float32))


def _nearest(values, weights):
    """Float64 `[N]` as few multiples of 1/64; the least and the greatest stay, since they may lie far from the rest."""
    steps, where = np.unique(np.round(STEPS * values).astype(np.int64), return_inverse=True)
    if len(steps) > LEVELS:
        counts = np.bincount(where, weights)
        inner = _levels(steps[1:-1], counts[1:-1], LEVELS - 2)
        steps = np.concatenate([steps[:1], inner[_closest(inner, steps[1:-1])], steps[-1:]])
    return steps[where] / STEPS


def _levels(steps, counts, num_levels):
    """Levels, sorted int64, of least squared error: Lloyd's algorithm on a histogram of weights."""
    # Where values are dense, the best levels are as dense as the third root of it (Panter and Dite, 1951).
    mass = np.cumsum(np.cbrt(counts))
    levels = steps[np.searchsorted(mass, (np.arange(num_levels) + 0.5) * mass[-1] / num_levels)].astype(np.float64)
    for _ in range(ROUNDS):
        closest = _closest(levels, steps)
        weight = np.bincount(closest, counts, num_levels)
        means = np.bincount(closest, counts * steps, num_levels) / np.maximum(weight, 1)
        levels = np.sort(np.where(weight > 0, means, levels))
    return np.unique(np.round(levels).astype(np.int64))


def _closest(levels, values):
    return np.searchsorted((levels[1:] + levels[:-1]) / 2, values)
