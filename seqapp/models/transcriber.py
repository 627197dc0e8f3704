"""One way to use a model, whether it lies in a workdir or in a SavedModel."""

import dataclasses
from pathlib import Path

import numpy as np
import tensorflow as tf

import seqapp.recipe
from seqapp.models.ink_to_text import InkToText
from seqapp.models.workdir import Workdir
from seqapp.text import Alphabet


@dataclasses.dataclass(frozen=True)
class Reading:
    """What a model read in one ink.

    Attributes:
        text: The hypothesis.
        confidence: In [0, 1], geometric mean over the characters.
        char_frames: Frame of `log_probs` of each character.
        char_points: Point of the ink being written when each character is recognised.
        char_confidences: Probability of each character.
    """

    text: str
    confidence: float
    char_frames: tuple[int, ...]
    char_points: tuple[int, ...]
    char_confidences: tuple[float, ...]


class Transcriber:
    """Reads inks.

    Args:
        recognize: Function of keyword arguments points and lengths, as `InkToText.recognize`.
        log_probs: Likewise, as `InkToText.log_probs`.
        recipe: `Recipe` of the model.
        alphabet: `Alphabet` of the model.
        name: For reports.
        owner: Whatever holds the variables of the two functions, which do not hold them themselves.
    """

    def __init__(self, recognize, log_probs, recipe, alphabet, name, owner=None):
        self._recognize, self._log_probs, self._owner = recognize, log_probs, owner
        self.recipe, self.alphabet, self.name = recipe, alphabet, name

    @classmethod
    def load(cls, path):
        """Open a workdir, a SavedModel, or the folder of its versions (the newest is taken).

        Raises:
            ValueError: Where there is none of these.
        """
        path = Path(path)
        versions = sorted((p for p in path.glob("*") if p.name.isdigit()), key=lambda p: int(p.name))
        if versions and not (path / "saved_model.pb").is_file():
            path = versions[-1]
        if (path / "saved_model.pb").is_file():
            return cls._from_saved_model(path)
        if (path / "recipe.json").is_file():
            recognizer, recipe, alphabet = Workdir(path).load_model()
            module = InkToText(recognizer, recipe, alphabet)
            return cls(module.recognize, module.log_probs, recipe, alphabet, path.name, owner=module)
        raise ValueError(
            f"No model at {path}. Expected the workdir of a training (recipe.json, best.weights.h5) or a SavedModel "
            "(saved_model.pb), or a folder of its versions 1, 2, ..."
        )

    @classmethod
    def _from_saved_model(cls, path):
        loaded = tf.saved_model.load(str(path))
        extra = path / "assets.extra"
        recipe = seqapp.recipe.load(extra / "recipe.json")
        alphabet = Alphabet.load(extra / "alphabet.txt")
        signatures, name = loaded.signatures, f"{path.parent.name}/{path.name}"
        return cls(signatures["serving_default"], signatures["log_probs"], recipe, alphabet, name, owner=loaded)

    def transcribe(self, inks, batch_size=32):
        """Read inks in batches of similar length.

        Args:
            inks: List of float `[N, 4]` arrays.
            batch_size: Inks at once.

        Returns:
            List of `Reading`, in the order of `inks`.
        """
        readings = [None] * len(inks)
        order = np.argsort([len(points) for points in inks], kind="stable")
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            found = self._recognize(**pad([inks[i] for i in chosen]))
            found = {name: tensor.numpy() for name, tensor in found.items()}
            for row, i in enumerate(chosen):
                readings[i] = _reading(found, row)
        return readings

    def log_probs(self, points):
        """Log-probabilities float `[T', K]` of one ink `[N, 4]` and the frame of each point, int `[N]`."""
        found = self._log_probs(**pad([points]))
        num_frames = int(found["num_frames"][0])
        return found["log_probs"][0, :num_frames].numpy(), found["frame_of_point"][0, : len(points)].numpy()


def pad(inks):
    """Arguments points `[B, N, 4]` and lengths `[B]` of a list of `[n, 4]` arrays, zeros behind the shorter ones."""
    lengths = [len(points) for points in inks]
    points = np.zeros([len(inks), max(lengths, default=0), 4], np.float32)
    for row, ink in zip(points, inks):
        row[: len(ink)] = ink
    return {"points": tf.constant(points), "lengths": tf.constant(lengths, tf.int32)}


def _reading(found, row):
    count = found["num_characters"][row]
    return Reading(
        text=found["text"][row].decode("utf-8"),
        confidence=float(found["confidence"][row]),
        char_frames=tuple(found["char_frames"][row, :count].tolist()),
        char_points=tuple(found["char_points"][row, :count].tolist()),
        char_confidences=tuple(found["char_confidences"][row, :count].tolist()),
    )
