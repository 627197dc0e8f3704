"""The error picture: its matrix against counts by hand, and that it is drawn for any evaluation."""

import numpy as np
import pytest

from seqapp.evaluation.plots.errors import MAX_CHARACTERS, confusion_matrix, plot_errors
from seqapp.evaluation.plots.figure import save_figure
from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.summarise import summarise

LINES = [
    Recognition("l1", "ann", "aaaa z", "aabb z"),
    Recognition("l2", "bob", "bcz", "bz"),
    Recognition("l3", "bob", "z", "za"),
]


def test_matrix_counts_pairs_and_normalises_rows():
    shown, counts, shares = confusion_matrix(summarise(LINES))
    assert shown == ["a", "b", "c", ""]  # z and the space are never wrong
    assert counts.tolist() == [[2, 2, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0]]
    np.testing.assert_allclose(shares, [[0.5, 0.5, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0]])


def test_shares_are_of_all_that_was_written_also_of_what_is_not_shown():
    letters = [chr(ord("A") + i) for i in range(30)]
    lines = [Recognition(f"l{i}", "", "x" + letter * 2, "y" + "q" * 2) for i, letter in enumerate(letters)]
    shown, counts, shares = confusion_matrix(summarise(lines))
    assert len(shown) == MAX_CHARACTERS + 1 and shown[-1] == ""
    assert counts[shown.index("x"), shown.index("y")] == 30
    assert (shares.sum(axis=1) <= 1 + 1e-9).all()


def test_picture_shows_the_matrix_and_every_filled_length(tmp_path):
    evaluation = summarise(LINES)
    figure = plot_errors(evaluation, model_name="m")
    confusions, lengths, writers = figure.axes
    np.testing.assert_allclose(confusions.images[0].get_array(), confusion_matrix(evaluation)[2])
    assert [bar.get_height() for bar in lengths.patches] == [2 / 4, 2 / 6]
    assert [bar.get_height() for bar in writers.patches] == [2 / 4, 2 / 6]  # worst first
    save_figure(figure, tmp_path / "errors.svg")
    assert (tmp_path / "errors.svg").read_bytes() == save_figure(
        plot_errors(evaluation, model_name="m"), tmp_path / "again.svg"
    ).read_bytes()


def test_many_writers_are_thinned_evenly():
    lines = [Recognition(f"l{i}", f"w{i:03}", "a" * 100, "a" * (100 - i) + "b" * i) for i in range(100)]
    bars = plot_errors(summarise(lines)).axes[2].patches
    assert [bar.get_height() for bar in bars] == pytest.approx(np.arange(99, 0, -4) / 100)


@pytest.mark.parametrize("lines", [[], [Recognition("a", "", "", "")], [Recognition("$", "$", "$ $", "$x$")]])
def test_evaluations_with_little_in_them_are_drawn(tmp_path, lines):
    assert save_figure(plot_errors(summarise(lines)), tmp_path / "errors.png").stat().st_size > 0
