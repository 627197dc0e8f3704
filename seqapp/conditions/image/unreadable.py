"""Pictures without a text that is read as one line: blank paper, scribbles, writing upside down, a page."""

import numpy as np
from PIL import Image, ImageDraw

from seqapp.conditions.condition import Damage
from seqapp.conditions.image.reread import read_again

GRAIN = 0.02  # of full scale, standard deviation
NUM_LINES = 6
STEP = 6.0  # pixels of a scribble from point to point
NUM_STROKES = 4


def blank(columns, strength, rng, others) -> np.ndarray:
    """Return paper with the grain of a scanner, as large as the picture."""
    return np.clip(rng.normal(0.9, GRAIN, np.shape(columns)), 0.0, 1.0).astype(np.float32)


def scribble(columns, strength, rng, others) -> np.ndarray:
    """Return strokes that wander over paper as large as the picture."""
    width, height = np.shape(columns)
    paper = Image.new("L", (width, height), 235)
    draw = ImageDraw.Draw(paper)
    for _ in range(NUM_STROKES):
        angles = np.cumsum(rng.normal(0.0, 0.5, max(width // 8, 2)))
        walk = np.cumsum(STEP * np.stack([np.cos(angles), np.sin(angles)], axis=1), axis=0)
        place = walk + rng.uniform([0.0, 0.0], [width, height])
        draw.line([tuple(point) for point in (place % [width, height]).tolist()], fill=60, width=2)
    return (np.asarray(paper, np.float32) / 255.0).T


def turn_over(columns, strength, rng, others) -> np.ndarray:
    """Return the picture upside down."""
    return np.asarray(columns)[::-1, ::-1].copy()


def stack_lines(columns, strength, rng, others) -> np.ndarray:
    """Return a page: lines of other pictures below this one, cut or repeated to its width."""
    lines = [np.asarray(columns), *(np.resize(others(rng), np.shape(columns)) for _ in range(NUM_LINES - 1))]
    return np.concatenate(lines, axis=1)


UNREADABLE = read_again(
    {
        "blank": Damage(blank, "", (1.0,), "paper alone"),
        "scribble": Damage(scribble, "", (1.0,), "strokes that wander"),
        "upside_down": Damage(turn_over, "", (1.0,), "letters of no alphabet"),
        "page": Damage(stack_lines, "", (1.0,), "six lines, one below the other, given as one"),
    }
)
