"""Base class of TFDS builders of speech: their features. A subclass reads the audio."""

from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from seqapp.datasets.corpus_builder import CorpusBuilder
from seqapp.datasets.speech.audio import Audio


class AudioBuilder(CorpusBuilder, skip_registration=True):
    """Builder of `samples` int16 `[N]` (mono, at `audio.SAMPLE_RATE_HZ`), `text`, `speaker_id` (hashed) and `id`."""

    EXAMPLE_NAME = "audio"

    @abstractmethod
    def utterances(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        """Return the audio of each split.

        Args:
            manual_dir: Where the user keeps the corpus.
            cache_dir: Where archives may be unpacked.

        Returns:
            {split: audio}; splits without any are left out. What is not usable goes to `self.skipped`.

        Raises:
            ValueError: The corpus is not there.
        """

    def _split_examples(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Audio]]:
        return self.utterances(manual_dir, cache_dir)

    def _info(self) -> tfds.core.DatasetInfo:
        features = {  # bytes: lists of integers are read five times slower and take three times the disk
            "samples": tfds.features.Tensor(shape=(None,), dtype=np.int16, encoding="bytes"),
            "text": tfds.features.Text(),
            "speaker_id": tfds.features.Text(),
            "id": tfds.features.Text(),
        }
        return self._dataset_info(features, ("samples", "text"))

    def _row(self, audio: Audio) -> dict[str, Any]:
        return {"samples": audio.samples, "text": audio.text, "speaker_id": audio.speaker_id, "id": audio.id}
