"""The confidence of a word is SciPy's geometric mean of its characters', and a certain error does not make it zero."""

import numpy as np
import pytest
import scipy.stats

from seqapp.decoding.confidence import LEAST, geometric_mean


def test_it_is_the_geometric_mean():
    probabilities = np.random.default_rng(0).uniform(1e-6, 1.0, 40)
    assert geometric_mean(probabilities) == pytest.approx(scipy.stats.gmean(probabilities), rel=1e-12)
    assert geometric_mean([0.25, 1.0]) == 0.5


def test_a_probability_of_zero_counts_as_the_least_one():
    assert geometric_mean([0.0, 1.0]) == pytest.approx(LEAST**0.5, rel=1e-12)
