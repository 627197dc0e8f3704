"""Whole model workload: raw input to text, one row and eight, as today's code exports a model and as it was saved."""

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf

from seqapp.datasets.ink.synthetic_ink.examples import example
from seqapp.models.model_folder import ModelFolder
from seqapp.models.recognizer import Recognizer
from seqapp.models.starting_point import StartingPoint
from seqapp.models.to_text.to_text_class import to_text_class

AXES = "B, points or samples"
ROWS = (1, 8)
AS_SAVED = ", as saved"  # the graph of whatever code exported the model
SPEECH_S = 5
MODELS = ("an4", "unipen")


def work(folder: str | Path) -> dict[str, Callable]:
    """Name to a function that builds `(shape, forward, None)`, for each of MODELS that the folder holds.

    Raises:
        ValueError: It holds none of them.
    """
    paths = {name: Path(folder) / name for name in MODELS if (Path(folder) / name).is_dir()}
    if not paths:
        raise ValueError(f"Expected one of the models {', '.join(MODELS)} in {folder}. Received: a folder with none.")
    work = {}
    for name, path in paths.items():
        for rows in ROWS:
            work[f"{name}, B={rows}"] = functools.partial(_run, _exported_today, path, rows)
            work[f"{name}, B={rows}{AS_SAVED}"] = functools.partial(_run, _saved, path, rows)
    return work


def _run(open_model, path, rows):
    recipe = ModelFolder.find(path).recipe
    raw = raw_input(recipe)
    # Held by what runs it: a signature does not hold the variables.
    holder, recognize = open_model(path)
    batch = tf.constant(np.repeat(raw[np.newaxis], rows, axis=0))
    inputs = {to_text_class(recipe).INPUT: batch, "lengths": tf.fill([rows], len(raw))}

    def forward(holder=holder):
        return [tensor.numpy() for tensor in recognize(**inputs).values()]

    return [rows, len(raw)], forward, None


def raw_input(recipe) -> np.ndarray:
    """Return one example of the size that is timed: some seconds of noise, or a synthetic line of ink."""
    if recipe.features.sense == "ink":
        return example("train", 0).points.astype(np.float32)
    num_samples = SPEECH_S * recipe.features.sample_rate_hz
    return np.random.default_rng(0).normal(scale=0.1, size=num_samples).astype(np.float32)


def _saved(path):
    graph = ModelFolder.find(path).load_graph()
    return graph, graph.signatures["greedy" if "greedy" in graph.signatures else "serving_default"]


@functools.cache
def _exported_today(path):
    """Return the module that an export of the same weights would write, and its function."""
    start = StartingPoint.load(path)
    recognizer = Recognizer.from_recipe(start.recipe, start.alphabet)
    start.apply(recognizer, start.alphabet)
    confidence = ModelFolder.find(path).confidence
    module = to_text_class(start.recipe)(recognizer, start.recipe, start.alphabet, confidence)
    specs = {spec.name: spec for spec in module.recognize.input_signature}
    return module, tf.function(module.recognize, autograph=False).get_concrete_function(**specs)
