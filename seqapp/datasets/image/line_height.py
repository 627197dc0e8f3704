"""Height normalisation of line images, by the spread of the ink: a single flourish doubles the box."""

import numpy as np
from PIL import Image, ImageFilter

from seqapp.datasets.image.even_extent import even_extent, ink_slope, ink_steps
from seqapp.datasets.image.even_ink import even_ink, is_negative, without_specks
from seqapp.datasets.image.line_isolation import without_frame
from seqapp.datasets.image.straightening import local_paper, sample
from seqapp.recipe.rules import CORPUS_EXTENT, CORPUS_HEIGHT

# As in `seqapp.features.image.line_extent`, which is not imported: readers do without TensorFlow.
INK_NOISE, STEP_NOISE = 25, 0.1
DARK_PAPER = 100  # grey level: paper below it may be that of a negative
LARGEST_SCALE, SMALL_INK, AROUND, ALIKE, ALIKE_MIDDLE = 4, 1 / 16, 6.0, 0.12, 0.25  # as in its `line_image`
BLANK_SPREAD, SMALLEST_SPREAD, LARGEST_SPREAD = 1 / 8, 1 / 40, 1 / 3
SHARPENED_FROM, WIDEST_SHARPENING = 1.6, 6.0  # scales: of small pictures, and the most that are made up for


def to_columns(image: np.ndarray, extent: float = CORPUS_EXTENT, is_cut_out: bool = False) -> np.ndarray:
    """Scale a line so that its ink spreads alike in every line, on paper as high as `CORPUS_HEIGHT`.

    Args:
        image: Grey uint8 `[h, w]` of one line, at any resolution.
        extent: Half of the height kept, in spreads of the ink.
        is_cut_out: Whether it was cut out of its page along its baseline: it is level then, and all ink is its own.
            Otherwise a slope is straightened, and what does not belong to the line does not count.

    Returns:
        Uint8 `[W, CORPUS_HEIGHT]`, columns of the image, sharpened where it was small; the aspect is kept, W >= 1.

    Raises:
        ValueError: No pixels.
    """
    height, width = image.shape
    if not height or not width:
        raise ValueError(f"no pixels: {width} x {height}")
    image = dark_on_light(image)
    if is_cut_out:
        middle, spread = ink_extent(image)
    else:
        image = level(image)
        middle, spread = line_extent(image)
    scale = CORPUS_HEIGHT / (2 * extent * spread)
    top = middle - extent * spread
    bottom = middle + extent * spread
    framed, shift = _extended(image, int(np.floor(top)), int(np.ceil(bottom)))
    box = (0, top - shift, width, bottom - shift)
    size = max(1, round(width * scale)), CORPUS_HEIGHT
    scaled = Image.fromarray(framed).resize(size, Image.Resampling.BICUBIC, box=box)
    if scale > SHARPENED_FROM and not is_cut_out:  # pixels blur what is fine; corpora of pages stay as they are
        scaled = scaled.filter(ImageFilter.UnsharpMask(min(scale, WIDEST_SHARPENING), 100, 0))
    return np.ascontiguousarray(np.asarray(scaled).T)


def dark_on_light(image: np.ndarray) -> np.ndarray:
    """Return a line as dark ink on light paper: the negative of one whose paper is dark and whose ink is lighter."""
    paper = float(np.median(image))
    if paper >= DARK_PAPER:
        return image
    difference = image.astype(np.float32) - paper
    lighter = np.maximum(difference - INK_NOISE, 0.0).sum()
    darker = np.maximum(-difference - INK_NOISE, 0.0).sum()
    return 255 - image if lighter > darker else image


def level(image: np.ndarray) -> np.ndarray:
    """Turn a line of light ink, clean one of specks and of a dark frame, and shear one that slopes until it is level.

    Args:
        image: Grey uint8 `[h, w]`.

    Returns:
        Uint8 `[h, w]`, the same where there is nothing to do.
    """
    image = np.round(255.0 * without_specks(image.astype(np.float32) / 255.0)).astype(np.uint8)
    if is_negative(_small(image)):
        image = 255 - image
    image = without_frame(image)
    slope = ink_slope(even_ink(_small(image))[0])
    return _sheared(image, slope) if slope else image


