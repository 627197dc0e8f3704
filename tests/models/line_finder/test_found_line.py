import numpy as np
import pytest

from seqapp.models.line_finder.found_line import FoundLine


def test_an_outline_encloses_the_baseline_by_its_heights():
    line = FoundLine(np.array([[10.0, 50.0], [60.0, 52.0], [110.0, 50.0]]), above=20.0, below=8.0)
    assert line.outline().tolist() == [[10, 30], [60, 32], [110, 30], [110, 58], [60, 60], [10, 58]]


def test_the_heights_of_a_sloping_line_are_measured_across_it():
    line = FoundLine(np.array([[0.0, 0.0], [30.0, 40.0]]), above=10.0, below=5.0)
    outline = line.outline()
    assert outline[0] == pytest.approx([8.0, -6.0]) and outline[-1] == pytest.approx([-4.0, 3.0])


def test_a_text_line_is_cut_as_one_of_a_layout():
    line = FoundLine(np.array([[10.0, 50.0], [110.0, 50.0]]), 20.0, 8.0).text_line("l1", "Word")
    assert (line.id, line.text, len(line.polygon), line.baseline.tolist()) == ("l1", "Word", 4, [[10, 50], [110, 50]])
