"""Tokens and their numbers: characters, or words."""

import collections
import dataclasses
import functools
import re
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
    def from_tokens(cls, tokens, kind, min_count=1):
        """All that occur at least `min_count` times, the frequent ones first, equally frequent ones sorted."""
        counts = collections.Counter(tokens)
        for special in (UNKNOWN, LINE_BREAK):
            counts[special] = max(counts[special], min_count)
        kept = [token for token, count in counts.items() if count >= min_count]
        return cls(tuple(sorted(kept, key=lambda token: (-counts[token], token))), kind)

    def __len__(self):
        return len(self.tokens)

    @functools.cached_property
    def index(self):
        """Token -> its number."""
        return {token: i for i, token in enumerate(self.tokens)}

    def split(self, text) -> list[str]:
        """A text as tokens, known or not."""
        return split(text, self.kind)

    def encode(self, text):
        """A text as numbers, int32 `[N]`; what is not known is the unknown one."""
        return self.encode_tokens(self.split(text))

    def encode_tokens(self, tokens):
        """Tokens as numbers, int32 `[N]`."""
        unknown = self.index[UNKNOWN]
        return np.array([self.index.get(token, unknown) for token in tokens], np.int32)

    def decode(self, ids) -> str:
        """Numbers as a text; words are parted by spaces."""
        tokens = [self.tokens[int(i)] for i in ids]
        text = ("" if self.kind == "characters" else " ").join(tokens)
        return text if self.kind == "characters" else text.replace(f" {LINE_BREAK}", LINE_BREAK).replace("\n ", "\n")

    def save(self, path) -> None:
        """One escaped token a line."""
        lines = "".join(escape(token) + "\n" for token in (self.kind, *self.tokens))
        Path(path).write_text(lines, encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path):
        """Read what `save` wrote.

        Raises:
            ValueError: For a file that is no vocabulary.
        """
        kind, *tokens = (unescape(line, str(path)) for line in Path(path).read_text(encoding="utf-8").splitlines())
        return cls(tuple(tokens), kind)


def split(text, kind) -> list[str]:
    """A text as tokens.

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


def split_spaced(text) -> list[str]:
    """A text whose words and marks stand between blanks already; every line ends in a token of its own."""
    lines = text.removesuffix("\n").split("\n")
    return [token for line in lines for token in (*line.split(), LINE_BREAK)]
