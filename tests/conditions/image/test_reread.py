"""Pictures come back as files do."""

import numpy as np

from seqapp.conditions.image.edges import add_margins
from seqapp.conditions.image.reread import reread
from seqapp.conditions.image.tone import invert


def test_a_line_stays_about_as_it_is(line):
    again = reread(line)
    assert again.dtype == np.float32 and again.shape[1] == 64 and again.min() >= 0 and again.max() <= 1
    assert abs(len(again) / len(line) - 1) < 0.05


def test_margins_and_negatives_are_what_reading_is_for(line):
    assert abs(len(reread(add_margins(line, 0.5))) / (len(line) + 64) - 1) < 0.05
    assert np.abs(reread(invert(line)) - reread(line)).max() < 0.01
