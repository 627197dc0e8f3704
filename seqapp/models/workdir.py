"""Workdir: the files of a training run, and the model that they hold."""

import dataclasses
import json
import math
import os
import shutil
from pathlib import Path

import seqapp.recipe
from seqapp.models.model_folder import ALPHABET, CONFIDENCE, RECIPE
from seqapp.models.recognizer import Recognizer
from seqapp.recipe import Recipe
from seqapp.text import Alphabet


@dataclasses.dataclass(frozen=True)
class Workdir:
    """Where a run keeps what.

        recipe.json         the resolved recipe
        alphabet.txt        the model's symbols, one a line
        skipped.json        examples left out: by split, their counts by reason, and each with its id and reason
        metrics.csv         one row an evaluation or log interval
        checkpoints/        the newest states of the whole training
        best.weights.h5     weights of the best evaluation so far (averaged, where the recipe averages)
        best.json           its step and error rates
        confidence.json     what makes the confidence of its readings a probability, fitted after the last step
        fine_tuning.json    where it began with another model: its name, what was taken, scores before and after
        tensorboard/        event files
        train.log           what the log said, run after run

    Args:
        path: The folder.
    """

    path: Path

    def __post_init__(self):
        object.__setattr__(self, "path", Path(self.path))

    @property
    def recipe(self):
        return self.path / RECIPE

    @property
    def alphabet(self):
        return self.path / ALPHABET

    @property
    def skipped(self):
        return self.path / "skipped.json"

    @property
    def metrics(self):
        return self.path / "metrics.csv"

    @property
    def checkpoints(self):
        return self.path / "checkpoints"

    @property
    def best_weights(self):
        return self.path / "best.weights.h5"

    @property
    def best(self):
        return self.path / "best.json"

    @property
    def confidence(self):
        return self.path / CONFIDENCE

    @property
    def fine_tuning(self):
        return self.path / "fine_tuning.json"

    @property
    def tensorboard(self):
        return self.path / "tensorboard"

    def save_best(self, model, facts):
        """Replace the best weights in one step, so that a kill leaves the old or the new ones, never half.

        Raises:
            OSError: Where the disk is full; the old ones stay.
        """
        # HDF5 crashes the whole process on a full disk. It adds less than 4 kB a variable to the float32 values.
        needed = sum(4 * math.prod(variable.shape) + 4096 for variable in model.variables)
        if shutil.disk_usage(self.path).free < needed:
            raise OSError(
                f"The best weights could not be written to {self.path}: No space left on device, {needed:,} bytes are "
                "needed. Free some and run the same command again: it resumes at the last checkpoint."
            )
        unfinished = self.path / "unfinished.weights.h5"
        model.save_weights(unfinished)
        self.confidence.unlink(missing_ok=True)  # fitted to the weights that go
        os.replace(unfinished, self.best_weights)
        write_whole(self.best, json.dumps(facts, indent=2) + "\n")

    def load_recipe(self) -> Recipe:
        if not self.recipe.is_file():
            raise ValueError(f"{self.path} is not a workdir: it has no recipe.json. Expected the folder of a training.")
        return seqapp.recipe.load(self.recipe)

    def load_model(self):
        """The recognizer with its best weights.

        Returns:
            recognizer: `Recognizer`.
            recipe: `Recipe`.
            alphabet: `Alphabet`.

        Raises:
            ValueError: Where no evaluation has stored weights yet.
        """
        recipe, alphabet = self.load_recipe(), Alphabet.load(self.alphabet)
        if not self.best_weights.is_file():
            raise ValueError(
                f"{self.path} holds no best.weights.h5 yet. Let the training reach its first evaluation "
                f"(training.evaluate_every = {recipe.training.evaluate_every} steps), or train anew with a smaller one."
            )
        recognizer = Recognizer.from_recipe(recipe, alphabet)
        recognizer.load_weights(self.best_weights)
        return recognizer, recipe, alphabet


def write_whole(path, text):
    """Write a small file so that a reader, or a kill, never sees half of it."""
    unfinished = Path(f"{path}.unfinished")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)
