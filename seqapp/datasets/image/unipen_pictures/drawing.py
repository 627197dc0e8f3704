"""Drawing of pen ink as a picture of a line: pen, ink and paper drawn from a seed."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

LETTER_PX = 26.0  # two standard deviations of the points across the line, about the height of small letters
FINER = 3  # the picture is drawn so much larger, and made small: smooth edges
MARGIN_PX = 24
PEN = (0.07, 0.17)  # thinnest and thickest pen, in letters
PRESSURE = 0.35  # by how much of its width a stroke may be thinner where the pen is fast
INK, PAPER = (10, 90), (200, 255)  # darkest and lightest grey of each
GRAIN = 6.0  # largest standard deviation of the paper's grey
BLUR_PX = (0.0, 0.8)
LONGEST = 150.0  # letters in a line: a single dash is not drawn longer


def draw(points: np.ndarray, seed: int) -> np.ndarray:
    """Draw a line of ink.

    Args:
        points: Float32 `[N, 4]`, N > 0: x, y growing down, time, pen_up.
        seed: Of pen, ink and paper.

    Returns:
        Grey uint8 `[h, w]`, dark ink on light paper.
    """
    generator = np.random.default_rng(seed)
    strokes, width, height = _scaled(points)
    pen = generator.uniform(*PEN) * LETTER_PX
    pressure = generator.uniform(0.0, PRESSURE)
    mask = Image.new("L", (FINER * width, FINER * height), 0)
    canvas = ImageDraw.Draw(mask)
    for stroke in strokes:
        _draw_stroke(canvas, FINER * stroke, FINER * pen, pressure)
    mask = mask.resize((width, height), Image.Resampling.BOX)
    mask = mask.filter(ImageFilter.GaussianBlur(generator.uniform(*BLUR_PX)))
    share = np.asarray(mask, np.float32) / 255.0
    paper = generator.uniform(*PAPER) + generator.normal(0.0, generator.uniform(0.0, GRAIN), share.shape)
    grey = paper + share * (generator.uniform(*INK) - paper)
    return np.clip(np.rint(grey), 0, 255).astype(np.uint8)


def _scaled(points: np.ndarray) -> tuple[list[np.ndarray], int, int]:
    """Strokes in pixels, and the size of their picture."""
    places = points[:, :2].astype(np.float64)
    spread = max(2.0 * places[:, 1].std(), np.ptp(places[:, 0]) / LONGEST, 1e-9)
    places = (places - places.min(axis=0)) * (LETTER_PX / spread) + MARGIN_PX
    width, height = (int(size) for size in np.ceil(places.max(axis=0) + MARGIN_PX))
    ends = np.flatnonzero(points[:, 3] > 0.5) + 1
    return [stroke for stroke in np.split(places, ends) if len(stroke)], width, height


def _draw_stroke(canvas: ImageDraw.ImageDraw, stroke: np.ndarray, pen: float, pressure: float) -> None:
    """Segments with round ends, thinner where points lie far apart."""
    steps = np.linalg.norm(np.diff(stroke, axis=0), axis=1)
    usual = np.median(steps) if len(steps) else 1.0
    widths = pen * (1.0 - pressure * np.clip(steps / max(2.0 * usual, 1e-9), 0.0, 1.0))
    for (x0, y0), (x1, y1), width in zip(stroke[:-1], stroke[1:], widths):
        canvas.line((x0, y0, x1, y1), fill=255, width=max(1, round(width)))
    for (x, y), width in zip(stroke, [*widths, pen if not len(widths) else widths[-1]]):
        radius = max(width / 2, 0.5)
        canvas.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
