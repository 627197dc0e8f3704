import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqapp.evaluation import Recognition, summarise
from seqapp.evaluation.conditions.confidence_quality import auroc, confidence_quality


def scored(*readings):
    """Examples of (reference, hypothesis, confidence)."""
    recognitions = [Recognition(str(i), "", *reading) for i, reading in enumerate(readings)]
    return summarise(recognitions).examples


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=30))
def test_auroc_is_the_share_of_pairs_in_the_right_order(pairs):
    confidences, is_right = zip(*pairs)
    right = [c for c, r in pairs if r]
    wrong = [c for c, r in pairs if not r]
    if not right or not wrong:
        assert auroc(confidences, is_right) is None
    else:
        wins = [1.0 if a > b else 0.5 if a == b else 0.0 for a in right for b in wrong]
        assert auroc(confidences, is_right) == pytest.approx(np.mean(wins))


def test_what_confidence_is_worth():
    quality = confidence_quality(scored(("ab", "ab", 0.9), ("abcd", "abcx", 0.4), ("ab", "xyz", 0.2)))
    assert (quality.num_readings, quality.num_right) == (3, 1)
    assert quality.mean == pytest.approx(0.5) and quality.mean_of_bad == pytest.approx(0.2) and quality.auroc == 1.0
    assert quality.expected_calibration_error == pytest.approx((0.1 + 0.4 + 0.2) / 3)


def test_readings_without_a_confidence_are_left_out():
    assert confidence_quality(scored(("a", "a", math.nan))).num_readings == 0
    quality = confidence_quality(scored(("a", "a", math.nan), ("a", "a", 1.0)))
    assert (quality.num_readings, quality.auroc, quality.mean_of_bad) == (1, None, None)
    assert quality.expected_calibration_error == 0.0
