"""Token streams of texts that come in blocks: counts of tokens, and their ids, without a list of all tokens."""

import collections
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from seqapp.language.corpus.vocabulary import LINE_BREAK, UNKNOWN, Vocabulary, split, split_spaced

NUM_CODES = 0x110000  # of Unicode


class TokenStream:
    """Tokens of a text.

    Args:
        blocks: Function that gives the text anew, cut into blocks anywhere.
        kind: "characters" or "words".
        is_spaced: Whether words and marks are separated by spaces already, and every line ends in a token, the last one
            too (`split_spaced`).
    """

    def __init__(self, blocks: Callable[[], Iterable[str]], kind: str, is_spaced: bool = False):
        self._blocks = blocks
        self._kind = kind
        self._is_spaced = is_spaced

    def counts(self) -> collections.Counter:
        """Count each token."""
        if self._kind == "characters":
            totals = np.zeros(NUM_CODES, np.int64)
            for block in self._blocks():
                totals += np.bincount(_codes(block), minlength=NUM_CODES)
            return collections.Counter({chr(code): int(totals[code]) for code in np.flatnonzero(totals)})
        counts = collections.Counter()
        for tokens in self._words():
            counts.update(tokens)
        return counts

    def ids(self, vocabulary: Vocabulary) -> Iterator[np.ndarray]:
        """Yield the ids of all tokens, int32 `[n]` at a time."""
        if self._kind == "words":
            yield from map(vocabulary.encode_tokens, self._words())
            return
        table = np.full(NUM_CODES, vocabulary.index[UNKNOWN], np.int32)
        for token, number in vocabulary.index.items():
            if len(token) == 1:
                table[ord(token)] = number
        for block in self._blocks():
            yield table[_codes(block)]

    def _words(self):
        """Yield lists of tokens. Blocks are cut behind white space, which no word holds."""
        rest, last = "", "\n"
        for block in self._blocks():
            last = block[-1]
            end = max(block.rfind(" "), block.rfind("\n")) + 1
            if end:
                yield self._split(rest + block[:end])
                rest = block[end:]
            else:
                rest += block
        is_open = self._is_spaced and last != "\n"
        yield self._split(rest) + [LINE_BREAK] * is_open

    def _split(self, text):
        if not self._is_spaced:
            return split(text, "words")
        tokens = split_spaced(text)
        return tokens if text.endswith("\n") else tokens[:-1]


def _codes(block):
    """Code points of a text, uint32 `[n]`."""
    return np.frombuffer(block.encode("utf-32-le", "surrogatepass"), np.uint32)
