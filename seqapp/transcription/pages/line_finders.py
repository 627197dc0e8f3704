"""Line finders by a script's option: a folder, the one beside the recogniser, or none."""

import functools
from pathlib import Path

import numpy as np

from seqapp.datasets.image.page_picture import LINE_ASPECT, MIN_HEIGHT
from seqapp.models.line_finder.found_line import FoundLine
from seqapp.models.page_reader import LINE_FINDER

OFF = "none"  # in the place of a folder: every picture is one of a line


class LazyLineFinder:
    """A line finder that is opened when the first page comes.

    Args:
        folder: Of its model.

    Attributes:
        name: Of the model.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self.name = folder.name

    def find(self, picture: np.ndarray) -> list[FoundLine]:
        """Find lines; arguments, value and errors as of `LineFinder.load` and `LineFinder.find`."""
        return self._finder.find(picture)

    @functools.cached_property
    def _finder(self):
        from seqapp.models.line_finder.line_finder import LineFinder  # late: it imports TensorFlow

        finder = LineFinder.load(self._folder)
        self.name = getattr(finder, "name", self.name)
        return finder


class MissingLineFinder:
    """Stands where there is no line finder: a page is an error that says what to do.

    Args:
        folder: Where one was looked for.
    """

    name = OFF

    def __init__(self, folder: Path):
        self._folder = folder

    def find(self, picture: np.ndarray) -> list[FoundLine]:
        """Raise ValueError."""
        height, width = picture.shape[:2]
        raise ValueError(
            f"no line finder: expected the picture of one line, less than {MIN_HEIGHT} pixels high or at least "
            f"{LINE_ASPECT:g} times as wide as high. Received: {width} x {height} pixels, a page, and no model in "
            f"{self._folder} to find its lines. Add --line-finder FOLDER, cut the lines out, give their ALTO or PAGE, "
            f"or, where this is one line, add --line-finder {OFF}."
        )


def open_line_finder(option: str | Path | None, model: str | Path) -> LazyLineFinder | MissingLineFinder | None:
    """Return the line finder that an option asks for.

    Args:
        option: A folder; None: the folder `pages` beside that of the recogniser; "none": no pages are read.
        model: Folder of the recogniser, of its versions or of one of them.

    Returns:
        A line finder; None where every picture is to be read as one of a line.

    Raises:
        ValueError: The option names no folder.
    """
    if option is not None and str(option) == OFF:
        return None
    if option is not None:
        if not Path(option).is_dir():
            raise ValueError(f"--line-finder: expected a folder with a model of lines, or {OFF}. Received: {option}.")
        return LazyLineFinder(Path(option))
    model = Path(model)
    versions = model.resolve().parent if model.name.isdecimal() else model.resolve()
    beside = versions.parent / LINE_FINDER
    return LazyLineFinder(beside) if beside.is_dir() else MissingLineFinder(beside)
