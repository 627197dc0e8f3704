"""Reading order: rows from top to bottom, columns from left to right, whatever order the lines come in."""

import numpy as np
import pytest

from seqapp.models.line_finder.found_line import FoundLine
from seqapp.models.line_finder.reading_order import reading_order

PAGES = {
    "one column": [(50, 250, 40), (50, 240, 80), (50, 100, 120)],
    "two columns": [(50, 200, 40), (50, 200, 80), (50, 190, 120), (300, 450, 42), (300, 450, 82), (300, 400, 122)],
    "a title over two columns": [(50, 450, 20), (50, 200, 60), (50, 200, 100), (300, 450, 62), (300, 450, 102)],
    "two columns over a last line": [(50, 200, 60), (50, 200, 100), (300, 450, 62), (300, 450, 102), (50, 450, 140)],
    "a row in two pieces": [(50, 450, 40), (50, 200, 80), (215, 450, 82), (50, 450, 120)],
    "rows in pieces": [(50, 200, 40), (215, 450, 41), (50, 200, 80), (215, 450, 82)],
    "a date at the right": [(350, 450, 20), (50, 450, 60), (50, 450, 100)],
    "a word above a line": [(50, 450, 40), (200, 260, 68), (50, 450, 80)],
    "nothing": [],
}


@pytest.mark.parametrize("name", PAGES)
def test_lines_come_in_reading_order(name):
    lines = [FoundLine(np.array([[left, y], [right, y]], float), 14, 6) for left, right, y in PAGES[name]]
    for seed in range(5):
        shuffled = np.random.default_rng(seed).permutation(len(lines))
        order = reading_order([lines[k] for k in shuffled])
        assert [int(shuffled[k]) for k in order] == list(range(len(lines)))
