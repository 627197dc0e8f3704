"""Sense: the interface of one kind of input (what the literature calls a modality), and the facts that differ by it."""

import abc
import functools
from collections.abc import Iterator

import numpy as np
import tensorflow as tf


class Sense(abc.ABC):
    """One kind of input, with the configs of one recipe.

    Args:
        config: Of the features, such as `seqapp.recipe.LogMelConfig`.
        augmentation: Of the same sense, such as `seqapp.recipe.SpeechAugmentationConfig`.

    Attributes:
        name: Of the sense, in the graph of a model and in logs.
        raw_key: Key of the raw array in the examples of a corpus.
        group_key: Key of who made it (hashed): what the intervals of an evaluation resample.
        group: That key in words.
        unit: What one example is, in words.
        raw_dtype: NumPy name of the raw array's type in memory.
        raw_shape: Its shape behind the first axis.
        is_normalized: Whether the model keeps mean and scale of the training features.
        longest_row: Most examples that `join` makes one of; 1: none.
        config_class: Class of the config of its features.
        raw_full_scale: What 1.0 in the graph is in the raw array, where that holds integers.
        plural: Many inputs, in words.
        can_stream: Whether a forward model can read it while it arrives.
        has_times: Whether words have times: subtitles can be made.
    """

    name: str
    raw_key: str
    group_key: str
    group: str
    unit: str = "line"
    raw_dtype: str
    raw_shape: tuple[int, ...]
    is_normalized: bool
    longest_row: int = 1
    config_class: type
    raw_full_scale: float = 1.0
    plural: str
    can_stream: bool = False
    has_times: bool = False

    def __init__(self, config, augmentation):
        self.config, self.augmentation = config, augmentation

    @property
    @abc.abstractmethod
    def num_features(self) -> int:
        """Size F of a feature frame."""

    @abc.abstractmethod
    def read_files(self, path, skipped) -> Iterator:
        """Read whatever files of this sense a user has.

        Args:
            path: A file, folder or archive.
            skipped: `seqapp.datasets.skipped.Skipped`; receives what cannot be used.

        Yields:
            `Ink`, `Audio` or `LineImage`.

        Raises:
            ValueError: There is nothing of this sense, or a single file is broken.
        """

    def read_files_of_any_length(self, path, skipped) -> Iterator:
        """Read files to be transcribed; as `read_files`, with recordings that are read in pieces, and pages in lines.

        Yields:
            As `read_files`; of audio that is too long for the model, the samples are a
            `seqapp.datasets.speech.long_waveform.LongWaveform`; of the picture of a whole page, the columns are a
            `seqapp.datasets.image.page_picture.PagePicture`.
        """
        return self.read_files(path, skipped)

    def single_lines(self, items: Iterator) -> Iterator:
        """Divide what was read, for a model that reads a line at a time, where an input may be of several lines."""
        return items

    @abc.abstractmethod
    def from_memory(self, example, sample_rate_hz: int | None = None, keeps_long: bool = True) -> np.ndarray:
        """Convert an example that a program holds, whatever its layout, to a raw array, as a file of it would be read
        by `read_files_of_any_length`.

        Args:
            example: An array; of ink also a sequence of strokes.
            sample_rate_hz: Of audio; None: 16,000. Of anything else it is ignored.
            keeps_long: Whether recordings of any length and whole pages are kept, to be read piece by piece.

        Raises:
            ValueError: Another layout, or nothing usable.
        """

    def is_batch(self, examples) -> bool:
        """Return whether this is a list of examples, as `from_memory` takes them, and not one example."""
        return isinstance(examples, list | tuple) and (not examples or np.ndim(examples[0]) > 0)

    @abc.abstractmethod
    def made_up(self, num_frames: int) -> np.ndarray:
        """Make up an input with about so many frames, as the graph takes it: float32 `[N, *raw_shape]`."""

    @abc.abstractmethod
    def fault(self, raw) -> str | None:
        """Why a raw NumPy array cannot be used, or None."""

    def doubt(self, texts) -> str | None:
        """What about the labels of a corpus is at odds with the config, and what to do about it; or None."""
        return None

    @staticmethod
    def page_of(id) -> str:
        """The page that an example is on, told by its id; "" where there are no pages."""
        return ""

    @abc.abstractmethod
    def features(self, inputs):
        """Features float32 `[T, F]` of one input float32 `[N, *raw_shape]`: TensorFlow operations."""

    def augment(self, inputs, seed):
        """One training input distorted: float32 `[M, *raw_shape]`. seed: int `[2]`, stateless."""
        return inputs

    def augment_features(self, features, seed, fill):
        """The features of one training input distorted: float32 `[T, F]`.

        Args:
            features: Float32 `[T, F]`.
            seed: Int `[2]`, stateless.
            fill: Float32 `[F]` or `[]`: what a masked feature becomes, the mean of the training features.
        """
        return features

    def join(self, inputs_a, text_a, inputs_b, text_b, seed):
        """Two inputs one after the other, and their texts; needed where `longest_row` is above 1."""
        raise NotImplementedError(f"{self.name} has no way to join examples.")

    def num_frames(self, inputs):
        """Int32 [], frames of `features`; without computing these where that is possible."""
        return tf.shape(self.feature_graph(inputs))[0]

    @staticmethod
    def as_inputs(raw):
        """A raw array as the graph takes it: float32 of the same shape."""
        return tf.cast(raw, tf.float32)

    @classmethod
    def as_array(cls, raw) -> np.ndarray:
        """Convert a raw array for a batch: `as_inputs` in NumPy, float32 of the same shape.

        Raises:
            ValueError: Integers of another type, whose full scale nobody knows.
        """
        raw = np.asarray(raw)
        if raw.dtype == cls.raw_dtype:
            return raw.astype(np.float32) / np.float32(cls.raw_full_scale)
        if raw.dtype.kind == "f" or cls.raw_dtype == "float32":
            return raw.astype(np.float32)
        raise ValueError(
            f"{cls.name}: expected {cls.raw_dtype}, or float with full scale 1. Received: {raw.dtype.name}."
        )

    @functools.cached_property
    def feature_graph(self):
        """`features` as a function traced once; survey, training and evaluation would each trace it again."""
        signature = [tf.TensorSpec([None, *self.raw_shape], tf.float32)]
        return tf.function(self.features, input_signature=signature, autograph=False)
