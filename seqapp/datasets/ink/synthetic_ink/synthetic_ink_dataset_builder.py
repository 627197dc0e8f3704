"""TFDS builder of `synthetic_ink`: the corpus that is always there, for demos, tests and pre-training."""

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.ink_builder import InkBuilder
from seqapp.datasets.ink.synthetic_ink.examples import example


@dataclasses.dataclass
class SyntheticInkConfig(tfds.core.BuilderConfig):
    """Size and text of a synthetic corpus; give other sizes another name: it names their folder on disk."""

    max_words: int = 4  # most words in a text
    num_train: int = 6_000  # examples; ten by each writer
    num_validation: int = 300  # examples, at most 10,000
    num_test: int = 400  # examples, at most 10,000


class Builder(InkBuilder):
    """Connected handwriting of English words and phrases, generated from seeds: nothing is downloaded."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    BUILDER_CONFIGS = [
        SyntheticInkConfig(name="phrases", description="Texts of 1-4 words, up to 28 characters."),
        SyntheticInkConfig(name="words", description="Single words and numbers.", max_words=1),
    ]

    def inks(self, manual_dir: None, cache_dir: Path) -> dict[str, Iterable[Ink]]:
        """Generate as many examples of each split as the config asks for."""
        config = self.builder_config
        counts = {"train": config.num_train, "validation": config.num_validation, "test": config.num_test}
        return {split: self._examples(split, count) for split, count in counts.items()}

    def _examples(self, split: str, count: int) -> Iterator[Ink]:
        return (example(split, index, self.builder_config.max_words) for index in range(count))
