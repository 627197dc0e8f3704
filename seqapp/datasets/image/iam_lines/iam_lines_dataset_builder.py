"""TFDS builder of `iam_lines`."""

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import below
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.image.iam_lines.splits import NAMES, read_lists, split_of
from seqapp.datasets.image.iam_lines.transcripts import read_texts, read_tokens, read_writers
from seqapp.datasets.image.line_builder import LineBuilder
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.line_reading import LineFile, read_line_files


@dataclasses.dataclass
class IamLinesConfig(tfds.core.BuilderConfig):
    """Which lists, and which spelling."""

    division: str = "official"  # or "aachen"
    tokens: bool = False  # texts of lines.txt, where punctuation stands alone


class Builder(LineBuilder):
    """IAM's lines, split by the official lists or by those of most papers."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Register at https://fki.tic.heia-fr.ch/databases/iam-handwriting-database and give the folder that holds lines/,
    ascii/ and xml/, unpacked, and the lists of the split: largeWriterIndependentTextLineRecognitionTask/ or aachen/.
    """
    BUILDER_CONFIGS = [
        IamLinesConfig(name=f"{division}{suffix}", division=division, tokens=bool(suffix))
        for division in NAMES
        for suffix in ("", "_tokens")
    ]

    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Read the lines of each list, in the order of lines.txt."""
        config = self.builder_config
        root = _root(manual_dir)
        splits = read_lists(root, config.division)
        tokens = read_tokens(root)
        texts = tokens if config.tokens else read_texts(root, self.skipped)
        ids: dict[str, list[str]] = {split: [] for split in NAMES[config.division]}
        for id in tokens:
            if split := split_of(id, splits):
                ids[split].append(id)
        writers = read_writers(root)
        return {
            split: read_line_files((_line_file(root, id, texts, writers) for id in line_ids), self.skipped)
            for split, line_ids in ids.items()
        }


def _line_file(root: Path, id: str, texts: Mapping[str, str], writers: Mapping[str, str]) -> LineFile:
    form = id.rpartition("-")[0]
    path = root / "lines" / form.split("-")[0] / form / f"{id}.png"
    return LineFile(path, id, texts.get(id, ""), hashed_name("iam", writers.get(form, "")))


def _root(folder: Path) -> Path:
    root = next((path.parents[1] for path in below(folder, "ascii/lines.txt")), None)
    if root is None:
        raise ValueError(f"{folder}: IAM's lines are not in there. {Builder.MANUAL_DOWNLOAD_INSTRUCTIONS.strip()}")
    return root
