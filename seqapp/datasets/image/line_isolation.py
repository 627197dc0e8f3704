"""Line isolation: the line in the middle of a rectangle, without what its neighbours reach into it."""

import numpy as np

from seqapp.datasets.image.straightening import local_paper

INK_NOISE = 25  # grey levels below the paper
INK_SHARE = 0.35  # of the way from paper to the darkest tenth of the ink: darker is ink
EDGE = 2  # rows at the edge of a rectangle
BODY = 1.5  # spreads of the ink around the line's middle: its small letters
OWN_SHARE = 0.2  # of a piece of ink within the body: with less it is a neighbour's
LEAST_SHARE = 0.3  # of all ink in pieces that touch no edge: with less nobody can tell whose it is


def isolate_line(image: np.ndarray) -> np.ndarray:
    """Replace by paper the pieces of ink that touch the upper or lower edge and keep away from the middle line.

    Args:
        image: Grey uint8 `[h, w]`, dark on light, a rectangle around one line as it was cut out of a page.

    Returns:
        Uint8 `[h, w]`, the same where nothing reaches in.
    """
    from scipy import ndimage  # late: half a second, and only pictures of lines need it

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
