"""Layouts beside page pictures: where somebody has drawn the lines already, these are read."""

import logging
from collections.abc import Sequence
from pathlib import Path

from seqapp.datasets.image.layout import is_layout
from seqapp.datasets.image.page_picture import is_page_shaped
from seqapp.datasets.image.picture import SUFFIXES, picture_size

logger = logging.getLogger(__name__)


def with_given_layouts(paths: Sequence[str | Path]) -> list[Path]:
    """Return the paths with the layout in the place of each page picture that has one of its name beside it.

    Args:
        paths: Files, folders and archives; those that cannot be read are left as they are.
    """
    given: dict[Path, None] = {}
    for path in map(Path, paths):
        layout = _layout_of(path)
        if layout and layout not in map(Path, paths):
            logger.info("%s: read by the layout beside it, %s", path, layout.name)
        given[layout or path] = None
    return list(given)


def _layout_of(path: Path) -> Path | None:
    layout = path.with_suffix(".xml")
    if path.suffix.lower() not in SUFFIXES or not path.is_file() or not layout.is_file() or not is_layout(layout):
        return None
    try:
        return layout if is_page_shaped(*picture_size(path)) else None
    except ValueError:
        return None
