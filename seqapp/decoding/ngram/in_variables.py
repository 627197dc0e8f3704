"""N-gram models that stand in the variables of a SavedModel, which need no second file of megabytes beside it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

# Of the module that holds them, `seqapp.models.context.character_ngram.CharacterNGram`.
KEYS, LOG_PROBS, COSTS = "_keys", "_log_probs", "_costs"
CODES, VALUES = "_codes", "_values"


def read_columns(
    path: str | Path, num_tokens: int, unknown: int, share: float, suffixes: Callable[..., np.ndarray]
) -> dict[str, np.ndarray]:
    """Read what a compact file holds of an n-gram model that is in a graph.

    Args:
        path: Of the file beside the graph, in a folder of the SavedModel.
        num_tokens: V.
        unknown: Number of the unknown token, -1 for none.
        share: What was taken off its log-probabilities, since several symbols share them.
        suffixes: Function of token `[N]`, first_child `[N + 1]` and V: the node without its first token, of all nodes.

    Returns:
        token, num_children, log_prob and backoff; the last two natural logarithms, float64.
    """
    variable = _reader(Path(path).resolve().parents[1] / "variables" / "variables")
    keys = variable(KEYS)[0, 1:-1].astype(np.int64)  # without those that stand before and behind all
    parent, token = np.divmod(keys, num_tokens)
    parent = np.maximum(parent, 0)  # the empty context is -1 there
    num_children = np.bincount(parent, minlength=len(keys) + 1)
    costs = np.zeros(len(keys) + 1)
    known = variable(COSTS, VALUES)[variable(COSTS, CODES)]
    costs[: len(known)] = known
    log_prob = variable(LOG_PROBS, VALUES)[variable(LOG_PROBS, CODES)]
    log_prob[1:] += costs[parent] + share * (token == unknown)
    log_prob[0] = 0.0
    token_of_node = np.concatenate([[-1], token])
    suffix = suffixes(token_of_node, np.concatenate([[1], 1 + np.cumsum(num_children)]), num_tokens)
    backoff = np.where(np.arange(len(costs)) < len(known), costs - costs[suffix], 0.0)
    return {"token": token, "num_children": num_children, "log_prob": log_prob, "backoff": backoff}


def _reader(prefix):
    """Return a function that reads a variable by the names of the attributes that lead to it."""
    import tensorflow as tf  # here alone: the room does without it

    reader = tf.train.load_checkpoint(str(prefix))
    names = list(reader.get_variable_to_shape_map())

    def variable(*attributes):
        end = "".join(f"/{attribute}" for attribute in attributes) + "/.ATTRIBUTES/VARIABLE_VALUE"
        (name,) = (name for name in names if name.endswith(end))
        return reader.get_tensor(name)

    return variable
