"""Units that follow a mark are found, and the picture can be drawn."""

import numpy as np
import pytest

from seqapp.evaluation.figure import save_figure
from seqapp.evaluation.memory_plot import following_units, plot_memory


def test_the_unit_that_follows_is_found_whatever_its_sign():
    rng = np.random.default_rng(0)
    marks = rng.uniform(size=80) < 0.3
    activations = rng.normal(size=(80, 6))
    activations[:, 4] = 0.2 - 3.0 * marks + 0.01 * rng.normal(size=80)
    activations[:, 2] = 7.0
    units, correlations = following_units(activations, marks, count=6)
    assert units[0] == 4 and correlations[0] == pytest.approx(-1, abs=1e-3)
    assert correlations[list(units).index(2)] == 0


def test_the_picture_is_drawn_and_checks_its_lengths(tmp_path):
    activations, text = np.random.default_rng(0).normal(size=(9, 5)), "the $cat$"
    figure = plot_memory(activations, list(text), [c == " " for c in text])
    assert save_figure(figure, tmp_path / "memory.png").stat().st_size > 1000
    with pytest.raises(ValueError, match="for each of 9 rows of activations. Received: 3 and 9"):
        plot_memory(activations, list("the"), [0] * 9)
