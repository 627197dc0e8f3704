"""Line isolation: the line in the middle of a rectangle, without a dark frame and what its neighbours reach into it."""

import numpy as np

from seqapp.datasets.image.straightening import local_paper

INK_NOISE = 25  # grey levels below the paper
INK_SHARE = 0.35  # of the way from paper to the darkest tenth of the ink: darker is ink
EDGE = 2  # rows at the edge of a rectangle
BODY = 1.5  # spreads of the ink around the line's middle: its small letters
OWN_SHARE = 0.2  # of a piece of ink within the body: with less it is a neighbour's
LEAST_SHARE = 0.3  # of all ink in pieces that touch no edge: with less nobody can tell whose it is

# Of dark frames, as in `seqapp.features.image.dark_frame`.
FRAME_LIGHT = 0.5  # of the paper's grey: a frame is darker ...
FRAME_SHARE = 0.95  # ... in so much of a row or column at least
FRAME_DARKER = 0.9  # of the paper's grey: darker than paper
FRAME_EDGE_SHARE = 0.5  # of the row or column behind: with so much that is darker than paper it belongs to it
LARGEST_FRAME = 0.2  # of the height, on each side


def isolate_line(image: np.ndarray) -> np.ndarray:
    """Replace by paper a dark frame, and pieces of ink that touch the upper or lower edge away from the middle line.

    Args:
        image: Grey uint8 `[h, w]`, dark on light, a rectangle around one line as it was cut out of a page.

    Returns:
        Uint8 `[h, w]`, the same where nothing reaches in.
    """
    from scipy import ndimage  # late: half a second, and only pictures of lines need it

    image = without_frame(image)  # letters touch it, and would touch the edge by it
    paper = local_paper(image, np.ones(image.shape, bool))
    ink = _ink(image, paper)
    if not (ink[:EDGE].any() or ink[-EDGE:].any()):
        return image
    pieces, count = ndimage.label(ink, np.ones((3, 3)))
    touches = np.zeros(count + 1, bool)
    touches[pieces[:EDGE]] = touches[pieces[-EDGE:]] = True
    touches[0] = False
    is_inner = ink & ~touches[pieces]
    if is_inner.sum() < LEAST_SHARE * ink.sum():
        return image
    in_body = np.abs(_heights(is_inner)) < BODY
    sizes = np.bincount(pieces.ravel(), minlength=count + 1)
    own = np.bincount(pieces[in_body], minlength=count + 1)
    is_foreign = touches & (own < OWN_SHARE * sizes)
    foreign = ndimage.binary_dilation(is_foreign[pieces], np.ones((3, 3)), 2) & ~(ink & ~is_foreign[pieces])
    return np.where(foreign, np.round(paper).astype(np.uint8), image)


def without_frame(image: np.ndarray) -> np.ndarray:
    """Replace a dark frame by paper: a scanner's lid, the edge of a table, the gutter of a book.

    A single upright side may be a letter, and a single level side of a short picture a dash: these stay.

    Args:
        image: Grey uint8 `[h, w]`, dark on light.

    Returns:
        Uint8 `[h, w]`, the same where there is no frame.
    """
    height, width = image.shape
    paper = np.median(image)
    is_dark, is_darker = image < FRAME_LIGHT * paper, image < FRAME_DARKER * paper
    top, bottom = _frame_sides(is_dark, is_darker, LARGEST_FRAME * height)
    is_whole = height > top + bottom
    rows = slice(top, height - bottom) if is_whole else slice(None)
    left, right = _frame_sides(is_dark[rows].T, is_darker[rows].T, LARGEST_FRAME * height)
    num_sides = sum(side > 0 for side in (top, bottom, left, right))
    is_long_side = num_sides == 1 and top + bottom > 0 and width >= 2 * height
    if not (num_sides > 1 or is_long_side) or not is_whole or width <= left + right:
        return image
    inner = image[rows, left : width - right]
    paper = np.round(local_paper(inner, np.ones(inner.shape, bool))).astype(np.uint8)
    paper = np.pad(paper, [left, right], "edge")
    framed = np.broadcast_to(paper, image.shape).copy()
    framed[rows, left : width - right] = inner
    return framed


def _frame_sides(is_dark, is_darker, most):
    """Rows of a frame at the top and at the bottom; 0 where there are more than `most`."""
    sides = []
    for step in (1, -1):
        shares = is_dark[::step].mean(axis=1) >= FRAME_SHARE
        size = int(np.argmin(shares)) if not shares.all() else len(shares)
        if size and size < len(shares) and is_darker[::step][size].mean() >= FRAME_EDGE_SHARE:
            size += 1  # partly covered
        sides.append(size if size <= most else 0)
    return sides


def _ink(image, paper):
    darkness = paper - image.astype(np.float32)
    dark = darkness[darkness > INK_NOISE]
    return darkness > max(INK_NOISE, INK_SHARE * np.quantile(dark, 0.9) if len(dark) else 0.0)


def _heights(is_ink):
    """How far each place `[h, w]` is from the middle of the line of this ink, in spreads of it; the line may slope."""
    rows, columns = np.nonzero(is_ink)
    middle = columns.mean()
    variance = np.square(columns - middle).mean()
    slope = ((columns - middle) * (rows - rows.mean())).mean() / max(variance, 1.0)
    level = rows.mean() + slope * (np.arange(is_ink.shape[1]) - middle)
    spread = max(float(np.sqrt(np.square(rows - level[columns]).mean())), 1.0)
    return (np.arange(len(is_ink))[:, np.newaxis] - level) / spread
