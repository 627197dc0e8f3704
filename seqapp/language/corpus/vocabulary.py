"""Vocabularies of language models: tokens (characters or words) and their ids."""

import collections
import dataclasses
import functools
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from seqapp.text.alphabet import escape, unescape

UNKNOWN, LINE_BREAK = "<unk>", "\n"
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*|<unk>|[^\w\s]|_")


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    """What a language model can say. The end of a line is a token, and so is the unknown.

    Args:
        tokens: `[V]` strings, the frequent ones first.
        kind: "characters" or "words".
    """

    tokens: tuple[str, ...]
    kind: str

    def __post_init__(self):
        if missing := {UNKNOWN, LINE_BREAK} - set(self.tokens):
            raise ValueError(f"A vocabulary must hold {sorted(missing)!r}: expected the file that a training wrote.")

    @classmethod
    def from_tokens(cls, tokens: Iterable[str], kind: str, min_count: int = 1) -> "Vocabulary":
        """Take all that occur at least `min_count` times, the most frequent first, equally frequent ones sorted."""
        return cls.from_counts(collections.Counter(tokens), kind, min_count)

    @classmethod
    def from_counts(cls, counts: collections.Counter, kind: str, min_count: int = 1) -> "Vocabulary":
        """Take tokens as `from_tokens`, of counts by token."""
        counts = collections.Counter(counts)
        for special in (UNKNOWN, LINE_BREAK):
            counts[special] = max(counts[special], min_count)
        frequent = [token for token, count in counts.items() if count >= min_count]
        return cls(tuple(sorted(frequent, key=lambda token: (-counts[token], token))), kind)

    def __len__(self):
        return len(self.tokens)

    @functools.cached_property
    def index(self) -> dict[str, int]:
        """Token -> its number."""
        return {token: i for i, token in enumerate(self.tokens)}

    def split(self, text: str) -> list[str]:
        """Split a text into tokens, known or not."""
        return split(text, self.kind)

    def encode(self, text: str):
        """Return the ids of a text, int32 `[N]`; an unknown token gets the id of the unknown one."""
        return self.encode_tokens(self.split(text))

    def encode_tokens(self, tokens: Iterable[str]):
        """Return the ids of tokens, int32 `[N]`."""
        unknown = self.index[UNKNOWN]
        return np.array([self.index.get(token, unknown) for token in tokens], np.int32)

    def decode(self, ids: Iterable[int]) -> str:
        """Join the tokens of ids to a text; words are separated by spaces."""
        tokens = [self.tokens[int(i)] for i in ids]
        text = ("" if self.kind == "characters" else " ").join(tokens)
        return text if self.kind == "characters" else text.replace(f" {LINE_BREAK}", LINE_BREAK).replace("\n ", "\n")

    def save(self, path: str | Path) -> None:
        """Write one escaped token per line."""
        lines = "".join(escape(token) + "\n" for token in (self.kind, *self.tokens))
        Path(path).write_text(lines, encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path: str | Path) -> "Vocabulary":
        """Read what `save` wrote.

        Raises:
            ValueError: For a file that is no vocabulary.
        """
        kind, *tokens = (unescape(line, str(path)) for line in Path(path).read_text(encoding="utf-8").splitlines())
        return cls(tuple(tokens), kind)


def split(text: str, kind: str) -> list[str]:
    """Split a text into tokens.

    Args:
        text: Any text.
        kind: "characters", or "words": runs of letters and digits with their apostrophes, and single marks; every line
            ends in a token of its own.
    """
    if kind == "characters":
        return list(text)
    lines = text.split("\n")
    words = [token for line in lines[:-1] for token in (*_WORD.findall(line), LINE_BREAK)]
    return words + _WORD.findall(lines[-1])


def split_spaced(text: str) -> list[str]:
    """Split a text whose words and marks are separated by spaces already; every line ends in a token of its own."""
    lines = text.removesuffix("\n").split("\n")
    return [token for line in lines for token in (*line.split(), LINE_BREAK)]
