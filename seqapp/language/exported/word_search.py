"""Next words of a model of characters: branch-and-bound search for the likeliest words, inside the graph."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from seqapp.language.corpus.vocabulary import Vocabulary

ROWS = 8  # beginnings that are read at once: one costs nearly as much as eight
STEPS = 16  # how often that is done at most, and so the letters of the longest word; both bound the time of an answer
APOSTROPHES = ("'", "\u2019")


class Nodes(NamedTuple):
    """The beginnings of words that were read so far, N of them; those to come are unused.

    Attributes:
        texts: String `[N]`.
        ends: Float32 `[N]`, log-probability that such a word is there and ends; -inf where it is unused.
        longer: Float32 `[N, V]`, log-probability of each beginning with one letter more; -inf where that is no letter,
            or was read.
        state: List of float `[N, ...]`, the model's behind each.
    """

    texts: tf.Tensor
    ends: tf.Tensor
    longer: tf.Tensor
    state: list[tf.Tensor]


class WordSearch:
    """The likeliest words behind a text, best first, by branch and bound.

    The probability of a word is that of its letters times that of anything behind them which is no letter, so that
    those of all words sum to at most one. It is at most that of any of its beginnings: once no unread beginning is
    likelier than the last word asked for, none of the words that were not looked at can be. Always the likeliest
    beginnings are read next.

    Args:
        read: Function of tokens int32 `[N, 1]` and a list of states `[N, ...]` to log-probabilities float32 `[N, V]`
            and states.
        vocabulary: `Vocabulary` of characters.
        rows: Beginnings that are read at once.
        steps: How often, at most.
    """

    def __init__(self, read: Callable, vocabulary: Vocabulary, rows: int = ROWS, steps: int = STEPS):
        self._read = read
        self._rows = rows
        self._steps = steps
        self._letters = tf.constant(vocabulary.tokens)
        self._is_letter = np.array([t.isalnum() or t in APOSTROPHES for t in vocabulary.tokens])

    def __call__(self, log_probs, state, beginning, count):
        """Search behind one text.

        Args:
            log_probs: Float32 `[V]`, of the next letter.
            state: List of float `[1, ...]`.
            beginning: String [], letters of the word that were read already; where there are any, they may be all.
            count: Int32 [], how many words.

        Returns:
            words: String `[count]`, the likeliest first, "" where there are no more.
            probabilities: Float32 `[count]`, exact ones, given the beginning; 0 where there are no more.
            is_exact: Bool [], whether no word of more than these was overlooked: False where `steps` ended the search.
        """
        count = tf.minimum(count, 1 + self._rows * self._steps)
        nodes = self._root(log_probs, state, beginning)
        invariants = [tf.TensorShape([]), tf.nest.map_structure(lambda tensor: tensor.shape, nodes)]
        _, nodes = tf.while_loop(
            lambda step, nodes: (step < self._steps) & _is_open(nodes, count),
            lambda step, nodes: (step + 1, self._grown(step, nodes, count)),
            [0, nodes], shape_invariants=invariants,
        )  # fmt: skip
        ends, places = tf.math.top_k(nodes.ends, count)
        words = tf.where(tf.math.is_finite(ends), tf.gather(nodes.texts, places), "")
        return words, tf.exp(ends), ~_is_open(nodes, count)

    def _root(self, log_probs, state, beginning):
        """Make the nodes of a search that has read the beginning alone, with room for all to come."""
        room = self._rows * self._steps
        end = tf.where(beginning == "", -np.inf, self._end(log_probs))
        longer = tf.where(self._is_letter, log_probs, -np.inf)[tf.newaxis]
        return Nodes(
            tf.concat([[beginning], tf.fill([room], "")], axis=0),
            tf.concat([[end], tf.fill([room], -np.inf)], axis=0),
            tf.pad(longer, [[0, room], [0, 0]], constant_values=-np.inf),
            [tf.pad(s, [[0, room], *[[0, 0]] * (s.shape.rank - 1)]) for s in state],
        )  # fmt: skip

    def _grown(self, step, nodes, count):
        """Read the likeliest unread beginnings; those that cannot matter any more fill up the rows."""
        scores, places = tf.math.top_k(tf.reshape(nodes.longer, [-1]), self._rows)
        parents = places // self._is_letter.size
        tokens = places % self._is_letter.size
        scores = tf.where(scores > _least(nodes, count), scores, -np.inf)
        log_probs, state = self._read(tokens[:, tf.newaxis], [tf.gather(s, parents) for s in nodes.state])
        texts = tf.gather(nodes.texts, parents) + tf.gather(self._letters, tokens)
        longer = tf.where(self._is_letter, scores[:, tf.newaxis] + log_probs, -np.inf)
        read = tf.stack([parents, tokens], axis=1)
        rows = tf.range(self._rows)[:, tf.newaxis] + (1 + self._rows * step)
        return Nodes(
            tf.tensor_scatter_nd_update(nodes.texts, rows, texts),
            tf.tensor_scatter_nd_update(nodes.ends, rows, scores + self._end(log_probs)),
            tf.tensor_scatter_nd_update(
                tf.tensor_scatter_nd_update(nodes.longer, read, tf.fill([self._rows], -np.inf)), rows, longer
            ),
            [tf.tensor_scatter_nd_update(old, rows, new) for old, new in zip(nodes.state, state)],
        )

    def _end(self, log_probs):
        """Compute the log-probability `[...]` of whatever is no letter, of `[..., V]`."""
        return tf.reduce_logsumexp(tf.where(self._is_letter, -np.inf, log_probs), axis=-1)


def _least(nodes, count):
    """Return the log-probability of the last word that would be given now; -inf while there are too few."""
    return tf.math.top_k(nodes.ends, count).values[-1]


def _is_open(nodes, count):
    """Return whether an unread beginning may still lead to a word that belongs among the best."""
    return tf.reduce_max(nodes.longer) > _least(nodes, count)
