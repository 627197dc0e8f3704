"""Sentences that n-gram models are estimated from: texts as symbols, or as words, and as arrays of their numbers."""

import logging
from collections.abc import Iterable, Iterator

import numpy as np

from seqapp.decoding.ngram import UNKNOWN
from seqapp.decoding.ngram.encode import PIECE, SPECIAL, encode, renumbered
from seqapp.decoding.scorers.word_scorer import words_of
from seqapp.decoding.spelling import Spelling
from seqapp.text.alphabet import Alphabet, escape

log = logging.getLogger(__name__)

_END = SPECIAL.index("</s>")


def symbol_sentences(texts: Iterable[str], alphabet: Alphabet) -> list[list[str]]:
    """Return texts as escaped symbols; what the recogniser cannot write becomes the unknown one."""
    symbols = set(alphabet.symbols)
    return [[escape(s) if s in symbols else UNKNOWN for s in alphabet.split(text)] for text in texts]


def word_sentences(texts: Iterable[str]) -> list[list[str]]:
    """Return texts as words without case; those without a word are left out."""
    return [words for text in texts if (words := words_of(text))]


class TextEncoder:
    """Turns texts of any kind into what an n-gram model is estimated from.

    Args:
        alphabet: `Alphabet` of the recogniser; texts are spelled with it.
        tokens: "characters" or "words".

    Attributes:
        num_texts: Texts that were encoded, those of which nothing is left not counted.
    """

    def __init__(self, alphabet: Alphabet, tokens: str = "characters"):
        self._alphabet = alphabet
        self._is_of_words = tokens == "words"
        self.num_texts = 0

    def encode(self, texts: Iterable[str]) -> tuple[list[np.ndarray], list[str]]:
        """Encode labels, as `encode_symbols` or `encode_words`; log what the alphabet could not write."""
        spelling = Spelling(self._alphabet)
        writable = self._counted(map(spelling.writable, texts))
        encoded = encode_words(writable) if self._is_of_words else encode_symbols(writable, self._alphabet)
        if summary := spelling.summary():
            log.info("%s", summary)
        return encoded

    def _counted(self, texts):
        for text in filter(None, texts):
            self.num_texts += 1
            yield text

    def sentences(self, texts: Iterable[str]) -> list[list[str]]:
        """Return labels as lists of tokens, as `encode` sees them."""
        writable = map(Spelling(self._alphabet).writable, texts)
        return word_sentences(writable) if self._is_of_words else symbol_sentences(writable, self._alphabet)


def encode_words(texts: Iterable[str]) -> tuple[list[np.ndarray], list[str]]:
    """Return the words of texts as `encode` does."""
    return encode(words for text in texts if (words := words_of(text)))


def encode_symbols(texts: Iterable[str], alphabet: Alphabet) -> tuple[list[np.ndarray], list[str]]:
    """Return the symbols of texts as `encode` does, many texts at once.

    Args:
        texts: Iterable of strings that the alphabet can write, without line breaks.
        alphabet: `Alphabet` of the recogniser.

    Raises:
        ValueError: For no symbol at all.
    """
    symbols = alphabet.symbols
    if any(len(symbol) > 1 or symbol == "\n" for symbol in symbols):
        return encode([escape(symbol) for symbol in alphabet.split(text)] for text in texts)
    numbers = np.zeros(0x110000, np.uint8 if len(symbols) < 250 else np.int32)
    numbers[[ord(symbol) for symbol in symbols]] = np.arange(len(SPECIAL), len(SPECIAL) + len(symbols))
    numbers[ord("\n")] = _END
    pieces = [_with_begins(numbers[_code_points(lines)]) for lines in _joined(texts)]
    if not any((piece >= len(SPECIAL)).any() for piece in pieces):
        return encode([])  # which refuses it
    return renumbered(pieces, [*SPECIAL, *map(escape, symbols)])


def _joined(texts) -> Iterator[str]:
    """Yield many texts as one string, each with a line break behind it."""
    waiting = []
    size = 0
    for text in texts:
        waiting.append(f"{text}\n")
        size += len(text)
        if size > PIECE:
            yield "".join(waiting)
            waiting = []
            size = 0
    if waiting:
        yield "".join(waiting)


def _code_points(text):
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _with_begins(numbers):
    """Put a `<s>`, which is 0, before each sentence."""
    begins = np.append(0, np.flatnonzero(numbers == _END)[:-1] + 1)
    return np.insert(numbers, begins, 0)
