"""Hidden states of a recogniser from a workdir or a SavedModel, while one example is read."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.hidden_states.states import BLANK, Memory, likeliest, that_vary
from seqapp.input_pipeline.read import read_inputs
from seqapp.models import StartingPoint, Transcriber
from seqapp.models.recognizer import Recognizer

SILENCE_SHARE = 0.25  # of the way from the softest to the loudest frame: what lies below is silence


def recognizer_memory(path: str | Path, example: str | Path) -> Memory:
    """Compute the hidden states of a recogniser while it reads an example.

    Args:
        path: A workdir, a SavedModel, or the folder of its versions.
        example: A file, folder or archive; its first usable example is read.

    Raises:
        ValueError: Where there is no model, or nothing usable.
    """
    transcriber = Transcriber.load(path)
    recognizer = _recognizer(path)
    sense = transcriber.sense
    examples = read_inputs([example], sense, Skipped(), single_lines=True)
    if not len(examples):
        raise ValueError(f"{example} holds nothing usable. pipelines/transcribe.py names what is wrong with it.")
    raw = examples.raw_of(0)
    log_probs, places = transcriber.log_probs(raw)
    (reading,) = transcriber.transcribe([raw])
    features = sense.features(sense.as_inputs(raw)).numpy()
    layers = [_stretched(layer, len(log_probs)) for layer in layer_outputs(recognizer, features)]
    symbols = [""] * len(log_probs)
    names = [*transcriber.alphabet.symbols, BLANK]
    for frame, symbol in zip(reading.char_frames, transcriber.alphabet.split(reading.text)):
        symbols[frame] = symbol
    marks = {"gaps between words": _gaps(symbols)}
    if sense.name == "ink":
        marks = {"pen-ups": np.bincount(places[raw[:, 3] > 0.5], minlength=len(symbols))[: len(symbols)]} | marks
    if sense.name == "speech":
        marks = {"silence": _silence(_stretched(features, len(symbols)))} | marks
    model_input = raw if sense.name == "ink" else features
    places = places if sense.name == "ink" else None
    outputs = likeliest(log_probs, names)
    both = transcriber.recipe.encoder.bidirectional
    return Memory(layers, that_vary(marks), symbols, outputs, sense.name, model_input, places, transcriber.name, both)


def layer_outputs(recognizer, features):
    """Compute the outputs of every recurrent layer, forward in time: list of float32 `[T', H]`.

    Args:
        recognizer: `Recognizer`.
        features: Float `[T, F]`.
    """
    x = recognizer.normalize(tf.constant(features[np.newaxis]))
    lengths = tf.constant([len(features)])
    outputs = []
    encoder = recognizer.encoder
    for stage in encoder._stages():
        if stage in encoder.blocks:
            layer = getattr(stage.recurrent, "forward", stage.recurrent)
            outputs.append(layer.run(stage.normalization(x))[0][0].numpy())
        x = stage(x, lengths)
        lengths = stage.output_length(lengths)
    return outputs


def _recognizer(path):
    """Load the network itself: a SavedModel gives its answers only, but holds all weights."""
    point = StartingPoint.load(path)
    recognizer = Recognizer.from_recipe(point.recipe, point.alphabet)
    for variable, value in zip(recognizer.variables, point.weights, strict=True):
        variable.assign(value)
    return recognizer


def _stretched(rows, length):
    """Stretch rows `[S, ...]` to `length` steps: blocks behind a stride have fewer frames, features more."""
    return rows[np.arange(length) * len(rows) // max(1, length)]


def _gaps(symbols):
    """Return 1 where a space is emitted, and one step before and behind."""
    is_space = np.array([symbol.isspace() for symbol in symbols], np.float64)
    return np.convolve(is_space, np.ones(3))[1:-1].clip(max=1.0)


def _silence(features):
    loudness = features.mean(axis=1)
    low, high = np.quantile(loudness, (0.02, 0.98))
    return loudness < low + SILENCE_SHARE * (high - low)
