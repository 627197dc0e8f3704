"""TFDS builder of `unipen`: lines, columns of words, words."""

import dataclasses
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.archive import archives_in, unpack
from seqapp.datasets.ink.ink import Ink
from seqapp.datasets.ink.ink_builder import InkBuilder
from seqapp.datasets.ink.line_division import lines_of_list, side_by_side
from seqapp.datasets.ink.unipen.multi_line import is_multi_line
from seqapp.datasets.ink.unipen.reader import ENGLISH_LINES, examples, find_root, providers_in

logger = logging.getLogger(__name__)

OTHERS = ("abm", "hpb", "phi", "pri", "sta")


@dataclasses.dataclass
class UnipenConfig(tfds.core.BuilderConfig):
    """Which part of the distribution."""

    categories: tuple[str, ...] = ("8",)  # in order of preference where they repeat each other
    providers: tuple[str, ...] | None = ENGLISH_LINES  # None: all
    multi_line: bool | None = False  # keep single lines (False), columns (True) or both (None)
    side_by_side: bool = False  # set the lines of an ink one behind the other, as one line


class Builder(InkBuilder):
    """UNIPEN train_r01_v07, split by writer with a fixed rule (see `splits`)."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch UNIPEN train_r01_v07 (https://zenodo.org/records/1195803, or a repository with the patched text
    files) and give the folder that holds data/ and include/, or one with an archive of it named unipen*,
    *unipen* or *train_r01_v07* (.tar.xz, .tar.gz, .tgz, .zip).
    """
    BUILDER_CONFIGS = [
        UnipenConfig(name="lines", description="Single lines of text (category 8): the headline task."),
        UnipenConfig(name="multi_lines", description="Text in several lines, mostly lists.", multi_line=True),
        UnipenConfig(
            name="lists_as_lines",
            description="Those in several lines, set one behind the other as one line: more text to train on.",
            multi_line=True,
            side_by_side=True,
        ),
        UnipenConfig(
            name="words",
            description="Single words (categories 7 and 6) of all providers.",
            categories=("7", "6"),
            providers=None,
            multi_line=None,
        ),
        UnipenConfig(
            name="other_lines",
            description="Single lines (category 8) of the other providers; many hold one word.",
            providers=OTHERS,
        ),
    ]

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return data/ and include/, or the archive of them; where neither is found, the whole folder."""
        root = find_root(manual_dir)
        if root is not None:
            return [root / "data", root / "include"]
        return [_archive(manual_dir) or manual_dir]

    def inks(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[Ink]]:
        """Read the distribution once, into memory (words: 0.4 GB): only a file itself tells its split."""
        config = self.builder_config
        splits: dict[str, list[Ink]] = {"train": [], "validation": [], "test": []}
        root = _root(manual_dir, cache_dir)
        num_others = 0
        for example in examples(root, config.categories, self.skipped, self._providers(root)):
            if config.multi_line is None or is_multi_line(example.ink) == config.multi_line:
                splits[example.split].append(example.ink)
            else:
                num_others += 1
        if not any(splits.values()) and not self.skipped:
            raise ValueError(self._nothing_in(root, num_others))
        return {split: self._laid_out(inks) for split, inks in splits.items()} if config.side_by_side else splits

    def _laid_out(self, inks: Iterable[Ink]) -> list[Ink]:
        """Set the lines of each ink side by side; a text of fewer words does not say where its lines end."""
        laid_out = []
        for ink in inks:
            lines = lines_of_list(ink)
            if len(lines) <= len(ink.text.split()):
                laid_out.append(side_by_side(ink, lines))
            else:
                self.skipped.add(ink.id, f"more lines than words: {len(lines)}, {ink.text!r}")
        return laid_out

    def _providers(self, root: Path) -> Sequence[str] | None:
        """Return the providers to read: those of the config, or all of a distribution that holds none of them."""
        expected = self.builder_config.providers
        present = {name for category in self.builder_config.categories for name in providers_in(root, category)}
        if expected is None or present <= set(expected):
            return expected
        others = ", ".join(sorted(present - set(expected)))
        if present & set(expected):
            logger.info("%s: left out, as providers of other scripts or styles: %s", self.info.full_name, others)
            return expected
        logger.warning("%s: none of its providers is there; read instead: %s", self.info.full_name, others)
        return None

    def _nothing_in(self, root: Path, num_others: int) -> str:
        categories = self.builder_config.categories
        problem = f"{root}: expected segments of category {' or '.join(categories)}, found none."
        if num_others:
            other = "unipen/multi_lines" if self.builder_config.multi_line is False else "unipen/lines"
            return f"{problem} {num_others} are of the other kind, lines or columns: --dataset {other} reads them."
        present = sorted(path.name for path in (root / "data").iterdir() if path.is_dir())
        return f"{problem} data/ holds: {', '.join(present) or 'nothing'}. --dataset unipen/words reads 6 and 7."


def _root(manual_dir: Path, cache_dir: Path) -> Path:
    root = find_root(manual_dir)
    archive = _archive(manual_dir) if root is None else None
    if archive is not None:
        root = find_root(unpack(archive, cache_dir))
    if root is None:
        raise ValueError(
            f"{manual_dir}: expected data/ and include/, or an archive with them, found neither."
            f"{Builder.MANUAL_DOWNLOAD_INSTRUCTIONS}"
        )
    return root


def _archive(folder: Path) -> Path | None:
    named = (path for path in archives_in(folder) if "unipen" in path.name.lower() or "train_r01_v07" in path.name)
    return next(named, None)