def line_extent(image: np.ndarray) -> tuple[float, float]:
    """Return middle and spread of a line's ink, in rows, in spite of grain, ruled lines, frames and neighbours.

    Where `ink_extent` says about the same, it has the last word: clean lines are scaled as they always were.

    Args:
        image: Grey uint8 `[h, w]`, dark on light.
    """
    height = len(image)
    usual_middle, usual_spread = ink_extent(image)
    middle, spread = _extent_in_rows(image, 0, height)
    if spread < SMALL_INK * height:
        low = max(int(np.floor(middle - AROUND * spread)), 0)
        middle, spread = _extent_in_rows(image, low, min(int(np.ceil(middle + AROUND * spread)), height))
    is_alike = abs(np.log(spread / usual_spread)) < ALIKE
    is_alike &= abs(middle - usual_middle) < ALIKE_MIDDLE * usual_spread
    return (usual_middle, usual_spread) if is_alike else (middle, spread)


def ink_extent(image: np.ndarray) -> tuple[float, float]:
    """Return the place and spread of the ink: the NumPy twin of `seqapp.features.image.line_extent`, which explains it.

    Args:
        image: Grey uint8 `[h, w]`.

    Returns:
        Middle and spread, in rows.
    """
    height = len(image)
    levels = np.bincount(image.ravel(), minlength=256)
    paper = int(np.searchsorted(np.cumsum(levels), image.size / 2))
    ink = levels[: max(paper - INK_NOISE, 0)]
    dark = int(np.searchsorted(np.cumsum(ink), ink.sum() / 10)) if ink.sum() else paper - 255
    values = np.clip((paper - image.astype(np.float32)) / (paper - dark), 0.0, 1.0)
    steps = np.maximum(np.abs(np.diff(values, axis=1)) - STEP_NOISE, 0.0).sum(axis=1)
    if not steps.sum():
        return height / 2, height * BLANK_SPREAD
    rows = np.arange(height) + 0.5
    middle = float((rows * steps).sum() / steps.sum())
    spread = float(np.sqrt(((rows - middle) ** 2 * steps).sum() / steps.sum()))
    return middle, float(np.clip(spread, height * SMALLEST_SPREAD, height * LARGEST_SPREAD))


def _extent_in_rows(image, low, high):
    small = _small(image[low:high])
    scale = (high - low) / small.shape[1]
    middle, spread = even_extent(ink_steps(*even_ink(small)))
    return middle * scale + low, max(spread * scale, SMALLEST_SPREAD * len(image))


def _small(image):
    """Return columns, float32 `[W, H]` in [0, 1], as high as corpora keep, or as far towards it as makes sense."""
    height, width = image.shape
    scale = min(CORPUS_HEIGHT / height, LARGEST_SCALE)
    size = max(round(scale * width), 1), max(round(scale * height), 1)
    picture = Image.fromarray(image.astype(np.float32) / 255.0)
    return np.asarray(picture.resize(size, Image.Resampling.BILINEAR)).T


def _sheared(image, slope):
    height, width = image.shape
    x = np.arange(width) + 0.5
    y = np.arange(height)[:, np.newaxis] + 0.5 + slope * (x - width / 2)
    inside = (y > 0) & (y < height)
    return np.round(np.where(inside, sample(image, np.broadcast_to(x, y.shape), y), np.median(image))).astype(np.uint8)


def _extended(image: np.ndarray, top: int, bottom: int) -> tuple[np.ndarray, int]:
    """Return the image with paper above and below, so that it holds rows `top` to `bottom`, and its first row."""
    above = max(0, -top)
    below = max(0, bottom - len(image))
    paper = np.round(local_paper(image, np.ones(image.shape, bool))).astype(np.uint8)
    padding = [np.broadcast_to(paper, (count, len(paper))) for count in (above, below)]
    return np.concatenate([padding[0], image, padding[1]]), -above
