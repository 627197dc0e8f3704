"""Whole words from a model of words: those of its softmax."""

import numpy as np
import tensorflow as tf

from seqapp.language.vocabulary import LINE_BREAK, UNKNOWN


class WordChoice:
    """The likeliest words behind a text, best first; marks, the end of a line and the unknown word are none.

    Args:
        vocabulary: `Vocabulary` of words.
    """

    def __init__(self, vocabulary):
        self._tokens = tf.constant(vocabulary.tokens)
        self._is_word = np.array([t not in (UNKNOWN, LINE_BREAK) and t[0].isalnum() for t in vocabulary.tokens])

    def __call__(self, log_probs, state, beginning, count):
        """Choose behind one text, as `WordSearch` does.

        Args:
            log_probs: Float32 `[V]`, of the next word.
            state: Not looked at.
            beginning: String [], what the word must begin with; probabilities are given that.
            count: Int32 [], how many words.

        Returns:
            words, probabilities, is_exact: As those of `WordSearch`; always exact.
        """
        count = tf.minimum(count, self._is_word.size)
        heads = tf.strings.substr(self._tokens, 0, tf.strings.length(beginning))
        found = tf.where(self._is_word & (heads == beginning), tf.exp(log_probs), 0.0)
        total = tf.where(beginning == "", 1.0, tf.maximum(tf.reduce_sum(found), 1e-30))
        best, places = tf.math.top_k(found, count)
        return tf.where(best > 0, tf.gather(self._tokens, places), ""), best / total, tf.constant(True)
