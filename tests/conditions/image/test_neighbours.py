"""Neighbours: what of them is seen, and where."""

import numpy as np

from seqapp.conditions.image.neighbours import intrude, show_through

PAPER = np.full([80, 64], 0.8, np.float32)


def marked(*rows):
    columns = PAPER.copy()
    columns[:, rows] = 0.2
    return columns


def test_the_lower_rows_of_the_line_above_and_the_upper_ones_of_the_line_below_are_seen():
    seen = intrude(PAPER, marked(5, 50), marked(10, 60), 40.0).numpy()
    dark = [row for row in range(64) if seen[0, row] < 0.5]
    assert dark == [50 - 40, 10 + 40]
    np.testing.assert_allclose(seen[:, dark], 0.2, atol=1e-6)
    np.testing.assert_allclose(np.delete(seen, dark, axis=1), 0.8, atol=1e-6)


def test_lines_far_away_are_not_seen():
    np.testing.assert_allclose(intrude(PAPER, marked(5, 63), marked(0), 64.0), PAPER, atol=1e-6)


def test_the_back_is_mirrored_and_faint():
    back = PAPER.copy()
    back[:40] = 0.0
    seen = show_through(PAPER, back, 0.3).numpy()
    np.testing.assert_allclose(seen[:30], 0.8, atol=1e-3)
    np.testing.assert_allclose(seen[50:], 0.8 * 0.7, atol=1e-3)
