"""Character n-gram model as a scorer of the beam search."""

import threading

import numpy as np

from seqapp.decoding.ngram import END, UNKNOWN, NGramModel
from seqapp.decoding.scorers.scorer import Scorer
from seqapp.text.alphabet import Alphabet, escape

MOST_VALUES = 10_000_000  # of contexts that are written out: 80 MB


class CharacterScorer(Scorer):
    """weight * log p(symbol | symbols before) + bonus for every symbol.

    A context's probabilities are written out for the whole alphabet when it is first met, and kept: a line of writing
    asks for the same few thousand again and again. Where they would take too much memory, all are forgotten. Threads
    may share one.

    Args:
        model: `NGramModel` over symbols, spelled as `seqapp.text.alphabet.escape` does.
        alphabet: `Alphabet` of the recogniser; symbols that the model does not know are its unknown one.
        weight: Of the language model beside the network; 0 switches it off.
        bonus: Added per symbol: a language model alone prefers short texts.
    """

    def __init__(self, model: NGramModel, alphabet: Alphabet, weight: float = 1.0, bonus: float = 0.0):
        self._model = model
        self._weight = weight
        symbols = [model.number(escape(symbol)) for symbol in alphabet.symbols]
        self._tokens = np.array([*symbols, model.number(END)], np.int64)
        self._columns = {}
        for column, token in enumerate(self._tokens.tolist()):
            self._columns.setdefault(token, []).append(column)
        self._row_of = np.full(len(model), -1, np.int64)  # of the contexts written out so far
        self._log_probs = np.zeros([256, len(self._tokens)], np.float32)
        self._next = np.zeros([256, len(self._tokens)], np.int32)
        self._num_rows = 0
        self._lock = threading.Lock()  # another thread may move the arrays
        unknown = self._tokens[:-1] == model.index.get(UNKNOWN, -1)
        self._bonus = bonus - weight * np.where(unknown, np.log(max(1, unknown.sum())), 0.0)  # they share its part
        self.start = model.begin

    def rows(self, states: np.ndarray) -> np.ndarray:
        with self._lock:
            rows = self._rows_of(states)
            return self._weight * self._log_probs[rows, :-1] + self._bonus

    def advance(self, states: np.ndarray, labels: np.ndarray) -> np.ndarray:
        with self._lock:
            rows = self._rows_of(states)
            return self._next[rows, labels].astype(np.int64)

    def finish(self, states: np.ndarray) -> np.ndarray:
        with self._lock:
            rows = self._rows_of(states)
            return self._weight * self._log_probs[rows, -1]

    def _rows_of(self, states):
        """Ask for these first: writing out a context may move the arrays."""
        if self._num_rows > MOST_VALUES / len(self._tokens):
            self._row_of[:] = -1
            self._num_rows = 0
        rows = self._row_of[states]
        if len(rows) and rows.min() < 0:
            for state in set(states[rows < 0].tolist()):
                self._write_out(state)
            rows = self._row_of[states]
        return rows

    def _write_out(self, node):
        """Return the row of one context: that of its suffix, backed off, then what is known of the context itself."""
        if (row := int(self._row_of[node])) >= 0:
            return row
        model = self._model
        shorter = self._write_out(int(model.suffix[node])) if node else None
        row = self._new_row(node)
        if node:
            self._log_probs[row] = self._log_probs[shorter] + model.backoff[node]
            self._next[row] = self._next[shorter]
        for child in range(model.first_child[node], model.first_child[node + 1]):
            if columns := self._columns.get(int(model.token[child])):
                self._log_probs[row, columns] = model.log_prob[child]
                self._next[row, columns] = model.context(child)
        return row

    def _new_row(self, node):
        if self._num_rows == len(self._next):
            self._log_probs, self._next = (np.concatenate([a, np.zeros_like(a)]) for a in (self._log_probs, self._next))
        self._row_of[node] = row = self._num_rows
        self._num_rows += 1
        return row
