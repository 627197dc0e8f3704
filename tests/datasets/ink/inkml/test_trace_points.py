import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.datasets.ink.inkml.trace_points import read_points

XY = ("X", "Y")


def test_the_standards_example_of_differences():
    # W3C InkML, section 3.2.1: first, velocity and acceleration differences, values run together
    text = """1125 18432,'23'43,"7"-8,3-5,7 -3,6 2,6 8,3 6,2 4,2 3,0 3"""
    expected = [
        [1125, 18432], [1148, 18475], [1178, 18510], [1211, 18540], [1251, 18567], [1297, 18596],
        [1349, 18633], [1404, 18676], [1461, 18723], [1520, 18773], [1579, 18826],
    ]  # fmt: skip
    np.testing.assert_array_equal(read_points(text, XY), expected)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(-999, 999), st.integers(-999, 999)), min_size=3, max_size=12))
def test_differences_decode_to_what_was_encoded(points):
    points = np.array(points)
    first, second = np.diff(points, axis=0), np.diff(points, 2, axis=0)
    explicit = ", ".join(f"{x} {y}" for x, y in points)
    velocity = f"{points[0, 0]} {points[0, 1]}," + ",".join(f"'{x}'{y}" for x, y in first)
    acceleration = f"{points[0, 0]} {points[0, 1]},'{first[0, 0]}'{first[0, 1]}," + ",".join(
        f'"{x}"{y}' for x, y in second
    )
    for text in (explicit, velocity, acceleration):
        np.testing.assert_array_equal(read_points(text, XY), points)


def test_repeats_marks_and_other_spellings():
    np.testing.assert_array_equal(read_points("1 2, * 3, '1 *, !5 !6", XY), [[1, 2], [1, 3], [2, 3], [5, 6]])
    np.testing.assert_array_equal(read_points("#1F -.5, 1e2 +3.", XY), [[31, -0.5], [100, 3]])
    np.testing.assert_array_equal(read_points("1 2 T, 3 4 F", ("X", "Y", "S"))[:, 2], [1, 0])


def test_intermittent_values_after_a_colon_are_left_out():
    np.testing.assert_array_equal(read_points("1 2 : 9 9, 3 4", XY), [[1, 2], [3, 4]])


def test_unknown_and_missing_values_are_nan():
    points = read_points("1 ? 3, 4 5", ("X", "Y", "T"))
    np.testing.assert_array_equal(np.isnan(points), [[False, True, False], [False, False, True]])


@pytest.mark.parametrize("text", ["1 2, x 3", "1 2 3", "1", "1 nan"])
def test_anything_else_is_quoted(text):
    with pytest.raises(ValueError, match="malformed point: .*expected 2 numbers"):
        read_points(text, XY)


def test_an_empty_trace_has_no_points():
    assert read_points("  \n ", XY).shape == (0, 2)
