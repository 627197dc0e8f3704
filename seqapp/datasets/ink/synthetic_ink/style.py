"""Style parameters of a synthetic writer: they stay the same in everything one writer writes."""

import dataclasses
import functools
import zlib

import numpy as np

_STREAM = 20250  # keeps these draws apart from other uses of the same numbers


def writer_name(number: int) -> str:
    """Return the writer_id of a writer's number: 12 -> "synthetic-012"."""
    return f"synthetic-{number:03d}"


@dataclasses.dataclass(frozen=True)
class Style:
    """One writer's habits; lengths in x-heights, shares and probabilities in [0, 1].

    `Style.of_writer` draws them all; change single values with `dataclasses.replace`.
    """

    writer: int = 0  # number: seeds the shapes of the letters
    size: float = 40.0  # x-height, in device units
    width: float = 1.0  # horizontal stretch of letters
    slant: float = 0.0  # shear added to the letters' own slant of about 15 degrees; positive leans right
    ascender: float = 1.0  # stretch of what is above the x-height
    descender: float = 1.0  # stretch of what is below the baseline
    upper_loop: float = 1.0  # width of ascender loops; 0 retraces the stem
    lower_loop: float = 1.0  # width of descender loops
    spacing: float = 0.05  # added between letters
    word_gap: float = 1.2  # between words
    slope: float = 0.0  # of the writing line, dy/dx
    wander: float = 0.05  # amplitude of the slow waves of the writing line
    size_drift: float = 0.05  # of the slow changes of size, relative
    sloppiness: float = 0.04  # displacement of control points from one letter to the next, standard deviation
    oddity: float = 0.05  # the same, fixed for the writer: what makes a hand recognisable
    rounding: float = 0.1  # length over which corners are smoothed
    tremor: float = 0.01  # standard deviation of slow pen tremor
    speed: float = 25.0  # of the pen on a straight line, x-heights per second
    lift: float = 0.05  # probability of a pen lift between two letters that could be joined
    printing: float = 0.0  # share of small letters in printed form, which are not joined
    printed_capitals: float = 0.5  # share of capitals in plain form
    join_capital: float = 0.2  # probability that a script capital runs into the next letter
    lead_in: float = 0.7  # probability of an up-stroke before a word's first letter
    late_at_once: float = 0.1  # probability that a dot or bar is written as soon as the pen is lifted
    late_shift: float = 0.1  # how far dots and bars drift to the right

    def __hash__(self) -> int:  # of two dozen fields it would take longer than to find what is cached by it
        return hash((self.writer, self.size))

    @classmethod
    @functools.lru_cache(maxsize=4096)
    def of_writer(cls, number: int) -> "Style":
        """Draw the hand of one writer, the same one every time.

        Args:
            number: Which writer, >= 0.

        Returns:
            The style.
        """
        draw = np.random.default_rng([_STREAM, number])
        lifts = draw.random() < 0.33  # a third lift the pen often, and print some letters or all
        return cls(
            writer=number,
            size=_around(40.0, 0.3, draw),
            width=_around(1.0, 0.16, draw),
            slant=float(np.clip(draw.normal(0.0, 0.2), -0.5, 0.4)),
            ascender=draw.uniform(0.65, 1.15),
            descender=draw.uniform(0.6, 1.1),
            upper_loop=draw.uniform(0.15, 1.3),
            lower_loop=draw.uniform(0.15, 1.3),
            spacing=float(np.clip(draw.normal(0.06, 0.12), -0.12, 0.5)),
            word_gap=draw.uniform(0.6, 1.8),
            slope=draw.normal(0.0, 0.02),
            wander=draw.uniform(0.02, 0.12),
            size_drift=draw.uniform(0.02, 0.1),
            sloppiness=draw.uniform(0.02, 0.06),
            oddity=draw.uniform(0.03, 0.08),
            rounding=draw.uniform(0.06, 0.17),
            tremor=draw.uniform(0.004, 0.02),
            speed=_around(25.0, 0.3, draw),
            lift=draw.uniform(0.1, 0.4) if lifts else draw.uniform(0.0, 0.06),
            printing=draw.uniform(0.1, 1.0) if lifts else max(0.0, draw.uniform(-0.15, 0.15)),
            printed_capitals=float(draw.choice([0.0, 0.2, 0.9, 1.0])),
            join_capital=draw.uniform(0.0, 0.5),
            lead_in=draw.uniform(0.1, 1.0),
            late_at_once=float(draw.choice([0.0, 0.05, 0.4])),
            late_shift=draw.uniform(0.0, 0.3),
        )

    def seed(self, *parts: int | str) -> list[int]:
        """Return a seed for `np.random.default_rng` that names this writer and the given parts."""
        numbers = (zlib.crc32(part.encode()) if isinstance(part, str) else part for part in parts)
        return [_STREAM, self.writer, *numbers]


def _around(middle: float, spread: float, draw: np.random.Generator) -> float:
    return float(middle * np.exp(draw.normal(0.0, spread)))
