"""A long line that is doubted among sure ones is print; short ones, and those of a doubtful page, stay."""

import logging

import numpy as np

from seqapp.models.line_finder.found_line import FoundLine
from seqapp.models.line_finder.small_print import without_small_print


def line(confidence, length=300.0, y=0.0):
    return FoundLine(np.array([[10.0, y], [10.0 + length, y]]), 15.0, 6.0, confidence)


def test_print_is_left_out_and_told(caplog):
    caplog.set_level(logging.INFO)
    hand = [line(0.8, y=y) for y in (40.0, 80.0, 120.0)]
    assert without_small_print([line(0.57), *hand]) == hand
    assert "1 of 4 lines left out as small print" in caplog.text


def test_what_a_hand_may_have_written_stays(caplog):
    caplog.set_level(logging.INFO)
    hand = [line(0.8, y=y) for y in (40.0, 80.0, 120.0)]
    for doubted in (line(0.57, length=100.0), line(0.65)):
        assert without_small_print([doubted, *hand]) == [doubted, *hand]
    faint = [line(0.57), line(0.7, y=40.0), line(0.72, y=80.0)]
    assert without_small_print(faint) == faint and without_small_print([]) == []
    assert not caplog.records
