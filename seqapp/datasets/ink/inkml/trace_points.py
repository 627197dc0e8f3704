"""InkML trace content: points whose values can be differences of earlier ones.

Reference: Ink Markup Language (InkML), W3C Recommendation 20 September 2011, section 3.2.
"""

import re
from collections.abc import Sequence

import numpy as np

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_VALUE = re.compile(rf"""\s*([!'"]?)\s*(\#[-+]?[0-9A-Fa-f]+|{_NUMBER}|[*?]|[TF])""")
_EXPLICIT, _VELOCITY, _ACCELERATION = "!", "'", '"'


def read_points(text: str, channels: Sequence[str]) -> np.ndarray:
    """Decode the content of a trace.

    Args:
        text: Points separated by commas; in each, one value per channel. A value is explicit, or after `'` the
            difference to the last one, or after `"` the difference of differences; the mark holds for the
            following values of its channel until another (`!`: explicit). `*` repeats the last value, or with
            differences the last difference. What follows a colon (intermittent channels) is left out.
        channels: Names of the regular channels, such as ("X", "Y", "T").

    Returns:
        float64 [number of points, number of channels]; NaN for `?` (unknown) and for a point's missing last
        values.

    Raises:
        ValueError: Something that is none of this, or a point without as many values.

    Example:
        >>> read_points("1125 18432,'23'43,\\"7\\"-8,3-5", ("X", "Y")).tolist()
        [[1125.0, 18432.0], [1148.0, 18475.0], [1178.0, 18510.0], [1211.0, 18540.0]]
    """
    decoders = [_Channel() for _ in channels]
    points = [point for point in text.split(",") if point.strip()]
    rows = [_row(point.partition(":")[0], decoders) for point in points]
    return np.array(rows, np.float64).reshape(-1, len(channels))


class _Channel:
    """Decodes one channel: its mark in force, last value and last difference."""

    def __init__(self) -> None:
        self.mark, self.value, self.velocity = _EXPLICIT, 0.0, 0.0

    def next(self, mark: str, token: str) -> float:
        self.mark = mark or self.mark
        if token == "?":
            return np.nan
        if token == "*":
            number = {_EXPLICIT: self.value, _VELOCITY: self.velocity, _ACCELERATION: 0.0}[self.mark]
        else:
            number = _number(token)
        if self.mark == _EXPLICIT:
            self.velocity = number - self.value
        elif self.mark == _VELOCITY:
            number, self.velocity = self.value + number, number
        else:
            self.velocity += number
            number = self.value + self.velocity
        self.value = number
        return number


def _row(point: str, decoders: Sequence[_Channel]) -> list[float]:
    values: list[float] = []
    position = 0
    end = len(point.rstrip())
    while position < end:
        match = _VALUE.match(point, position)
        if not match or len(values) == len(decoders):
            raise ValueError(f"malformed point: {point.strip()!r}, expected {len(decoders)} numbers")
        values.append(decoders[len(values)].next(*match.groups()))
        position = match.end()
    if len(values) < 2:
        raise ValueError(f"malformed point: {point.strip()!r}, expected {len(decoders)} numbers")
    return values + [np.nan] * (len(decoders) - len(values))


def _number(token: str) -> float:
    if token in "TF":
        return float(token == "T")
    return float(int(token[1:], 16)) if token.startswith("#") else float(token)
