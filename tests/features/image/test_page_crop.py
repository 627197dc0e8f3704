"""Crops of pages and their targets are distorted alike: ink stays above its baseline."""

import numpy as np

from seqapp.features.image.page_crop import crop_page, draw_target
from seqapp.recipe import PageConfig
from tests.small_pages import ABOVE, BELOW, drawn_page

PLAIN = {"contrast": 0.0, "noise": 0.0, "shadow_probability": 0.0, "ruling_probability": 0.0}


def test_a_target_covers_baselines_their_ends_and_heights():
    target = draw_target([(np.array([[80, 100], [240, 100.0]]), 16.0, 8.0)], 200, 320, 3)
    assert target.shape == (50, 40, 4)
    assert target[25, 12:28, 0].min() > 0.5 and target[[22, 28], :, 0].max() == 0 and target[:, [8, 32], 0].max() == 0
    assert target[25, 10, 1] == target[25, 30, 1] == 1 and target[25, 20, 1] == 0
    np.testing.assert_allclose(target[25, 12:28, 2:], [[0.5, 0.25]] * 16)


def test_ink_stays_above_its_baseline_however_a_page_is_turned():
    page, lines = drawn_page(500, 400, tops=(100, 200, 300, 400), right=360)
    config = PageConfig(crop=160, rotation_deg=8.0, shear=0.1, perspective=0.15, smallest_scale=0.6, **PLAIN)
    rng = np.random.default_rng(0)
    baselines = above = 0
    for _ in range(20):
        crop, target = crop_page(page, lines, rng, config)
        assert crop.shape == (160, 160) and target.shape == (40, 20, 4)
        ink = (crop < 150).reshape(40, 4, 20, 8).mean((1, 3))
        on = target[2:-1, :, 0] > 0.6
        baselines += on.sum()
        above += (on & (ink[1:-2] > 0.02)).sum()
        heights = target[..., 2][target[..., 2] > 0] * 32
        assert len(heights) == 0 or (heights.min() >= 0.5 * ABOVE and heights.max() <= ABOVE)
        assert target[..., 3].max() * 32 <= BELOW
    assert baselines > 200 and above / baselines > 0.85  # the rest: gaps between words


def test_the_same_draws_give_the_same_crop_and_tone_leaves_the_target():
    page, lines = drawn_page()
    first, second = (crop_page(page, lines, np.random.default_rng(1), PageConfig(crop=64)) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    assert first[0].min() >= 0 and first[0].max() <= 255
    plain = crop_page(page, lines, np.random.default_rng(1), PageConfig(crop=64, **PLAIN))
    np.testing.assert_array_equal(first[1], plain[1])


def test_a_page_without_lines_has_an_empty_target():
    _, target = crop_page(np.full((300, 200), 240, np.uint8), [], np.random.default_rng(0), PageConfig(crop=64))
    assert not target.any()
