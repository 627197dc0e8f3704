"""One way to use a model, whether it lies in a workdir or in a SavedModel."""

from pathlib import Path

import numpy as np
import tensorflow as tf

import seqapp.recipe
from seqapp.models.to_text import to_text_class
from seqapp.models.workdir import Workdir
from seqapp.senses import sense_of
from seqapp.text import Alphabet


class Transcriber:
    """Reads raw examples: inks, or recordings, as the recipe says.

    Args:
        recognize: Function of keyword arguments, as `InkToText.recognize` or `SpeechToText.recognize`.
        log_probs: Likewise, as `InkToText.log_probs`.
        recipe: `Recipe` of the model.
        alphabet: `Alphabet` of the model.
        name: For reports.
        owner: Whatever holds the variables of the two functions, which do not hold them themselves.
    """

    def __init__(self, recognize, log_probs, recipe, alphabet, name, owner=None):
        self._recognize, self._log_probs, self._owner = recognize, log_probs, owner
        self.recipe, self.alphabet, self.name = recipe, alphabet, name
        self.sense, self._to_text = sense_of(recipe), to_text_class(recipe)

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
            module = to_text_class(recipe)(recognizer, recipe, alphabet)
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

    def transcribe(self, examples, batch_size=32):
        """Read examples in batches of similar length.

        Args:
            examples: List of raw arrays: points float `[N, 4]`, or samples int16 `[N]`.
            batch_size: Examples at once.

        Returns:
            List of `Reading`, in the order of `examples`.
        """
        readings = [None] * len(examples)
        order = np.argsort([len(raw) for raw in examples], kind="stable")
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            found = self._recognize(**self._arguments([examples[i] for i in chosen]))
            found = {name: tensor.numpy() for name, tensor in found.items()}
            for row, i in enumerate(chosen):
                readings[i] = self._to_text.READING.from_outputs(found, row)
        return readings

    def log_probs(self, raw):
        """What the network thinks of one example.

        Returns:
            log_probs: Float32 `[T', K]`, the blank last.
            places: Of ink the frame of each point, int32 `[N]`; of speech the time of each frame, float32 `[T']`.
        """
        found = self._log_probs(**self._arguments([raw]))
        num_frames, places = int(found["num_frames"][0]), found[self._to_text.PLACES][0].numpy()
        return found["log_probs"][0, :num_frames].numpy(), places

    def _arguments(self, examples):
        inputs, lengths = pad(examples, self.sense)
        return {self._to_text.INPUT: inputs, "lengths": lengths}


def pad(examples, sense):
    """Inputs float32 `[B, N, ...]` and lengths int32 `[B]` of a list of raw arrays, zeros behind the shorter ones."""
    lengths = [len(raw) for raw in examples]
    inputs = np.zeros([len(examples), max(lengths, default=0), *sense.raw_shape], np.float32)
    for row, raw in zip(inputs, examples):
        row[: len(raw)] = sense.as_inputs(raw)
    return tf.constant(inputs), tf.constant(lengths, tf.int32)
