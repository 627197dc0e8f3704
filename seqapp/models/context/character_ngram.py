"""Character n-gram model in the graph: `CharacterScorer` of the beam search as TensorFlow operations.

All n-grams stand in one sorted column of keys, context and token in one number; a search in it finds the n-grams of
all contexts, from the longest to none at all, of all texts and labels at once.
"""

import numpy as np
import tensorflow as tf

from seqapp.decoding.ngram import BEGIN, END, UNKNOWN, NGramModel
from seqapp.text.alphabet import Alphabet, escape

NOWHERE = -1  # a context that the model does not hold


class CharacterNGram(tf.Module):
    """weight * log p(symbol | symbols before) + bonus for every symbol, as a `LabelScorer`.

    A state holds the nodes of the last 0, 1, ... symbols, as far as the model knows them.

    Args:
        model: `NGramModel` over symbols, spelled as `seqapp.text.alphabet.escape` does. Every suffix of one of its
            n-grams must be one too, as `read_arpa` sees to.
        alphabet: `Alphabet` of the recogniser; symbols that the model does not know are its unknown one.
        weight: Of the language model beside the network.
        bonus: Added per symbol.
    """

    def __init__(self, model: NGramModel, alphabet: Alphabet, weight: float = 1.0, bonus: float = 0.0):
        super().__init__(name="character_ngram")
        self._num_tokens, self._order, self._weight = len(model.tokens), model.order, weight
        parent = np.repeat(np.arange(len(model), dtype=np.int64), np.diff(model.first_child))
        is_context = (np.diff(model.first_child) > 0) | (model.backoff != 0)
        # Highest orders are no contexts: what is known of contexts takes no more room than these.
        self._num_contexts = int(np.flatnonzero(is_context)[-1]) + 1
        keys = parent * self._num_tokens + model.token[1:]
        self._key_type = tf.int32 if keys[-1] + self._num_tokens <= tf.int32.max else tf.int64
        self._keys = _variable(keys[np.newaxis].astype(self._key_type.as_numpy_dtype), "keys")
        self._log_probs = _Quantised(model.log_prob[1:], "log_probs")
        self._backoffs = _Quantised(model.backoff[: self._num_contexts], "backoffs")
        self._is_context = _variable(is_context[: self._num_contexts], "is_context")
        tokens = np.array([model.number(escape(symbol)) for symbol in alphabet.symbols], np.int64)
        unknown = tokens == model.index.get(UNKNOWN, -1)
        self._tokens = tf.constant(tokens)
        self._end = model.number(END)
        # Those that are unknown share the unknown one's part.
        self._bonus = tf.constant(bonus - weight * np.where(unknown, np.log(max(1, unknown.sum())), 0.0), tf.float64)
        begin = model.index.get(BEGIN)
        second = [1 + begin] if begin is not None and is_context[1 + begin] else []
        self.start = tuple([0, *second, *[NOWHERE] * self._order][: self._order])

    def scores(self, states, labels):
        log_probs, found = self._look_up(states, tf.gather(self._tokens, labels)[:, tf.newaxis])
        longer = tf.where(self._may_go_on(found[..., :-1]), found[..., :-1], NOWHERE)
        scores = self._weight * log_probs + tf.gather(self._bonus, labels)[:, tf.newaxis]
        return scores, tf.concat([tf.zeros_like(found[..., :1]), longer], axis=-1)

    def finish(self, states):
        return self._weight * self._look_up(states, tf.constant([[[self._end]]], tf.int64))[0][:, :, 0]

    def _look_up(self, states, tokens):
        """Log-probabilities `[B, W, C]`, and `[B, W, C, S]` the nodes of each context and token.

        Args:
            states: Int64 `[B, W, S]`.
            tokens: Int64, to be broadcast to `[B, W, C]`.
        """
        keys = tf.cast(states[:, :, tf.newaxis] * self._num_tokens + tokens[..., tf.newaxis], self._key_type)
        place = tf.searchsorted(self._keys, tf.reshape(keys, [1, -1]))
        place = tf.minimum(tf.reshape(place, tf.shape(keys)), self._keys.shape[1] - 1)
        is_found = tf.gather(tf.reshape(self._keys, [-1]), place) == keys
        # The longest context that knows the token says how likely it is; the longer ones say what that costs.
        backoffs = tf.where(states >= 0, self._backoffs[tf.maximum(states, 0)], 0.0)
        costs = tf.cumsum(backoffs, axis=2, reverse=True, exclusive=True)[:, :, tf.newaxis]
        longest = tf.reduce_max(tf.where(is_found, tf.range(self._order), 0), axis=3, keepdims=True)
        values = tf.where(is_found, self._log_probs[place], 0.0) + costs
        log_probs = tf.gather(values, longest, batch_dims=3)[..., 0]
        return tf.cast(log_probs, tf.float64), tf.where(is_found, tf.cast(place, tf.int64) + 1, NOWHERE)

    def _may_go_on(self, nodes):
        inside = (nodes >= 0) & (nodes < self._num_contexts)
        return inside & tf.gather(self._is_context, tf.where(inside, nodes, 0))


class _Quantised(tf.Module):
    """A column of float32 that is looked up; of few different values it holds their numbers."""

    def __init__(self, values, name):
        super().__init__(name=name)
        unique, codes = np.unique(values, return_inverse=True)
        kind = np.uint8 if len(unique) <= 2**8 else np.uint16 if len(unique) <= 2**16 else None
        self._codebook = _variable(unique if kind else values, f"{name}_codebook")
        self._codes = _variable(codes.astype(kind), f"{name}_codes") if kind else None

    def __getitem__(self, places):
        codes = places if self._codes is None else tf.cast(tf.gather(self._codes, places), tf.int32)
        return tf.gather(self._codebook, codes)


def _variable(values, name):
    return tf.Variable(values, trainable=False, name=name)
