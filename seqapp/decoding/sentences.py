"""Sentences that n-gram models are estimated from: texts as symbols, or as words."""

from collections.abc import Iterable
from pathlib import Path

from seqapp.decoding.ngram import UNKNOWN
from seqapp.decoding.scorers.word_scorer import words_of
from seqapp.text.alphabet import Alphabet, escape


def symbol_sentences(texts: Iterable[str], alphabet: Alphabet) -> list[list[str]]:
    """Return texts as escaped symbols; what the recogniser cannot write becomes the unknown one."""
    symbols = set(alphabet.symbols)
    return [[escape(s) if s in symbols else UNKNOWN for s in alphabet.split(text)] for text in texts]


def word_sentences(texts: Iterable[str]) -> list[list[str]]:
    """Return texts as words without case; those without a word are left out."""
    return [words for text in texts if (words := words_of(text))]


def read_texts(paths: Iterable[str | Path]) -> list[str]:
    """Read the lines of text files, empty ones left out.

    Raises:
        ValueError: For a file that is none, or is not UTF-8.
    """
    lines = []
    for path in map(Path, paths):
        if not path.is_file():
            raise ValueError(f"No text at {path}. Expected a text file in UTF-8.")
        try:
            lines += path.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} is not UTF-8: {error}.") from error
    return [line for line in lines if line.strip()]
