import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.datasets.ink.unipen.delineation import Span, parse_delineation

SETTINGS = settings(deadline=None, max_examples=100)
number = st.integers(0, 9999)
point = st.none() | number


@st.composite
def spans(draw):
    first, last = sorted((draw(number), draw(number)))
    first_point, last_point = draw(point), draw(point)
    if first == last and first_point is not None and (last_point is None or last_point < first_point):
        last_point = first_point
    return Span(first, first_point, last, last_point)


def spell(span):
    first = f"{span.first}" if span.first_point is None else f"{span.first}:{span.first_point}"
    last = f"{span.last}" if span.last_point is None else f"{span.last}:{span.last_point}"
    return first if first == last else f"{first}-{last}"


@SETTINGS
@given(st.lists(spans(), min_size=1, max_size=4))
def test_parsing_inverts_spelling(expected):
    assert parse_delineation(",".join(map(spell, expected))) == expected


@SETTINGS
@given(st.text("0123456789:-, x.", max_size=12))
def test_anything_else_is_a_value_error_that_quotes_it(text):
    try:
        parsed = parse_delineation(text)
    except ValueError as error:
        assert repr(text) in str(error)
    else:
        assert all(span.first <= span.last for span in parsed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", [(7, None, 7, None)]),
        ("3-7", [(3, None, 7, None)]),
        ("3:5", [(3, 5, 3, 5)]),
        ("3:5-7:0", [(3, 5, 7, 0)]),
        ("3-7:9", [(3, None, 7, 9)]),
        ("3-4:9,6, 8:1-9", [(3, None, 4, 9), (6, None, 6, None), (8, 1, 9, None)]),
    ],
)
def test_examples_of_the_grammar(text, expected):
    assert parse_delineation(text) == expected


@pytest.mark.parametrize("text", ["7-3", "3:5-3:4"])
def test_a_range_that_runs_backwards_is_refused(text):
    with pytest.raises(ValueError, match="backwards"):
        parse_delineation(text)
