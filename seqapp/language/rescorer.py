"""Log-probabilities of n-best texts under a recurrent language model, all texts in one batch."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from seqapp.decoding.config import DecoderConfig
from seqapp.language.corpus.vocabulary import LINE_BREAK, Vocabulary
from seqapp.language.open_model import open_model


class Rescorer:
    """Tells how likely texts are.

    Args:
        log_probs: Function of keyword arguments, as `LanguageModule.log_probs`.
        vocabulary: `Vocabulary`.
        owner: Whatever holds the variables of the function.
    """

    def __init__(self, log_probs: Callable, vocabulary: Vocabulary, owner: object = None):
        self._log_probs = log_probs
        self._vocabulary = vocabulary
        self._owner = owner

    @classmethod
    def load(cls, path: str | Path) -> "Rescorer":
        """Open a language model, as `open_model` does.

        Raises:
            ValueError: Where there is none, or a SavedModel that is too old.
        """
        opened = open_model(path)
        if "log_probs" not in opened.functions:
            raise ValueError(f"{opened.path} has no signature log_probs. Export its workdir again.")
        return cls(opened.functions["log_probs"], opened.vocabulary, opened.owner)

    def log_probs(self, texts: Sequence[str]):
        """Compute the natural logarithm of the probability of each text as a line, its end included.

        Args:
            texts: List of n strings.

        Returns:
            Float64 `[n]`.
        """
        if not texts:
            return np.zeros(0)
        end = self._vocabulary.index[LINE_BREAK]
        lines = [[end, *self._vocabulary.encode(text), end] for text in texts]
        tokens = np.full([len(lines), max(map(len, lines))], end, np.int32)
        for row, line in zip(tokens, lines):
            row[: len(line)] = line
        log_probs = self._log_probs(tokens=tf.constant(tokens))["log_probs"].numpy()
        is_text = np.arange(log_probs.shape[1]) < np.array([[len(line) - 1] for line in lines])
        # Nothing behind a text reaches back into it: the model reads forward.
        return np.where(is_text, log_probs, 0.0).sum(axis=1, dtype=np.float64)


def read_rescorers(config: DecoderConfig) -> list[Rescorer]:
    """Load the rescorers of a `DecoderConfig`.

    Raises:
        ValueError: Where one of them is no language model.
    """
    return [Rescorer.load(rescorer.model) for rescorer in config.rescorers]
