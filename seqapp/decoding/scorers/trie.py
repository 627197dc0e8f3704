"""Trie: a tree of words by their letters."""

from collections.abc import Iterable
from typing import Any

ROOT = 0  # no letter yet
OUTSIDE = -1  # letters that begin none of the words


class Trie:
    """A tree of words. A node is an int; `OUTSIDE` leads to itself.

    Args:
        words: (spelling, value) pairs; of equal spellings the first counts.
    """

    def __init__(self, words: Iterable[tuple[str, Any]]):
        self._children = {}
        self._values = {}
        self._size = 1
        for spelling, value in words:
            self._values.setdefault(self._add(spelling), value)

    def _add(self, spelling):
        node = ROOT
        for character in spelling:
            key = (node, character)
            if key not in self._children:
                self._children[key] = self._size
                self._size += 1
            node = self._children[key]
        return node

    def walk(self, node: int, characters: str) -> int:
        """Return the node some characters further."""
        for character in characters:
            node = self._children.get((node, character), OUTSIDE)
        return node

    def value(self, node: int) -> Any:
        """Return the value of the word that ends at a node, None where none does."""
        return self._values.get(node)
