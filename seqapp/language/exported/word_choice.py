"""Next words of a model of words: top-k of its softmax, given the beginning of the word."""

import numpy as np
import tensorflow as tf

from seqapp.language.corpus.vocabulary import LINE_BREAK, UNKNOWN, Vocabulary


class WordChoice:
    """The likeliest words behind a text, best first; marks, the end of a line and the unknown word are none.

    Args:
        vocabulary: `Vocabulary` of words.
    """

    def __init__(self, vocabulary: Vocabulary):
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
        scores = tf.where(self._is_word & (heads == beginning), log_probs, -np.inf)
        # In logarithms: words that begin so may all be rarer than float32 can say.
        is_any = tf.reduce_any(scores > -np.inf)
        total = tf.where((beginning == "") | ~is_any, 0.0, tf.reduce_logsumexp(scores))
        best, places = tf.math.top_k(scores, count)
        return tf.where(best > -np.inf, tf.gather(self._tokens, places), ""), tf.exp(best - total), tf.constant(True)
