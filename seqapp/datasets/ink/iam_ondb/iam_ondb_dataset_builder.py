"""TFDS builder of `iam_ondb`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.ink.iam_ondb.layout import SPLIT_FILES, find_layout, sources
from seqapp.datasets.ink.iam_ondb.reader import read_forms, split_ids
from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.ink_builder import InkBuilder


class Builder(InkBuilder):
    """IAM-OnDB; train, validation, validation2 and test are trainset, testset_v, testset_t and testset_f."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Register for IAM-OnDB (https://fki.tic.heia-fr.ch/databases/iam-on-line-handwriting-database), download
    lineStrokes-all.tar.gz, ascii-all.tar.gz, original-xml-all.tar.gz (for writers; optional) and a task's
    lists (trainset.txt, testset_v.txt, testset_t.txt, testset_f.txt), and give the folder that holds them,
    packed or unpacked.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return the corpus' parts, packed or not; where none is found, the whole folder."""
        return sources(manual_dir) or [manual_dir]

    def inks(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Ink]]:
        """Read the forms that each of the task's files lists."""
        layout = find_layout(manual_dir, cache_dir)
        if "train" not in layout.split_files:
            raise ValueError(
                f"{manual_dir}: expected a task's lists of forms ({', '.join(SPLIT_FILES.values())}), "
                f"found {len(layout.split_files)}. Download a task's archive to the same folder."
            )
        return {split: read_forms(layout, ids, self.skipped) for split, ids in split_ids(layout).items()}
