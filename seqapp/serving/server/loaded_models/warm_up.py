"""Warm-up of models: the first call of a signature plans its graph, which takes a second."""

import logging

import tensorflow as tf

log = logging.getLogger(__name__)

LATER = ("log_probs", "beam", "score_text", "greedy")  # asked by those who study a model, and these have a second


def warm_up(model) -> None:
    """Call the signatures of a model once, with the smallest inputs that they take, before somebody waits for it.

    Args:
        model: `Model`.
    """
    for name, signature in model.signatures.items():
        if name in LATER:
            continue
        try:
            signature(signature.example())
        except tf.errors.InvalidArgumentError as error:  # nothing is no picture: the graph was planned all the same
            log.debug("%s/%d %s: %s", model.name, model.version, name, error.message)
