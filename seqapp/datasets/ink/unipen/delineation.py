"""UNIPEN delineations: the ranges of components that a segment covers, such as `3-7:12,9`."""

import re
from typing import NamedTuple

_NUMBER = r"(\d+)(?::(\d+))?"
_RANGE = re.compile(rf"{_NUMBER}(?:-{_NUMBER})?")


class Span(NamedTuple):
    """Components `first` to `last`, both included; a point is None where the whole component is meant."""

    first: int
    first_point: int | None
    last: int
    last_point: int | None


def parse_delineation(text: str) -> list[Span]:
    """Parse a delineation.

    Args:
        text: Comma list of `a`, `a-b`, `a:p`, `a:p-b:q`: component a (from its point p) to component b (to
            its point q, included), all counted from 0.

    Returns:
        One span per entry, in the order written.

    Raises:
        ValueError: Not of this grammar, or a range runs backwards.

    Example:
        >>> [tuple(span) for span in parse_delineation("3-7:12,9")]
        [(3, None, 7, 12), (9, None, 9, None)]
    """
    return [_span(entry.strip(), text) for entry in text.split(",")]


def _span(entry: str, text: str) -> Span:
    match = _RANGE.fullmatch(entry)
    if not match:
        raise ValueError(f"delineation: expected a, a-b, a:p-b:q or a comma list of these, received {text!r}")
    first, first_point, last, last_point = (group and int(group) for group in match.groups())
    if last is None:  # `a:p` alone: that one point
        last = first
        last_point = first_point
    if (last, last_point or 0) < (first, 0) or (first == last and _backwards(first_point, last_point)):
        raise ValueError(f"delineation: the range {entry!r} of {text!r} runs backwards")
    return Span(first, first_point, last, last_point)


def _backwards(first_point: int | None, last_point: int | None) -> bool:
    return first_point is not None and last_point is not None and last_point < first_point
