"""Condition: one kind of damage at one strength, and the text that names it."""

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from seqapp.command_line.near_names import did_you_mean


@dataclasses.dataclass(frozen=True)
class Damage:
    """One kind of damage to raw input.

    Args:
        apply: Function of (raw, strength, rng, others) that gives raw of the same sense: `raw` as the graph takes it
            (float32), `rng` a `numpy.random.Generator`, `others` a function that draws the raw input of another
            example.
        unit: Of the strength, such as "dB"; "" where there is no strength to choose.
        strengths: Those of the table.
        meaning: In words.
    """

    apply: Callable
    unit: str
    strengths: tuple[float, ...]
    meaning: str


@dataclasses.dataclass(frozen=True)
class Condition:
    """A damage at one strength.

    Args:
        name: Of the damage.
        damage: `Damage`.
        strength: In its unit.
    """

    name: str
    damage: Damage
    strength: float

    def __str__(self):
        return f"{self.name}={self.strength:g}" if self.damage.unit else self.name

    @property
    def title(self) -> str:
        """Name, strength and unit, for tables."""
        name = self.name.replace("_", " ")
        return f"{name} {self.strength:g} {self.damage.unit}" if self.damage.unit else name

    def apply(self, raw: np.ndarray, seed: int, others: Callable) -> np.ndarray:
        """Damage one example.

        Args:
            raw: Float32 `[N, ...]`, as the graph takes it.
            seed: Int; equal seeds give equal damage.
            others: Function of a `numpy.random.Generator` that gives the raw input of some other example.

        Returns:
            Float32 `[M, ...]`.
        """
        return np.asarray(self.damage.apply(raw, self.strength, np.random.default_rng(seed), others))


def of_strength(function: Callable) -> Callable:
    """Make the `apply` of a `Damage` out of a function of (raw, strength)."""
    return lambda raw, strength, rng, others: function(raw, strength)


def drawn(function: Callable) -> Callable:
    """Make the `apply` of a `Damage` out of a function of (raw, seed, strength), its seed int32 `[2]`."""
    return lambda raw, strength, rng, others: function(raw, draw_seed(rng), strength)


def draw_seed(rng: np.random.Generator) -> np.ndarray:
    """Draw a seed of TensorFlow's stateless operations, int32 `[2]`."""
    return rng.integers(0, 2**31, 2).astype(np.int32)


def find_conditions(texts: Iterable[str], table: Mapping[str, Damage]) -> list[Condition]:
    """Return the conditions that are named.

    Args:
        texts: Each "all", the name of a damage (at all strengths of the table), name=strength, or a file with one of
            these a line.
        table: `Damage`s of one sense by name.

    Raises:
        ValueError: A name that the table lacks, or a strength that is no number.
    """
    found = {}
    for text in itertools.chain.from_iterable(map(_lines, texts)):
        name, equals, strength = text.partition("=")
        names = list(table) if text == "all" else [name]
        for name in names:
            if name not in table:
                raise ValueError(
                    f"No condition {name!r}.{did_you_mean(name, [*table])} Expected all, or some of "
                    f"{', '.join(table)}, each with =STRENGTH where another one is wanted."
                )
            strengths = (_number(strength, text),) if equals else table[name].strengths
            found |= {str(c): c for c in (Condition(name, table[name], s) for s in strengths)}
    return [*found.values()]


def _lines(text):
    """The text itself, or the lines of the file that it names."""
    path = Path(text)
    if not path.is_file():
        return [text]
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _number(strength, text):
    try:
        return float(strength)
    except ValueError:
        raise ValueError(f"Condition {text!r}: expected a number behind the equals sign.") from None
