"""Tokens are drawn with their probabilities, and with none but the likeliest where so wished."""

import numpy as np
import pytest

from seqapp.language.sampling import draw

LOG_PROBS = np.log([0.5, 0.3, 0.15, 0.05])


def shares(count=4000, **options):
    rng = np.random.default_rng(0)
    values = {"temperature": 1.0, "top_p": 1.0, **options}
    drawn = [
        draw(LOG_PROBS, values["temperature"], values["top_p"], rng, values.get("forbidden")) for _ in range(count)
    ]
    return np.bincount(drawn, minlength=4) / count


def test_plain_draws_follow_the_probabilities():
    np.testing.assert_allclose(shares(), np.exp(LOG_PROBS), atol=0.03)


def test_temperature_sharpens():
    sharp = np.exp(2 * LOG_PROBS)
    np.testing.assert_allclose(shares(temperature=0.5), sharp / sharp.sum(), atol=0.03)
    assert shares(50, temperature=0).tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("top_p, kept", [(0.5, 1), (0.51, 2), (0.8, 2), (0.95, 3), (1.0, 4)])
def test_the_nucleus_is_the_smallest_set_of_that_probability(top_p, kept):
    assert np.count_nonzero(shares(top_p=top_p)) == kept


def test_what_is_forbidden_never_comes():
    assert shares(forbidden=0)[0] == 0 and shares(5, temperature=0, forbidden=0).tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize("values", [{"temperature": -1}, {"top_p": 0}, {"top_p": 1.1}, {"temperature": float("nan")}])
def test_values_out_of_range_are_refused(values):
    with pytest.raises(ValueError, match="temperature must be"):
        shares(1, **values)
