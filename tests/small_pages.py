"""Made-up pages: strokes that look like lines of writing, and the lines that they are."""

import numpy as np
from PIL import Image, ImageDraw

ABOVE = 14.0  # pixels from the baseline to the top of the tallest strokes
BELOW = 6.0


def drawn_page(height=400, width=300, tops=(60, 120, 180), left=40, right=260, slope=0.0, seed=0):
    """Draw one line of strokes per place.

    Returns:
        Grey uint8 `[H, W]`, and a list of (baseline, above, below), as a `LayoutPage` has them.
    """
    rng = np.random.default_rng(seed)
    image = Image.new("L", (width, height), 235)
    draw = ImageDraw.Draw(image)
    lines = []
    for top in tops:
        x = float(left)
        while x < right - 8:
            y = top + slope * (x - left)
            rise = ABOVE if rng.random() < 0.25 else 8.0
            fall = BELOW if rng.random() < 0.2 else 0.0
            draw.line([(x, y + fall), (x + 3, y - rise), (x + 5, y), (x + 8, y - 6)], 40, 2)
            x += 8 if rng.random() < 0.85 else 18
        lines.append((np.array([[left, top], [right, top + slope * (right - left)]], float), ABOVE, BELOW))
    return np.asarray(image), lines
