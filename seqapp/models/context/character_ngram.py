"""Character n-gram model in the graph: `CharacterScorer` of the beam search as TensorFlow operations.

All n-grams stand in one sorted column of keys, context and token in one number; a search in it finds the n-grams of
all contexts, from the longest to none at all, of all texts and labels at once. Wherever a model knows an n-gram, it
knows all its suffixes; so what backing off costs is the same for all tokens, but for what is given back by the longest
context that knows the token:

    log p(token | contexts) = cost of all contexts + (log p of the longest n-gram - cost of its context and the shorter)

The bracket is one number per n-gram, known beforehand. No symbol needs to be told how far it backs off.
"""

import numpy as np
import tensorflow as tf

from seqapp.decoding.ngram import BEGIN, END, UNKNOWN, NGramModel, back_off_costs, depths, parents
from seqapp.text.alphabet import Alphabet, escape

NOWHERE = 0  # a context that the model does not hold
EMPTY = -1  # the empty context, in keys


class CharacterNGram(tf.Module):
    """weight * log p(symbol | symbols before) + bonus for every symbol, as a `LabelScorer`.

    A state holds the nodes of the last 1, 2, ... symbols, as far as the model knows them.

    Args:
        model: `NGramModel` over symbols, spelled as `seqapp.text.alphabet.escape` does. Every suffix of one of its
            n-grams must be one too, as `read_arpa` sees to.
        alphabet: `Alphabet` of the recogniser; symbols that the model does not know are its unknown one.
        weight: Of the language model beside the network.
        bonus: Added per symbol.

    Attributes:
        unknown: Number of the model's unknown token, -1 for none.
        share: Logarithm of how many symbols share its probability.
        is_compact: Whether it can be read from the variables again, by `seqapp.decoding.ngram.in_variables`.
    """

    def __init__(self, model: NGramModel, alphabet: Alphabet, weight: float = 1.0, bonus: float = 0.0):
        super().__init__(name="character_ngram")
        self._num_tokens, self._bonus = len(model.tokens), bonus
        parent = parents(model)
        keys = np.where(parent == 0, EMPTY, parent) * self._num_tokens + model.token[1:]
        self._key_type = tf.int32 if keys[-1] + self._num_tokens < tf.int32.max else tf.int64
        # One before all and one behind all, so that the place of a key is its node, and never behind the last.
        keys = np.concatenate([[keys[0] - 1], keys, [self._key_type.max]])
        self._keys = _variable(keys[np.newaxis].astype(self._key_type.as_numpy_dtype), "keys")
        costs = back_off_costs(model)
        tokens = np.array([model.number(escape(symbol)) for symbol in alphabet.symbols], np.int64)
        unknown = model.index.get(UNKNOWN, -1)
        # Symbols that are unknown share the unknown one's part.
        self.unknown, self.share = unknown, float(np.log(max(1, np.sum(tokens == unknown))))
        log_probs = model.log_prob.astype(np.float64) - np.concatenate([[0.0], costs[parent]])
        log_probs -= np.where(model.token == unknown, self.share, 0.0)
        self._log_probs = _Quantised(log_probs, weight, bonus, "log_probs")
        num_states = max(1, model.order - 1)
        # The longest n-grams never stand in a state.
        num_contexts = np.searchsorted(depths(model), num_states, side="right")
        self._costs = _Quantised(costs[:num_contexts], weight, 0.0, "costs")
        self.is_compact = self._log_probs.is_coded and self._costs.is_coded
        self._tokens = tf.constant(tokens[:, np.newaxis])
        self._end = model.number(END)
        begin = model.index.get(BEGIN)
        nodes = [] if begin is None else [1 + begin]
        self.start = tuple([*nodes, *[NOWHERE] * model.order][:num_states])

    def scores(self, states, labels):
        log_probs, nodes = self._look_up(states, tf.gather(self._tokens, labels))
        return log_probs, tf.cast(nodes[..., :-1], tf.int64)

    def finish(self, states):
        return self._look_up(states, tf.constant([[[[self._end]]]], tf.int64))[0][:, :, 0] - self._bonus

    def _look_up(self, states, tokens):
        """Scores `[B, W, C]`, and `[B, W, C, S + 1]` the nodes of each context, from the empty one on, and token.

        Args:
            states: Int64 `[B, W, S]`.
            tokens: Int64, to be broadcast to `[B, W, C, 1]`.
        """
        contexts = tf.pad(tf.cast(states, self._key_type), [[0, 0], [0, 0], [1, 0]], constant_values=EMPTY)
        keys = contexts[:, :, tf.newaxis] * self._num_tokens + tf.cast(tokens, self._key_type)
        flat = tf.reshape(keys, [1, -1])
        places = tf.searchsorted(self._keys, flat)
        is_found = tf.cast(tf.gather(self._keys, places[0], axis=1) == flat, tf.int32)
        nodes = tf.reshape(places * is_found, tf.shape(keys))
        # Nodes are numbered order by order.
        cost = self._costs[tf.cast(tf.reduce_max(contexts, axis=2, keepdims=True), tf.int32)]
        return self._log_probs[tf.reduce_max(nodes, axis=3)] + cost, nodes


class _Quantised(tf.Module):
    """A column of float64 that is looked up; of few different values it holds their numbers.

    Args:
        values: Float `[N]`.
        factor, offset: What is looked up is `factor * value + offset`.
        name: Of the variables.
    """

    def __init__(self, values, factor, offset, name):
        super().__init__(name=name)
        unique, codes = np.unique(np.round(values, 9), return_inverse=True)
        kind = np.uint8 if len(unique) <= 2**8 else np.uint16 if len(unique) <= 2**16 else None
        self.is_coded = kind is not None
        if kind:
            self._values = _variable(unique, f"{name}_values")  # for those who read the model, and not its scores
        self._codebook = _variable(factor * (unique if kind else values) + offset, f"{name}_codebook")
        self._codes = _variable(codes.astype(kind), f"{name}_codes") if kind else None

    def __getitem__(self, places):
        codes = places if self._codes is None else tf.cast(tf.gather(self._codes, places), tf.int32)
        return tf.gather(self._codebook, codes)


def _variable(values, name):
    return tf.Variable(values, trainable=False, name=name)
