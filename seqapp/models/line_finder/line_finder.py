"""Line finder: the picture of a page to its text lines in reading order, by a trained network."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from seqapp.models.line_finder.find_lines import find_lines
from seqapp.models.line_finder.found_line import FoundLine
from seqapp.models.line_finder.network import LineFinderNetwork
from seqapp.models.line_finder.page_module import FIND, PageModule
from seqapp.models.model_folder import ModelFolder
from seqapp.models.workdir import Workdir
from seqapp.recipe import PageRecipe

LONGER_SIDE = 1024  # pixels of a page at first sight
USUAL_HEIGHTS = (19.0, 46.0)  # of lines, in pixels from ascender to descender, as the network was trained on
BEST_HEIGHT = 31.0  # that a page is scaled to where its lines are others
LONGEST_SIDE = 3072  # pixels that a page is ever scaled to
OTHER_SIDES = (512, 2048)  # tried where nothing is found: a note of huge letters, or a sheet of tiny ones
MARGIN = 16  # pixels of paper around the scaled page: lines that touch its edge are found too


class LineFinder:
    """Finds the lines of a page.

    Args:
        maps: Function from a page, uint8 tensor `[H, W]`, to {"maps": float32 `[ceil(H / 4), ceil(W / 8), 4]`}.
        name: Of the model, for the processing steps of layouts.
        owner: Object that holds the variables of the function.

    Example:
        >>> LineFinder.load("saved_models/pages").find(picture)[0].baseline
    """

    def __init__(self, maps: Callable, name: str = "lines", owner=None):
        self._maps = maps
        self.name = name
        self._owner = owner

    @classmethod
    def load(cls, path: str | Path) -> "LineFinder":
        """Load a SavedModel, the newest in a folder of versions, or the best weights of a workdir.

        Raises:
            ValueError: There is no line finder.
        """
        folder = ModelFolder.find(path)
        if not is_line_finder(folder.path):
            raise ValueError(f"{folder.path} holds no line finder. Expected the model of a PageRecipe.")
        if folder.is_saved_model:
            graph = folder.load_graph()
            return cls(lambda page: graph.signatures[FIND](page=page), folder.name, graph)
        module = PageModule(load_network(Workdir(folder.path)))
        return cls(module.functions()[FIND], folder.name, module)

    def find(self, picture: np.ndarray) -> list[FoundLine]:
        """Find the lines of a page.

        Args:
            picture: uint8 `[H, W]` grey, 255 white, or `[H, W, 3]` colours.

        Returns:
            `FoundLine`s in reading order, in pixels of the picture; none where there is no line.
        """
        image = Image.fromarray(picture).convert("L")
        lines = self._at_their_height(image)
        return [_scaled(line, picture.shape) for line in lines]

    def _at_their_height(self, image):
        """Find the lines, once more where their height is not what the network knows; in pixels of the image."""
        side = min(LONGER_SIDE, LONGEST_SIDE)
        lines, factor = self._at(image, side)
        for other in OTHER_SIDES:
            if not lines:
                lines, factor = self._at(image, other)
        if not lines:
            return []
        height = np.median([line.above + line.below for line in lines])
        if not USUAL_HEIGHTS[0] <= height <= USUAL_HEIGHTS[1]:
            again, other_factor = self._at(image, factor * max(image.size) * BEST_HEIGHT / height)
            lines, factor = (again, other_factor) if again else (lines, factor)
        return [_resized(line, 1 / factor) for line in lines]
