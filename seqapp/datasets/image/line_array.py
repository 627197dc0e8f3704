"""Image arrays from memory: a line in grey or colour to columns, as the same image in a file would be read."""

import numpy as np
from PIL import Image

from seqapp.datasets.image.line_height import dark_on_light, to_columns
from seqapp.datasets.image.line_image import LineImage, check
from seqapp.datasets.image.line_isolation import isolate_line
from seqapp.datasets.image.page_picture import PagePicture, is_page_shaped
from seqapp.datasets.image.picture import as_grey


def columns_of_array(image: np.ndarray, max_width: int, keeps_pages: bool = False) -> np.ndarray | PagePicture:
    """Convert the image of one line.

    Args:
        image: Grey `[H, W]` (uint8, uint16, bool, or float), or colour `[H, W, 3]` or `[H, W, 4]` (uint8, or float in
            [0, 1]).
        max_width: Largest accepted number of columns.
        keeps_pages: Whether an image that `is_page_shaped` comes as a `PagePicture`.

    Returns:
        Uint8 `[W', CORPUS_HEIGHT]`, 255 white.

    Raises:
        ValueError: Another type or shape, no line in it, or one that is too wide.
    """
    image = np.asarray(image)
    is_grey = image.ndim == 2
    if not image.size or not (is_grey or (image.ndim == 3 and image.shape[2] in (3, 4))):
        raise ValueError(f"image: expected shape [H, W], [H, W, 3] or [H, W, 4]. Received: shape {list(image.shape)}.")
    if image.dtype.kind not in "buif":
        raise ValueError(f"image: expected an array of bool, integers or floats. Received: {image.dtype.name}.")
    if not is_grey and image.dtype != np.uint8:
        image = np.round(255.0 * np.clip(np.nan_to_num(image.astype(np.float64)), 0.0, 1.0)).astype(np.uint8)
    picture = Image.fromarray(image if image.dtype in (np.uint8, bool) else image.astype(np.float32))
    if keeps_pages and is_page_shaped(*picture.size):
        return PagePicture(as_grey(picture))
    line = LineImage("image", to_columns(isolate_line(dark_on_light(as_grey(picture)))))
    if reason := check(line, max_width):
        raise ValueError(f"image: {reason}.")
    return line.columns
