"""Made-up photos of things that are no writing: a cat, a hillside, a wall, clouds, grass, a stack of boards."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZE = 900, 700  # pixels, width and height


def clouds(rng):
    """Smooth light and dark, at several scales."""
    return _coloured(rng, _smooth_noise(rng, (4, 8, 16)), (90, 140, 220), (245, 245, 250))


def hillside(rng):
    """A sky, three ridges before one another, and grain as of trees, coarser from ridge to ridge."""
    picture = np.asarray(Image.linear_gradient("L").resize(SIZE).convert("RGB"), float) * 0.4 + (100, 130, 150)
    x, y = np.arange(SIZE[0]), np.arange(SIZE[1])[:, np.newaxis]
    for number, (height, colour) in enumerate(((260, (110, 130, 120)), (380, (80, 105, 70)), (520, (60, 80, 40)))):
        phases = rng.uniform(0, 2 * np.pi, 3)
        ridge = height + sum(40 / k * np.sin(k * x / 130 + phase) for k, phase in enumerate(phases, 1))
        grain = _smooth_noise(rng, (200 >> number, 300 >> number))[..., np.newaxis] * 60 - 30
        picture = np.where((y > ridge)[..., np.newaxis], np.add(colour, grain), picture)
    return _picture(rng, picture)


def cat(rng):
    """A striped head of fur, ears, eyes, whiskers."""
    image = Image.new("RGB", SIZE, (190, 180, 170))
    draw = ImageDraw.Draw(image)
    for ear in ([(230, 60), (340, 200), (200, 260)], [(670, 60), (560, 200), (700, 260)]):
        draw.polygon(ear, (120, 90, 60))
    draw.ellipse((180, 130, 720, 640), (140, 105, 70))
    for _ in range(6_000):  # hairs, away from the nose
        x, y = rng.uniform(190, 710), rng.uniform(140, 630)
        if ((x - 450) / 270) ** 2 + ((y - 385) / 255) ** 2 < 1:
            along = np.array([x - 450, y - 420]) + rng.normal(0, 40, 2)
            dx, dy = along / np.hypot(*along) * rng.uniform(8, 22)
            stripe = 35 * np.sin((x + 2 * y) / 28)
            draw.line((x, y, x + dx, y + dy), tuple(int(c + stripe + rng.normal(0, 15)) for c in (140, 105, 70)), 1)
    for eye in (340, 560):
        draw.ellipse((eye - 45, 310, eye + 45, 380), (190, 200, 90))
        draw.ellipse((eye - 12, 312, eye + 12, 378), (15, 15, 15))
    draw.polygon([(425, 440), (475, 440), (450, 470)], (170, 90, 90))
    draw.arc((390, 450, 450, 510), 0, 120, (60, 40, 30), 4)
    draw.arc((450, 450, 510, 510), 60, 180, (60, 40, 30), 4)
    for side in (-1, 1):
        for step in range(4):
            draw.line((450 + 50 * side, 470, 450 + 330 * side, 430 + 35 * step), (240, 240, 235), 2)
    return _picture(rng, np.asarray(image, float))


def wall(rng):
    """Rows of bricks, seen from the front: edges as even as lines of writing."""
    image = Image.new("RGB", SIZE, (200, 195, 185))
    draw = ImageDraw.Draw(image)
    for row, top in enumerate(range(-10, SIZE[1], 36)):
        for left in range(-90 + 45 * (row % 2), SIZE[0], 92):
            colour = np.array((150, 75, 60)) + rng.normal(0, 14, 3)
            draw.rectangle((left, top, left + 85, top + 29), tuple(int(c) for c in colour))
    return _picture(rng, np.asarray(image, float) + _smooth_noise(rng, (150,))[..., np.newaxis] * 30)


def grass(rng):
    """Thousands of blades, each a thin stroke."""
    image = Image.new("RGB", SIZE, (50, 70, 30))
    draw = ImageDraw.Draw(image)
    for y in np.sort(rng.uniform(0, SIZE[1] + 60, 9_000)):
        x, lean, length = rng.uniform(0, SIZE[0]), rng.normal(0, 12), rng.uniform(20, 60)
        colour = tuple(int(c) for c in np.array((70, 120, 40)) + rng.normal(0, 30))
        draw.line([(x, y), (x + lean / 3, y - length / 2), (x + lean, y - length)], colour, 2)
    return _picture(rng, np.asarray(image, float))


def boards(rng):
    """Dark gaps between boards with a grain."""
    picture = _coloured(rng, _smooth_noise(rng, (3, 90), stretch=12), (120, 85, 50), (190, 150, 105)).astype(float)
    for top in range(40, SIZE[1], 110):
        picture[top : top + 6] *= 0.3
    return _picture(rng, picture)


PHOTOS = (clouds, hillside, cat, wall, grass, boards)


def _smooth_noise(rng, scales, stretch=1):
    """Return float `[H, W]` in [0, 1]: noise of so many waves across the picture, the coarsest the strongest."""
    total = np.zeros(SIZE[::-1])
    for scale in scales:
        coarse = rng.random((scale + 2, max(2, scale // stretch + 2))).astype(np.float32)
        total += np.asarray(Image.fromarray(coarse).resize(SIZE, Image.Resampling.BICUBIC)) / scale**0.5
    return (total - total.min()) / np.ptp(total)


def _coloured(rng, share, dark, light):
    return _picture(rng, np.add(dark, share[..., np.newaxis] * np.subtract(light, dark)))


def _picture(rng, picture):
    """Return uint8 `[H, W, 3]` as a camera gives it: a little blurred, with grain."""
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8))
    return np.clip(np.asarray(image) + rng.normal(0, 3, (*SIZE[::-1], 3)), 0, 255).astype(np.uint8)
