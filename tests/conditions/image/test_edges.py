"""Margins, tight crops and frames."""

import numpy as np

from seqapp.conditions.image.edges import add_margins, crop, frame


def test_margins_are_paper_on_all_sides(line):
    loose = add_margins(line, 0.5).numpy()
    assert loose.shape == (len(line) + 64, 128)
    np.testing.assert_allclose(loose[32:-32, 32:-32], line, atol=1e-6)
    for margin in (loose[:32], loose[-32:], loose[:, :32], loose[:, -32:]):
        np.testing.assert_allclose(margin, np.median(line), atol=1e-6)


def test_a_tight_crop_lacks_rows_at_the_top_and_the_bottom(line):
    np.testing.assert_array_equal(crop(line, 0.25), line[:, 16:48])


def test_a_frame_covers_the_sides_it_is_asked_to(line):
    framed = frame(line, 4.0, 3.0, 2.0, 1.0).numpy()
    assert not framed[:4].any() and not framed[-3:].any() and not framed[:, :2].any() and not framed[:, -1:].any()
    np.testing.assert_array_equal(framed[4:-3, 2:-1], line[4:-3, 2:-1])
    np.testing.assert_array_equal(frame(line, 0.0, 0.0, 0.0, 0.0), line)
