"""Whatever a client sends, it is understood or answered by what was expected."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.serving.server.live.message import BadMessage, config_of, number, parse, points_of, strokes_of

KEYS = ("points", "eof")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def test_an_object_of_known_keys_is_understood():
    assert parse('{"eof" : 1}', KEYS) == {"eof": 1}
    assert config_of({"config": {"a": 1}}, ("a",)) == {"a": 1} and config_of({}, ()) == {}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "1", '"eof"', "null", "[" * 100_000, '{"eof":' * 50_000])
def test_no_object_is_answered_by_what_was_expected(text):
    with pytest.raises(BadMessage, match="Expected a JSON object with points, eof. Received: "):
        parse(text, KEYS)


def test_unknown_keys_are_named():
    with pytest.raises(BadMessage, match="Expected keys among points, eof. Received: pionts"):
        parse('{"pionts": [], "eof": 1}', KEYS)
    with pytest.raises(BadMessage, match="Expected config with keys among rate. Received: sample"):
        config_of({"config": {"sample": 1}}, ("rate",))
    with pytest.raises(BadMessage, match="Expected config: an object"):
        config_of({"config": 8_000}, ("rate",))


@pytest.mark.parametrize("value", [None, "8000", True, [8], float("nan"), float("inf"), 3.9, 10**400])
def test_numbers_lie_within_bounds(value):
    with pytest.raises(BadMessage, match="Expected rate: a number from 4 to 9. Received: "):
        number({"rate": value}, "rate", 4, 9)
    assert number({"rate": 4}, "rate", 4, 9) == 4 and number({}, "rate", 4, 9, 5) == 5


def test_points_have_two_or_three_columns():
    np.testing.assert_array_equal(points_of([[1, 2], [3, 4.5]]), [[1, 2], [3, 4.5]])
    assert points_of([[1, 2, 3]]).shape == (1, 3) and len(points_of([])) == 0
    assert [len(stroke) for stroke in strokes_of([[[1, 2]], []])] == [1, 0]


BAD_POINTS = (
    5, "ab", {"x": 1}, [1, 2], [[1]], [[1, 2, 3, 4]], [[1, 2], [1, 2, 3]], [[1, "2"]], [[1, None]], [[True, 1]],
    [[1, float("nan")]], [[float("inf"), 1]], [[2e6, 0]], [[10**400, 1]], [[[1, 2]]], [[1, 2], 3],
)  # fmt: skip


@pytest.mark.parametrize("value", BAD_POINTS, ids=lambda v: str(v)[:20])
def test_other_points_are_refused(value):
    with pytest.raises(BadMessage, match=r"Expected points: a list of \[x, y\] or of \[x, y, time_s\].* Received: "):
        points_of(value)


@settings(deadline=None, max_examples=300)
@given(VALUES)
def test_nothing_else_is_ever_raised(value):
    text = json.dumps(value)
    for read in (lambda: parse(text, KEYS), lambda: points_of(value), lambda: strokes_of(value)):
        try:
            read()
        except BadMessage as error:
            assert str(error).startswith("Expected ") and len(str(error)) < 400
