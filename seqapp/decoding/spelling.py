"""Spelling of any text with the symbols of an alphabet: typographic variants, base letters, and what is left out."""

import collections
import re
import unicodedata

from seqapp.text.alphabet import Alphabet

# Characters that stand for each other; the first one of a row that the alphabet holds is taken.
VARIANTS = ("'\u2019\u2018\u02bc\u00b4`\u2032\u201b", "\"\u201d\u201c\u201e\u2033\u00bb\u00ab\u201f",
            "-\u2013\u2014\u2010\u2011\u2012\u2015\u2212", "/\u2044\u2215", "*\u2022\u00b7", "~\u223c")  # fmt: skip
# Letters that Unicode does not decompose, and marks of several characters.
SPELLED = {"\u00e6": "ae", "\u0153": "oe", "\u00df": "ss", "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00fe": "th",
           "\u00f0": "d", "\u0131": "i", "\u2026": "..."}  # fmt: skip
APOSTROPHES = VARIANTS[0]
_LOST = "\0"  # stands where a letter or a digit cannot be written: its whole word is left out
_LOST_WORD = re.compile(r"\S*\0\S*")


class Spelling:
    """Spells texts with an alphabet, and counts what could not stay as it was.

    Args:
        alphabet: `Alphabet` of the recogniser.

    Attributes:
        num_characters: Characters of all texts that were spelled by `writable`.
        changed: Counter of the characters that were spelled otherwise or left out.
    """

    def __init__(self, alphabet: Alphabet):
        self._alphabet = alphabet
        self._symbols = set(alphabet.symbols)
        self._table = _Table(self._spelling)
        self._has_long_symbols = any(len(symbol) > 1 for symbol in alphabet.symbols)
        self.num_characters = 0
        self.changed = collections.Counter()

    def variant(self, character: str) -> str:
        """Return the typographic variant of a character that the alphabet holds, the character itself if none."""
        if character in self._symbols:
            return character
        rows = (row for row in VARIANTS if character in row)
        return next((other for row in rows for other in row if other in self._symbols), character)

    def composed(self, text: str) -> str:
        """Return a text in NFC, its quotes and dashes those of the alphabet."""
        return "".join(map(self.variant, unicodedata.normalize("NFC", text)))

    def writable(self, text: str) -> str:
        """Spell a text, normalised as a label, so that the recogniser could write it.

        A character that the alphabet lacks becomes its typographic variant, its other case, or its base letters; a
        word with a letter or digit that has none of these is left out, and any other mark becomes a space.
        """
        pieces = self._alphabet.split(text) if self._has_long_symbols else text
        self.num_characters += len(pieces)
        if unwritable := set(pieces) - self._symbols:
            self.changed.update(piece for piece in pieces if piece in unwritable)
            if self._has_long_symbols:
                text = "".join(piece if piece in self._symbols else piece.translate(self._table) for piece in pieces)
            else:
                text = text.translate(self._table)
            text = " ".join(_LOST_WORD.sub(" ", text).split())
        return text

    def summary(self) -> str:
        """Say in one line what was changed, the commonest first; "" where nothing was."""
        if not self.changed:
            return ""
        commonest = ", ".join(
            f"{character!r} {self._outcome(character)} ({count})" for character, count in self.changed.most_common(8)
        )
        share = 100 * self.changed.total() / self.num_characters
        more = "" if len(self.changed) <= 8 else f" and {len(self.changed) - 8} more"
        return f"{self.changed.total()} characters ({share:.2g} %) that the model cannot write: {commonest}{more}"

    def _outcome(self, character):
        spelling = self._table[ord(character)] if len(character) == 1 else ""
        if spelling == _LOST:
            return "left out with its word"
        return f"as {spelling!r}" if spelling.strip() else "left out"

    def _spelling(self, character):
        if (variant := self.variant(character)) in self._symbols:
            return variant
        for other in (_swapped(character), *_base_letters(character)):
            if other and all(self.variant(c) in self._symbols for c in other):
                return "".join(map(self.variant, other))
        if unicodedata.category(character)[0] in "LN":
            return _LOST
        is_within_words = character in APOSTROPHES or unicodedata.category(character)[0] == "M"
        return "" if is_within_words else " "


class _Table(dict):
    """Code point -> spelling, filled as texts are met: for `str.translate`."""

    def __init__(self, spelling):
        self._spelling = spelling

    def __missing__(self, code_point):
        self[code_point] = self._spelling(chr(code_point))
        return self[code_point]


def _swapped(text):
    return text.upper() if text != text.upper() else text.lower()


def _base_letters(character):
    """Return the ways to spell a character by simpler ones, each in both cases."""
    lower = character.lower()
    plain = SPELLED.get(lower) or "".join(
        c for c in unicodedata.normalize("NFKD", character) if not unicodedata.category(c).startswith("M")
    )
    if lower in SPELLED and lower != character:
        plain = plain.title()
    return [] if plain in ("", character) else [plain, _swapped(plain), plain.lower()]
