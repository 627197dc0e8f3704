"""Line finder: the picture of a page to its text lines in reading order, by a trained network."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

import seqapp.recipe
from seqapp.datasets.image.line_height import dark_on_light
from seqapp.models.line_finder.find_lines import find_lines, in_order
from seqapp.models.line_finder.found_line import FoundLine
from seqapp.models.line_finder.network import LineFinderNetwork
from seqapp.models.line_finder.page_module import FIND, PageModule
from seqapp.models.line_finder.rulings import cut_at_rulings
from seqapp.models.line_finder.small_print import without_small_print
from seqapp.models.model_folder import RECIPE, ModelFolder, newest
from seqapp.models.workdir import Workdir
from seqapp.recipe import PageRecipe

FIRST_SIDE = 768  # pixels of the longer side of a page at first sight
USUAL_HEIGHTS = (17.0, 34.0)  # of lines, in pixels from ascender to descender: those that the network knows best
BEST_HEIGHT = 24.0  # that a page is scaled to where its lines are others
OTHER_SIDES = (384, 1536)  # tried where nothing is found: a note of huge letters, or a sheet of tiny ones
DOUBTFUL = 0.7  # mean confidence of lines: less is writing too small to tell, as in tables of double pages
FINER = 1.5  # times as large that such a page is looked at again,
SURER = 0.03  # as long as the network gets surer of its lines by so much,
MORE = 1.25  # and finds so many times as many: a few more are small print and grain
SOME = 0.6  # confidence of the surest line of a page, at least: fur and leaves look a little like writing
SURE = 0.7  # confidence of lines found at these sides: grain of empty paper looks like faint writing there
LONGEST_SIDE = 2560  # pixels that a page is ever scaled to
LEAST_SIDE = 8  # pixels: smaller pictures hold no line
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
            picture: uint8 `[H, W]` grey, 255 white, or `[H, W, 3]` colours. A negative is read as its positive.

        Returns:
            `FoundLine`s in reading order, in pixels of the picture; none where there is no line.
        """
        image = Image.fromarray(picture).convert("L")
        if min(image.size) < LEAST_SIDE:
            return []
        image = Image.fromarray(dark_on_light(np.asarray(image)))
        lines, factor = self._first_sight(image)
        height = np.median([line.above + line.below for line in lines]) if lines else BEST_HEIGHT
        if not USUAL_HEIGHTS[0] <= height <= USUAL_HEIGHTS[1]:
            again, other_factor = self._find_at(image, factor * max(image.size) * BEST_HEIGHT / height)
            lines, factor = (again, other_factor) if again else (lines, factor)
        lines, factor = self._finer(image, lines, factor)
        if max((line.confidence for line in lines), default=0.0) < SOME:
            return []
        lines = in_order(cut_at_rulings(without_small_print(lines), _scaled(image, factor)))
        return [_unscaled(line, factor, image.size) for line in lines]

    def _first_sight(self, image):
        """Find lines at the usual size of a page, or else at others; return them and the factor of scaling."""
        for side in (FIRST_SIDE, *OTHER_SIDES):
            lines, factor = self._find_at(image, side)
            if side != FIRST_SIDE:
                lines = [line for line in lines if line.confidence >= SURE]
            if lines:
                break
        return lines, factor

    def _finer(self, image, lines, factor):
        """Find lines anew, larger and larger, while the network doubts them and gets surer; as `_first_sight`.

        The heights of the lines do not tell that these are too small: the network knows few others.
        """
        longest = min(LONGEST_SIDE, max(image.size))
        while lines and _confidence(lines) < DOUBTFUL and FINER * factor * max(image.size) <= longest:
            again, other_factor = self._find_at(image, FINER * factor * max(image.size))
            if len(again) < MORE * len(lines) or _confidence(again) < _confidence(lines) + SURER:
                break
            lines, factor = again, other_factor
        return lines, factor

    def _find_at(self, image, side):
        """Find the lines of an image that is scaled to a longer side, in pixels of the scaled one, margin included."""
        factor = min(side, LONGEST_SIDE) / max(image.size)
        return find_lines(self._maps(_scaled(image, factor))["maps"].numpy()), factor


def is_line_finder(path: str | Path) -> bool:
    """Return whether the workdir or SavedModel at a path, or the newest version in it, is of a line finder."""
    recipe = ModelFolder(newest(path)).file(RECIPE)
    return recipe.is_file() and isinstance(seqapp.recipe.load(recipe), PageRecipe)


def load_network(workdir: Workdir) -> LineFinderNetwork:
    """Return the network of a training with its best weights.

    Raises:
        ValueError: No evaluation has stored weights yet.
    """
    if not workdir.best_weights.is_file():
        raise ValueError(f"{workdir.path} holds no best.weights.h5 yet: its training has not reached an evaluation.")
    network = LineFinderNetwork(workdir.load_recipe().finder)
    network.build()
    network.load_weights(workdir.best_weights)
    return network


def _scaled(image, factor):
    """Return an image scaled by a factor, with a margin around it: uint8 `[H, W]`."""
    size = [max(1, round(factor * length)) for length in image.size]
    scaled = image.resize(size, Image.Resampling.BOX if factor < 1 else Image.Resampling.BILINEAR)
    return np.pad(np.asarray(scaled), MARGIN, mode="edge")


def _confidence(lines):
    """Return the mean confidence of lines: long ones count no more than the short ones of a table."""
    return float(np.mean([line.confidence for line in lines]))


def _unscaled(line, factor, size):
    """Return a line in pixels of the picture, inside of it."""
    baseline = np.clip((line.baseline - MARGIN) / factor, 0, np.subtract(size, 1))
    return FoundLine(baseline, line.above / factor, line.below / factor, line.confidence)
