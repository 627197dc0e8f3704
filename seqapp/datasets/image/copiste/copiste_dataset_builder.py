"""TFDS builder of `copiste`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tensorflow_datasets as tfds

from seqapp.datasets.distribution import below, find_source, open_root
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.image.alto_lines.document import read_document
from seqapp.datasets.image.copiste.splits import split, text_id
from seqapp.datasets.image.line_builder import LineBuilder
from seqapp.datasets.image.line_image import LineImage
from seqapp.datasets.image.page_reading import layout_files, read_pages

ARCHIVE_NAMES = ("copiste",)


class Builder(LineBuilder):
    """Copiste d'un jour, split by text with a fixed rule (see `splits`)."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First release."}
    MANUAL_DOWNLOAD_INSTRUCTIONS = """
    Fetch Copiste d'un jour (https://github.com/banq-dcn/Copiste-d-un-jour) and give the folder that holds alto/ and
    jpg/, or the archive, or a folder with an archive named *copiste*.
    """

    @classmethod
    def sources(cls, manual_dir: Path) -> Sequence[Path]:
        """Return the root of the corpus, or its archive; where neither is found, the whole folder."""
        return [find_source(manual_dir, find_root, ARCHIVE_NAMES)]

    def line_images(self, manual_dir: Path, cache_dir: Path) -> dict[str, Iterable[LineImage]]:
        """Read the pages of each split."""
        root = open_root(manual_dir, find_root, ARCHIVE_NAMES, cache_dir, self.MANUAL_DOWNLOAD_INSTRUCTIONS)
        pages: dict[str, list[Path]] = {"train": [], "validation": [], "test": []}
        for path in layout_files(root / "alto"):
            try:
                pages[split(text_id(path.stem))].append(path)
            except ValueError as error:
                self.skipped.add(path.stem, str(error))
        return {
            name: read_pages(paths, root / "alto", read_document, self.skipped, writer_of=_writer)
            for name, paths in pages.items()
        }


def find_root(folder: Path) -> Path | None:
    """Return the folder that holds alto/ of the corpus and its pictures: `folder` or one below; else None."""
    folders = (path for path in below(folder, "alto") if path.is_dir())
    return next((path.parent for path in folders if any(path.glob("*wikitexte_*.xml"))), None)


def _writer(path: Path) -> str:
    """Return the hashed writer of a page; who copied a text twice counts as two people."""
    return hashed_name("copiste", text_id(path.stem) + "_double" * ("_double" in path.stem))
