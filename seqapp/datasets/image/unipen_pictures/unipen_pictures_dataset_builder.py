"""TFDS builder of `unipen_pictures`."""

import dataclasses
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import find_source, open_root
from seqapp.datasets.image.line_builder import LineBuilder
from seqapp.datasets.image.line_height import to_columns
from seqapp.datasets.image.line_image import LineImage, check
from seqapp.datasets.image.unipen_pictures.drawing import draw
from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.unipen.multi_line import is_multi_line
from seqapp.datasets.ink.unipen.reader import ENGLISH_LINES, examples, find_root
from seqapp.datasets.ink.word_lines import word_lines

ARCHIVE_NAMES = ("unipen", "train_r01_v07")


@dataclasses.dataclass
class PicturesConfig(tfds.core.BuilderConfig):
    """Which part of the distribution."""

    categories: tuple[str, ...] = ("8",)
    providers: tuple[str, ...] | None = ENGLISH_LINES  # None: all
    side_by_side: bool = False  # several words of one writer in a picture


class Builder(LineBuilder):
    """Single lines and words of UNIPEN as pictures; writers are in the splits of `unipen`."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch UNIPEN train_r01_v07 (https://zenodo.org/records/1195803) and give the folder that holds data/ and include/,
    or one with an archive of it named *unipen* or *train_r01_v07*.
    """
    BUILDER_CONFIGS = [
        PicturesConfig(name="lines", description="Single lines of text (category 8)."),
        PicturesConfig(
            name="words", description="Single words (categories 7 and 6).", categories=("7", "6"), providers=None
        ),
        PicturesConfig(
            name="word_lines",
            description="One to six words of a writer (categories 7 and 6) side by side: train alone.",
            categories=("7", "6"),
            providers=None,
            side_by_side=True,
        ),
    ]

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return data/ and include/, or the archive of them; where neither is found, the whole folder."""
        root = find_root(manual_dir)
        return [root / "data", root / "include"] if root else [find_source(manual_dir, find_root, ARCHIVE_NAMES)]

    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Draw the inks of each split; the distribution is read once, into memory."""
        root = open_root(manual_dir, find_root, ARCHIVE_NAMES, cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
        config = self.builder_config
        splits: dict[str, list[Ink]] = {"train": [], "validation": [], "test": []}
        for example in examples(root, config.categories, self.skipped, config.providers):
            if not is_multi_line(example.ink):
                splits[example.split].append(example.ink)
        if config.side_by_side:
            splits = {"train": list(word_lines(splits["train"], seed=0))}  # made up: nothing to measure on
        return {name: self._drawn(inks) for name, inks in splits.items() if inks}

    def _drawn(self, inks: Sequence[Ink]) -> Iterator[LineImage]:
        for ink in inks:
            line = picture_of(ink)
            reason = check(line)
            if reason:
                self.skipped.add(ink.id, reason)
            else:
                yield line


def picture_of(ink: Ink) -> LineImage:
    """Draw an ink as a line image; pen and paper depend on its id alone."""
    columns = to_columns(draw(ink.points, zlib.crc32(ink.id.encode("utf-8"))))
    return LineImage(ink.id, columns, ink.text, ink.writer_id)
