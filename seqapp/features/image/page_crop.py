"""Page crops: random pieces of pages with their lines, distorted as scans and photographs are, for training."""

import numpy as np
from PIL import Image, ImageDraw

GRID = (4, 8)  # pixels of the scaled page that one output covers, down and across: lines lie close, and are long
HEIGHT_UNIT = 32.0  # pixels of the scaled page: heights above and below are maps in such units
_FINE = 2  # a target is drawn this much finer than the grid, and averaged: its edges are soft


def crop_page(picture: np.ndarray, lines, rng: np.random.Generator, config):
    """Draw a crop of a page and what the network should say of it.

    Args:
        picture: Grey uint8 `[H, W]`.
        lines: List of (baseline float `[N, 2]` of x, y; above; below), in pixels of the picture; heights 0: unknown.
        rng: Decides on everything.
        config: `seqapp.recipe.PageConfig`.

    Returns:
        crop: Float32 `[S, S]`, grey levels.
        target: Float32 `[S / 4, S / 8, 4]`, see `draw_target`.
    """
    scale = np.exp(rng.uniform(np.log(config.smallest_scale), 0.0))
    to_page = _homography(_square(config.crop), _corners(picture, lines, scale, rng, config))
    crop = _resample(picture, to_page, scale, config.crop, _colour_around(picture, rng))
    from_page = np.linalg.inv(to_page)
    moved = [(_apply(from_page, baseline), above * scale, below * scale) for baseline, above, below in lines]
    return _change_tone(crop, rng, config), draw_target(moved, config.crop, config.crop, config.thickness)


def draw_target(lines, height: int, width: int, thickness: int) -> np.ndarray:
    """Draw the maps that the network should give for a page.

    Args:
        lines: As for `crop_page`, in pixels of the page.
        height: Of the page in pixels, divided by 4 without rest.
        width: Likewise, by 8.
        thickness: Of a baseline, in half rows of the grid.

    Returns:
        Float32 `[height / 4, width / 8, 4]`: shares of a place that baselines and their ends cover, heights above and
        below in units of 32 pixels; 0 where no height is known.
    """
    rows = height // GRID[0]
    columns = width // GRID[1]
    fine = (columns * _FINE, rows * _FINE)
    marks = [Image.new("L", fine) for _ in range(2)]
    heights = [Image.new("F", (columns, rows)) for _ in range(2)]
    for baseline, above, below in lines:
        places = np.asarray(baseline, np.float64) / (GRID[1], GRID[0])
        points = [tuple(point) for point in places * _FINE]
        ImageDraw.Draw(marks[0]).line(points, 255, thickness, "curve")
        for x, y in (points[0], points[-1]):
            ImageDraw.Draw(marks[1]).ellipse((x - 2.5, y - 2.5, x + 2.5, y + 2.5), fill=255)
        for image, value in zip(heights, (above, below)):
            ImageDraw.Draw(image).line([tuple(point) for point in places], float(value) / HEIGHT_UNIT, 3)
    shares = [np.asarray(mark, np.float32).reshape(rows, _FINE, columns, _FINE).mean((1, 3)) / 255 for mark in marks]
    return np.stack([*shares, *(np.asarray(image, np.float32) for image in heights)], axis=-1)


def _square(size):
    return np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float64)


def _corners(picture, lines, scale, rng, config):
    """Return where the corners of a crop lie on its page, float64 `[4, 2]`."""
    angle = np.radians(rng.uniform(-config.rotation_deg, config.rotation_deg))
    shear = rng.uniform(-config.shear, config.shear, 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    around = (_square(2.0) - 1.0) * (1 + rng.uniform(-config.perspective, config.perspective, (4, 2)) / 2)
    around = around * (config.crop / scale / 2) @ (turn @ [[1, shear[0]], [shear[1], 1]]).T
    return _centre(picture, lines, rng) + around


def _centre(picture, lines, rng):
    """Return a place on a line three times of four, else any: empty paper and margins must be known too."""
    if lines and rng.random() < 0.75:
        baseline = lines[rng.integers(len(lines))][0]
        return baseline[rng.integers(len(baseline))]
    return rng.random(2) * picture.shape[::-1]


def _homography(corners, places):
    """Return the projective map `[3, 3]` that takes four corners to four places."""
    rows = []
    for (u, v), (x, y) in zip(corners, places):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
    return np.append(np.linalg.solve(rows, np.ravel(places)), 1.0).reshape(3, 3)


def _apply(homography, points):
    places = np.column_stack([points, np.ones(len(points))]) @ homography.T
    return places[:, :2] / places[:, 2:]


def _resample(picture, to_page, scale, size, colour):
    image = Image.fromarray(picture)
    if scale < 0.7:  # half of the pixels would be left out
        image = image.reduce(2)
        to_page = np.diag([0.5, 0.5, 1.0]) @ to_page
    coefficients = np.ravel(to_page / to_page[2, 2])[:8]
    crop = image.transform((size, size), Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR,
                           fillcolor=colour)  # fmt: skip
    return np.asarray(crop, np.float32)


def _colour_around(picture, rng):
    """Return what lies around a page: its paper, or anything from a dark table to a white one."""
    return int(np.median(picture[::16, ::16])) if rng.random() < 0.6 else int(rng.integers(256))


def _change_tone(crop, rng, config):
    """Change the contrast and the light, draw rulings, add a shadow and grain."""
    size = len(crop)
    crop = (crop - 128) * np.exp(rng.uniform(-config.contrast, config.contrast)) + 128 + rng.uniform(-40, 40)
    if rng.random() < config.ruling_probability:
        crop = crop - _rulings(size, rng)
    if rng.random() < config.shadow_probability:
        field = Image.fromarray(rng.uniform(0.45, 1.1, (3, 3)).astype(np.float32))
        crop = crop * np.asarray(field.resize((size, size), Image.Resampling.BICUBIC))
    grain = rng.standard_normal((size, size), np.float32) * rng.uniform(0, config.noise)
    return np.clip(crop + grain, 0, 255).astype(np.float32)


def _rulings(size, rng):
    """Draw rulings, or squares, float32 `[size, size]`: how much darker they are."""
    step = int(rng.integers(10, 40))
    rulings = np.zeros((size, size), np.float32)
    strength = rng.uniform(10, 60)
    rulings[int(rng.integers(step)) :: step] = strength
    if rng.random() < 0.5:
        rulings[:, int(rng.integers(step)) :: step] = strength
    return rulings
