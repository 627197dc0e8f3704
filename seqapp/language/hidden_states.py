"""Hidden states of a language model after every token of a text."""

from pathlib import Path

import numpy as np
import tensorflow as tf

import seqapp.recipe
from seqapp.language.open_model import OpenModel, language_folder, open_model


def activations(opened: OpenModel, num_layers: int, text: str):
    """Compute the states of all recurrent layers, token by token.

    Args:
        opened: `OpenModel`.
        num_layers: How many layers share its states.
        text: What is read, from the beginning of a line.

    Returns:
        layers: List of float32 `[T, H]`, the first state of each layer: of an LSTM its output.
        log_probs: Float32 `[T, V]`, of what comes behind each token.

    Raises:
        ValueError: For a text without tokens.
    """
    ids = opened.vocabulary.encode(text)
    if not len(ids):
        raise ValueError("Expected a text to read. Received: an empty one.")
    outputs = opened.functions["start"](batch_size=tf.constant(1))
    rows = []
    names = [f"state_{i}" for i in range(sum(name.startswith("state_") for name in outputs))]
    firsts = names[:: len(names) // num_layers]
    for token in ids:
        state = {name: outputs[name] for name in names}
        outputs = opened.functions["step"](tokens=tf.constant([[token]], tf.int32), **state)
        rows.append([outputs[name].numpy()[0] for name in (*firsts, "log_probs")])
    *layers, log_probs = (np.stack(column) for column in zip(*rows))
    return layers, log_probs


def remembered(path: str | Path, text: str):
    """Compute the hidden states of all layers of a trained model while it reads a text.

    Args:
        path: A workdir, a SavedModel, or the folder of its versions.
        text: As for `activations`.

    Returns:
        layers, log_probs: As from `activations`.
        symbols: List of T strings, the tokens.
        tokens: `[V]` strings.
        None instead of all where what lies there is no language model.

    Raises:
        ValueError: Where there is no token.
    """
    if (folder := language_folder(path)) is None:
        return None
    opened = open_model(path)
    recipe = seqapp.recipe.load(folder / "recipe.json")
    layers, log_probs = activations(opened, recipe.network.num_layers, text)
    return layers, log_probs, opened.vocabulary.split(text), opened.vocabulary.tokens
