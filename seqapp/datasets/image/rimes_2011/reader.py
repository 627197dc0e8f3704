"""RIMES pages, each with its image."""

import functools
from pathlib import Path

import numpy as np

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.image.page import Page
from seqapp.datasets.image.page_reading import PageFile
from seqapp.datasets.image.picture import read_picture
from seqapp.datasets.image.rimes_2011.document import read_documents


def page_files(path: Path) -> list[PageFile]:
    """List the pages of a part.

    Args:
        path: training_2011.xml or eval_2011_annotated.xml; training_2011/ or eval_2011/ beside it holds the pictures.

    Returns:
        Pages in the list's order, named after their pictures ("train2011-0"); each counts as a writer.

    Raises:
        ValueError: As `read_documents`.
    """
    folders = (path.with_name(path.stem.removesuffix("_annotated")), path.parent)
    return [_page_file(page, folders) for page in read_documents(path)]


def open_page(page: Page, folders: tuple[Path, ...]) -> tuple[Page, np.ndarray]:
    """Return a page and its picture, grey uint8 `[H, W]`.

    Args:
        page: Its picture is named by a path below one of the folders.
        folders: Where to look, in this order.

    Raises:
        ValueError: No picture there, or a broken one.
    """
    name = page.image.replace("\\", "/")
    picture = next((folder / name for folder in folders if name and (folder / name).is_file()), None)
    if picture is None:
        raise ValueError(f"no image: expected {name!r} in {folders[0].name}/, found nothing")
    return page, read_picture(picture)


def _page_file(page: Page, folders: tuple[Path, ...]) -> PageFile:
    id = Path(page.image.replace("\\", "/")).stem
    return PageFile(id, hashed_name("rimes", id), functools.partial(open_page, page, folders))
