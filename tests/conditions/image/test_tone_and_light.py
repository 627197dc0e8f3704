"""Tones and light: levels of paper and ink, measured in NumPy."""

import numpy as np

from seqapp.conditions.image.light import gradient, shadow, vignette
from seqapp.conditions.image.tone import darken, fade, invert, paper_level


def test_paper_is_the_median(line):
    np.testing.assert_allclose(paper_level(line), np.median(line), atol=1e-6)


def test_inverted_twice_is_the_identity(line):
    np.testing.assert_allclose(invert(invert(line)), line, atol=1e-6)
    assert np.median(invert(line)) < 0.1


def test_contrast_is_a_share_of_what_it_was_and_paper_stays(line):
    faint = fade(line, 0.25).numpy()
    np.testing.assert_allclose(np.ptp(faint), 0.25 * np.ptp(line), rtol=1e-4)
    np.testing.assert_allclose(np.median(faint), np.median(line), atol=1e-6)


def test_dark_paper_darkens_ink_too(line):
    np.testing.assert_allclose(darken(line, 0.6), 0.6 * line, atol=1e-6)


def test_a_shadow_is_darkest_in_its_middle_and_gone_far_away(blank):
    light = shadow(blank, 0.45, 0.5, 0.3).numpy() / blank
    np.testing.assert_allclose(light[100], 0.45, atol=0.01)
    assert light[[0, -1]].min() > 0.99
    half = np.abs(light[:, 0] - (1 + 0.45) / 2) < 0.05
    assert set(np.flatnonzero(half)) <= {*range(65, 75), *range(125, 135)}  # 30 % of 200 columns


def test_a_tilted_shadow_moves_from_row_to_row(blank):
    light = shadow(blank, 0.45, 0.5, 0.3, tilt=1.0).numpy()
    middles = [(np.arange(200) * (0.9 - light[:, row])).sum() / (0.9 - light[:, row]).sum() for row in (10, 50)]
    np.testing.assert_allclose(middles[0] - middles[1], 40.0, atol=1.0)


def test_light_falls_off_from_top_to_bottom(blank):
    light = gradient(blank, 1.0, 0.5).numpy() / blank
    np.testing.assert_allclose(light[0], np.linspace(1 - 0.25 / 64, 0.5 + 0.25 / 64, 64), atol=1e-3)


def test_corners_are_dark_and_the_middle_is_not(blank):
    light = vignette(blank, 0.45).numpy() / blank
    np.testing.assert_allclose(light[0, 0], 0.45, atol=0.03)
    assert light[100, 32] > 0.99 and 0.6 < light[0, 32] < 0.8
