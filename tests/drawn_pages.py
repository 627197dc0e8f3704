"""Pages of drawn lines, and a line finder that knows where they are."""

import numpy as np
from PIL import Image

from seqapp.models.line_finder.found_line import FoundLine
from tests.small_lines import BELOW, LEFT, PAPER, STEP, TOP, draw_page

TEXTS = ("une ligne", "puis la deuxième", "et la suite", "encore une", "la sixième", "fin")  # 400 rows: a page
RIGHT = 320


class KnownLines:
    """Stands for a line finder: the lines of `draw_page` that hold ink, or, of a picture without any, none."""

    name = "known/1"

    def __init__(self):
        self.num_pages = 0

    def find(self, picture):
        self.num_pages += 1
        baselines = range(TOP + 40, len(picture) - BELOW, STEP)
        return [
            FoundLine(np.array([[LEFT, y], [RIGHT, y]], float), 36.0, BELOW, 0.9)
            for y in baselines
            if (picture[y - 36 : y, LEFT:RIGHT] < 128).any()
        ]


def page(texts=TEXTS):
    """Grey uint8 `[400, 400]`, for six texts."""
    return draw_page(texts)[0]


def blank_page():
    return np.full((400, 400), PAPER, np.uint8)


def save_pdf(path, pictures):
    """A PDF of pictures at 300 dpi, which are drawn as large as they are."""
    first, *others = map(Image.fromarray, pictures)
    first.save(path, resolution=300, save_all=True, append_images=others)
    return path
