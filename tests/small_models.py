"""An untrained model as small as they come, that still writes texts, and inks for it to read."""

import keras
import numpy as np

import seqapp.recipe
from seqapp.models import Recognizer, Workdir
from seqapp.recipe import EncoderConfig, InkConfig, Recipe
from seqapp.text import Alphabet

ALPHABET = Alphabet((" ", "a", "é", "𝄞", "ch"))  # one to four bytes, and a symbol of two characters
FACTS = {"step": 3, "cer": 0.25, "wer": 0.5, "core_minutes": 1.5}


def small_recipe(kind="points", **encoder):
    # execution=loop: of few operations, where tracing a scan takes longer than running it.
    small = {"units": 6, "num_layers": 1, "stem_kernel": 3, "stem_strides": (2, 2), "dropout": 0.0, "execution": "loop"}
    encoder = small | encoder
    return Recipe(features=InkConfig(kind=kind, height="spread", include_y=True), encoder=EncoderConfig(**encoder))


def small_recognizer(recipe):
    """Random weights; these, of a dozen tried, read several symbols, repeats and blanks in both kinds of features."""
    keras.utils.set_random_seed(0)
    recognizer = Recognizer.from_recipe(recipe, ALPHABET)
    rng = np.random.default_rng(9)
    for variable in recognizer.trainable_variables:
        variable.assign(variable + rng.normal(scale=0.8, size=variable.shape))
    recognizer.logits.bias.assign(np.zeros(ALPHABET.num_classes))
    return recognizer


def write_workdir(path, recipe):
    """What a training leaves behind of it, as far as a model needs it."""
    workdir = Workdir(path)
    workdir.path.mkdir(parents=True, exist_ok=True)
    workdir.recipe.write_text(seqapp.recipe.to_json(recipe), encoding="utf-8")
    ALPHABET.save(workdir.alphabet)
    workdir.save_best(small_recognizer(recipe), FACTS)
    return workdir


def scribble(num_points, num_strokes=3, seed=0):
    """Float32 `[N, 4]`: loops from left to right, lifted now and then, 10 ms a point."""
    rng = np.random.default_rng(seed)
    phase = np.linspace(0, 0.3 * num_points, num_points)
    points = np.column_stack([phase + np.sin(phase), np.cos(phase), 0.01 * np.arange(num_points), np.zeros(num_points)])
    points[:, :2] += rng.normal(scale=0.1, size=(num_points, 2))
    points[np.linspace(0, num_points - 1, num_strokes + 1).astype(int)[1:], 3] = 1.0
    return points.astype(np.float32)
