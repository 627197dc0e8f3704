"""TFDS builder of `synthetic_ink`: the corpus that is always there, for demos, tests and pre-training."""

import dataclasses

import numpy as np
import tensorflow_datasets as tfds

from seqapp.datasets.synthetic_ink.examples import example


@dataclasses.dataclass
class SyntheticInkConfig(tfds.core.BuilderConfig):
    """Size and text of a synthetic corpus; give other sizes another name: it names their folder on disk."""

    max_words: int = 4  # most words in a text
    num_train: int = 6_000  # examples; ten by each writer
    num_validation: int = 300  # examples, at most 10,000
    num_test: int = 400  # examples, at most 10,000


class Builder(tfds.core.GeneratorBasedBuilder):
    """Connected handwriting of English words and phrases, generated from seeds: nothing is downloaded."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    BUILDER_CONFIGS = [
        SyntheticInkConfig(name="phrases", description="Texts of 1-4 words, up to 28 characters."),
        SyntheticInkConfig(name="words", description="Single words and numbers.", max_words=1),
    ]

    def _info(self) -> tfds.core.DatasetInfo:
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "points": tfds.features.Tensor(shape=(None, 4), dtype=np.float32),
                    "text": tfds.features.Text(),
                    "writer_id": tfds.features.Text(),
                    "id": tfds.features.Text(),
                }
            ),
            supervised_keys=("points", "text"),
        )

    def _split_generators(self, dl_manager):
        config = self.builder_config
        counts = {"train": config.num_train, "validation": config.num_validation, "test": config.num_test}
        return {split: self._generate_examples(split, count) for split, count in counts.items()}

    def _generate_examples(self, split: str, count: int):
        for index in range(count):
            ink = example(split, index, self.builder_config.max_words)
            yield ink.id, {"points": ink.points, "text": ink.text, "writer_id": ink.writer_id, "id": ink.id}
