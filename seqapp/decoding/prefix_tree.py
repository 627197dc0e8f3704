"""Prefix tree of the texts of a beam search: one node per text, however it is reached."""

import numpy as np


class PrefixTree:
    """Grows by children. Node 0 is the empty text."""

    def __init__(self):
        self._children = {}
        self._parents = np.zeros(256, np.int64)
        self._labels = np.zeros(256, np.int64)
        self._parents[0] = -1
        self._place = np.full(257, -1)  # scratch: place of each node in a list; the last one of the parent of node 0
        self._size = 1

    def children(self, nodes: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Return the nodes of the texts `nodes` with one label more each.

        Args:
            nodes: Int64 `[n]`.
            labels: Int64 `[n]`.

        Returns:
            Int64 `[n]`: those of before where they were asked for before.
        """
        return np.array([self._child(*pair) for pair in zip(nodes.tolist(), labels.tolist())], np.int64)

    def _child(self, node, label):
        key = (node, label)
        if (child := self._children.get(key)) is None:
            if self._size == len(self._parents):
                self._grow()
            child = self._children[key] = self._size
            self._parents[child], self._labels[child] = key
            self._size += 1
        return child

    def _grow(self):
        self._parents, self._labels = (np.concatenate([a, np.zeros_like(a)]) for a in (self._parents, self._labels))
        self._place = np.full(len(self._parents) + 1, -1)

    def parents(self, nodes: np.ndarray) -> np.ndarray:
        """Return int64 `[n]`: each node without its last label, -1 for the empty text."""
        return self._parents[nodes]

    def places(self, nodes: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Find nodes in a list of nodes.

        Args:
            nodes: Int64 `[n]`, all different.
            targets: Int64 `[m]`.

        Returns:
            Int64 `[m]`: the place of each target in `nodes`, -1 for those that are not there.
        """
        self._place[nodes] = np.arange(len(nodes))
        places = self._place[targets]
        self._place[nodes] = -1
        return places

    def labels(self, node: int) -> tuple[int, ...]:
        """Return the labels of a text, from its first to its last."""
        labels_backwards = []
        while node:
            labels_backwards.append(int(self._labels[node]))
            node = int(self._parents[node])
        return tuple(reversed(labels_backwards))
