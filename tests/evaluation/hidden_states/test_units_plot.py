"""Units that follow a mark are found, and the pictures can be drawn."""

import dataclasses

import numpy as np
import pytest

from seqapp.evaluation.hidden_states.states import text_memory
from seqapp.evaluation.hidden_states.units_plot import following_units, plot_memory
from seqapp.evaluation.hidden_states.unrolled_plot import STEPS, plot_unrolled
from seqapp.evaluation.plots.figure import save_figure

RNG = np.random.default_rng(0)
TEXT = 'a "quoted $word$" of 29 letters'
LOG_PROBS = np.log(RNG.dirichlet(np.ones(5), len(TEXT)))
MEMORY = text_memory([RNG.normal(size=(len(TEXT), 8)) for _ in range(2)], LOG_PROBS, list(TEXT), "ab \n$", "small")
INK = np.array([[x, x % 3, 0, x % 5 == 4] for x in range(40)], np.float32)


def test_the_unit_that_follows_is_found_whatever_its_sign():
    marks = RNG.uniform(size=80) < 0.3
    activations = RNG.normal(size=(80, 6))
    activations[:, 4] = 0.2 - 3.0 * marks + 0.01 * RNG.normal(size=80)
    activations[:, 2] = 7.0
    units, correlations = following_units(activations, marks, count=6)
    assert units[0] == 4 and correlations[0] == pytest.approx(-1, abs=1e-3)
    assert correlations[list(units).index(2)] == 0


def test_two_steps_prove_nothing():
    units, correlations = following_units(
        np.array([[0.0, 1, 2], [1, 0, 2], [0, 1, 2]]), np.array([0, 0, 1]), 3, (0, 1, 2)
    )
    assert abs(correlations).max() == pytest.approx(0.5)  # not the 1 of a line through two points


def of_sense(sense):
    if sense == "ink":
        return dataclasses.replace(MEMORY, sense=sense, raw=INK, places=np.arange(40) * len(TEXT) // 40)
    return dataclasses.replace(MEMORY, sense=sense, raw=np.abs(RNG.normal(size=(90, 7))))


@pytest.mark.parametrize("memory", [MEMORY, *map(of_sense, ("ink", "speech", "image"))], ids=lambda m: m.sense)
def test_both_pictures_are_drawn(tmp_path, memory):
    for name, figure in (("memory", plot_memory(memory)), ("unrolled", plot_unrolled(memory, first=3, layer=0))):
        assert save_figure(figure, tmp_path / f"{name}.png").stat().st_size > 1000


def test_a_long_stroke_of_which_only_the_ends_were_recorded_is_unrolled(tmp_path):
    ink = np.array([[0, 0, 0, 0], [9, 1, 0, 1]], np.float32)
    memory = dataclasses.replace(MEMORY, sense="ink", raw=ink, places=np.array([0, len(TEXT) - 1]))
    for first in (0, 9, len(TEXT) - 1):
        assert save_figure(plot_unrolled(memory, first=first), tmp_path / "unrolled.png").stat().st_size > 1000


def test_the_drawing_names_its_steps_and_states_their_outputs():
    texts = [text.get_text() for text in plot_unrolled(MEMORY, first=len(TEXT) - 4).texts]
    assert [f"{name}({len(TEXT) - 1})" in texts for name in "hxy"] == [True] * 3 and f"h({len(TEXT)})" not in texts
    assert f"{np.exp(LOG_PROBS[-1].max()):.2f}" in texts
    assert len([t for t in (t.get_text() for t in plot_unrolled(MEMORY).texts) if t.startswith("h(")]) == STEPS + 1


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"each of the 31 steps. Received: \[3, 31\]"):
        plot_memory(dataclasses.replace(MEMORY, layers=[np.zeros((3, 8))]))
    with pytest.raises(ValueError, match=r"must lie in 0 ... 30. Received: 31"):
        plot_unrolled(MEMORY, first=31)
