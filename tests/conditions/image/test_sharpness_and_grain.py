"""Resolution, blur, noise, JPEG and binarisation, each measured by itself."""

import numpy as np
import pytest

from seqapp.conditions.image.binarisation import binarise, otsu_threshold
from seqapp.conditions.image.grain import grain, salt_and_pepper
from seqapp.conditions.image.jpeg import jpeg
from seqapp.conditions.image.sharpness import blur, lose_resolution, shrink


def share_above(columns, frequency):
    """Share of the energy above a frequency, in cycles a pixel, along the line."""
    energy = np.abs(np.fft.rfft(columns - columns.mean(), axis=0)) ** 2
    return energy[np.fft.rfftfreq(len(columns)) > frequency].sum() / energy.sum()


def test_few_pixels_hold_no_high_frequencies(line):
    assert shrink(line, 0.25).shape == (round(len(line) / 4), 16)
    coarse = lose_resolution(line, 0.25).numpy()
    assert coarse.shape == line.shape
    assert share_above(line, 0.15) > 0.05 > 0.01 > share_above(coarse, 0.15)
    np.testing.assert_allclose(coarse.mean(), line.mean(), atol=5e-3)


@pytest.mark.parametrize("deviation", [0.5, 1.5, 2.5])
def test_a_point_becomes_a_gaussian(deviation):
    point = np.zeros([60, 64], np.float32)
    point[30, 20] = 1.0
    spot = blur(point, deviation).numpy()
    x = np.arange(60) - 30
    y = np.arange(64) - 20
    expected = np.exp(-(x[:, np.newaxis] ** 2 + y**2) / (2 * deviation**2))
    np.testing.assert_allclose(spot, expected / expected.sum(), atol=2e-3)


def test_blur_keeps_blank_paper_to_its_edges(blank):
    np.testing.assert_allclose(blur(blank, 1.5), blank, atol=1e-6)
    assert blur(blank[:1, :1], 1.5).shape == (1, 1)


def test_noise_has_its_deviation():
    noise = grain(np.full([300, 64], 0.5, np.float32), [1, 2], 0.1).numpy() - 0.5
    np.testing.assert_allclose([noise.mean(), noise.std()], [0.0, 0.1], atol=0.005)
    assert grain(np.ones([300, 64], np.float32), [1, 2], 0.1).numpy().max() == 1.0


def test_specks_are_as_many_as_asked_for(blank):
    specks = salt_and_pepper(blank, [1, 2], 0.1).numpy()
    for grey in (0.0, 1.0):
        assert abs(np.mean(specks == grey) - 0.05) < 0.01
    assert abs(np.mean(specks == blank) - 0.9) < 0.01


def test_jpeg_loses_more_at_a_lower_quality(line):
    errors = [np.abs(jpeg(line, quality) - line).mean() for quality in (90, 15)]
    assert 0 < errors[0] < errors[1] < 0.05 and jpeg(line, 15).dtype == np.float32


def test_binarised_is_black_and_white_between_ink_and_paper(line):
    binary = binarise(line)
    assert set(np.unique(binary)) == {0.0, 1.0}
    assert (binary[line > 0.85] == 1).all() and (binary[line < 0.3] == 0).all()


def test_otsu_divides_two_groups_and_survives_one():
    levels = np.array([[10, 12, 14, 200, 210, 220]])
    assert 14 <= otsu_threshold(levels) < 200
    assert set(np.unique(binarise(np.full([3, 4], 0.9)))) <= {0.0, 1.0}
