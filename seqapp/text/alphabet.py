r"""Alphabet: the symbols a recogniser can write, in the order of its output classes.

A model's weights mean nothing without this order, so it is checked at construction and lies beside every
saved model as a text file that people can read and diff: UTF-8, one symbol per line, line i (from 0) is class
i. The blank has no line: it is the class after the last. What a reader could not see, or an editor could
change, is escaped:

    \s  space     \n  newline     \t  tab     \\  backslash     \u{301}  any other code point, in hexadecimal

(all that is not printable, and combining marks, which would sit on the line break and which some editors
recompose).
"""

import collections
import dataclasses
import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

_ESCAPES = {" ": r"\s", "\n": r"\n", "\t": r"\t", "\\": r"\\"}
_UNESCAPES = {escaped: raw for raw, escaped in _ESCAPES.items()}
_ESCAPE_PATTERN = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}|\\.|\\$")


@dataclasses.dataclass(frozen=True)
class Alphabet:
    """A checked one-to-one map between symbols and class indices.

    Args:
        symbols: Distinct, non-empty strings; class i is `symbols[i]`. Mostly single code points; longer ones
            (a letter with its combining marks) are matched before shorter ones, from left to right.

    Raises:
        ValueError: A symbol occurs twice or is empty.

    Example:
        >>> alphabet = Alphabet.from_texts(["abba", "a cab"])
        >>> alphabet.symbols, alphabet.blank_index, alphabet.num_classes
        ((' ', 'a', 'b', 'c'), 4, 5)
        >>> alphabet.decode(alphabet.encode("a bac"))
        'a bac'
    """

    symbols: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "symbols", tuple(self.symbols))  # a list or a str of characters is welcome too
        if "" in self.symbols:
            raise ValueError(f"Symbols must not be empty. Received one at index {self.symbols.index('')}.")
        repeated = sorted(symbol for symbol, count in collections.Counter(self.symbols).items() if count > 1)
        if repeated:
            raise ValueError(f"Symbols must be distinct. Received more than once: {_listed(repeated)}.")

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> "Alphabet":
        """Build the alphabet of all code points in `texts`, sorted: the same corpus, the same classes."""
        return cls(tuple(sorted(set().union(*texts))))

    @property
    def blank_index(self) -> int:
        """The class of the CTC blank: the last."""
        return len(self.symbols)

    @property
    def num_classes(self) -> int:
        """K: the symbols and the blank."""
        return len(self.symbols) + 1

    def __len__(self) -> int:
        return len(self.symbols)

    def encode(self, text: str, id: str = "") -> list[int]:
        """Map a text to class indices.

        Args:
            text: What to encode, normalised as the alphabet's texts were.
            id: Named in the error, where given.

        Returns:
            One index in [0, blank_index) per symbol.

        Raises:
            ValueError: `text` holds characters that the alphabet lacks.
        """
        pieces = self.split(text)
        missing = sorted(set(pieces) - self._index.keys())
        if missing:
            raise ValueError(
                f"{id + ': ' if id else ''}the alphabet of {len(self)} symbols lacks {_listed(missing)}, "
                f"found in {text!r}. Normalise the text as the training labels, skip it, or train with an "
                "alphabet that has them."
            )
        return [self._index[piece] for piece in pieces]

    def decode(self, ids: Iterable[int]) -> str:
        """Join the symbols of class indices, blanks already removed.

        Raises:
            ValueError: An index is no symbol: negative, the blank, or beyond.
        """
        ids = [int(i) for i in ids]
        wrong = [i for i in ids if not 0 <= i < len(self.symbols)]
        if wrong:
            raise ValueError(
                f"Expected indices in [0, {len(self.symbols)}). Received: {wrong[:5]}. "
                f"The blank is {self.blank_index}: collapse CTC paths before decoding."
            )
        return "".join(self.symbols[i] for i in ids)

    def unknown(self, text: str) -> set[str]:
        """Return the characters of `text` that cannot be encoded."""
        return set(self.split(text)) - self._index.keys()

    def split(self, text: str) -> list[str]:
        """Cut `text` into symbols, longest first; a character that belongs to no symbol stays alone."""
        return list(text) if self._pattern is None else self._pattern.findall(text)

    def save(self, path: str | Path) -> None:
        """Write one escaped symbol per line, as the module describes."""
        Path(path).write_text("".join(escape(symbol) + "\n" for symbol in self.symbols), encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path: str | Path) -> "Alphabet":
        """Read what `save` wrote.

        Raises:
            ValueError: A line is empty, holds an unknown escape, or repeats a symbol.
        """
        # utf-8-sig: editors that add a byte order mark would otherwise add it to the first symbol.
        lines = Path(path).read_text(encoding="utf-8-sig").removesuffix("\n").split("\n")
        if lines == [""]:
            return cls(())
        if "" in lines:
            raise ValueError(
                f"{path}:{lines.index('') + 1}: expected a symbol, received an empty line. Write a space as \\s."
            )
        return cls(tuple(unescape(line, f"{path}:{number}") for number, line in enumerate(lines, 1)))

    @functools.cached_property
    def _index(self) -> dict[str, int]:
        return {symbol: i for i, symbol in enumerate(self.symbols)}

    @functools.cached_property
    def _pattern(self) -> re.Pattern | None:
        """Match one symbol, or else any one character; None where every symbol is one character."""
        longer = sorted((s for s in self.symbols if len(s) > 1), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longer)) + "|.", re.DOTALL) if longer else None


def escape(symbol: str) -> str:
    r"""Escape `symbol` as one visible line: `escape(" ") == r"\s"`."""
    return "".join(_escape_character(character) for character in symbol)


def unescape(line: str, place: str = "") -> str:
    """Invert `escape`.

    Raises:
        ValueError: `line` holds a backslash that begins no known escape; `place` is named.
    """

    def raw(match: re.Match) -> str:
        if match[1] and int(match[1], 16) <= 0x10FFFF:
            return chr(int(match[1], 16))
        if match[0] in _UNESCAPES:
            return _UNESCAPES[match[0]]
        raise ValueError(
            f"{place or 'alphabet'}: unknown escape {match[0]!r} in {line!r}. "
            f"Known: {' '.join(_UNESCAPES)} \\u{{HEX}}. Write a backslash as \\\\."
        )

    return _ESCAPE_PATTERN.sub(raw, line)


def _escape_character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if not character.isprintable() or unicodedata.category(character).startswith("M"):
        return f"\\u{{{ord(character):x}}}"
    return character


def _listed(symbols: Sequence[str]) -> str:
    """Name symbols so that they can be told apart in a log: 'é' (U+00E9)."""
    return ", ".join(f"{s!r} ({' '.join(f'U+{ord(c):04X}' for c in s)})" for s in symbols)
