"""Transcriber protocol: raw examples of one sense to Readings, by a model here or on a server."""

import abc
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.models.reading import Reading
from seqapp.models.transcriber.endpointing import NEVER, Endpointing
from seqapp.recipe import Recipe
from seqapp.senses import Sense
from seqapp.text import Alphabet


class Transcriber(abc.ABC):
    """A trained model that reads raw examples.

    What a kind of transcriber cannot do it says in a ValueError, which names the way out.

    Attributes:
        name: For reports and errors.
        sense: `Sense` of its input.
        recipe: `Recipe`; None where the model does not tell it.
        alphabet: `Alphabet`; None where the model does not tell it.
        fitted_confidence: `ReadingConfidence`; None where the model has none, or does not tell it.
        reads_notes: Whether the model reads ink of several lines; else files are divided before.
    """

    name: str
    sense: Sense
    recipe: Recipe | None = None
    alphabet: Alphabet | None = None
    fitted_confidence: ReadingConfidence | None = None
    reads_notes: bool = True

    @classmethod
    def load(cls, path: str | Path) -> "Transcriber":
        """Open a workdir, a SavedModel, or the folder of its versions (the newest), to decode as its graph does.

        Raises:
            ValueError: Where there is none of these.
        """
        from seqapp.models.transcriber.local_transcriber import load  # late: it is a subclass of this class

        return load(path)

    @abc.abstractmethod
    def transcribe(self, examples: Sequence[np.ndarray], batch_size: int = 32) -> list[Reading]:
        """Read examples.

        Args:
            examples: Raw arrays of the sense: points float `[N, 4]`, samples int16 `[N]`, columns uint8 `[W, 64]`.
            batch_size: Examples at once.

        Returns:
            One `Reading` per example, in their order.
        """

    def posteriors(self, examples: Sequence[np.ndarray], batch_size: int = 32) -> Iterator:
        """Compute the network's log-probabilities of examples, short ones first.

        Args:
            examples: As for `transcribe`.
            batch_size: Examples at once.

        Yields:
            index: Of the example.
            log_probs: Float32 `[T', K]`, the blank last.
            places: Of ink the frame of each point, int32 `[N]`; of speech the time of each frame, float32 `[T']`; of
                images the column in the middle of each frame, float32 `[T']`.

        Raises:
            ValueError: This transcriber gives texts only.
        """
        raise ValueError(f"{self.name} gives texts only, and no posteriors. Open a model on this machine instead.")

    def log_probs(self, raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Compute the network's log-probabilities of one example: log_probs and places, as `posteriors` yields them."""
        ((_, log_probs, places),) = self.posteriors([raw])
        return log_probs, places

    def stream(self, endpointing: Endpointing = NEVER):
        """Begin a stream of audio, to be heard while it is spoken; any number of them, each with a state of its own.

        Args:
            endpointing: `Endpointing`; by default the whole stream is one utterance.

        Returns:
            `StreamingTranscriber`.

        Raises:
            ValueError: Where the model cannot hear a stream.
        """
        raise ValueError(f"{self.name} cannot stream. Open a model of speech on this machine instead.")
