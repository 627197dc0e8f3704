"""Perplexity and bits per token of a text: every token counted, the state carried from the first to the last."""

import dataclasses
import math

import numpy as np
import tensorflow as tf

from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.language.network.language_model import LanguageModel

WINDOW = 512  # tokens at once; the result does not depend on it


@dataclasses.dataclass(frozen=True)
class Foresight:
    """Of one text.

    Attributes:
        nats: Sum of -log p over all its tokens, the ends of lines among them, each given all tokens before it; the
            first one given the end of a line.
        num_tokens: How many these are.
        num_unknown: How many of them the vocabulary does not hold: they are foreseen as the unknown one.
    """

    nats: float
    num_tokens: int
    num_unknown: int

    @property
    def perplexity(self) -> float:
        return math.exp(self.nats / max(1, self.num_tokens))

    @property
    def bits_per_token(self) -> float:
        return self.nats / max(1, self.num_tokens) / math.log(2.0)


class Foreseer:
    """Measures a model on texts; its graph is traced once.

    Args:
        model: `LanguageModel`.
        vocabulary: `Vocabulary`.
    """

    def __init__(self, model: LanguageModel, vocabulary: Vocabulary):
        self._model = model
        self._unknown = vocabulary.index["<unk>"]
        self._before = vocabulary.index["\n"]
        states = [tf.TensorSpec([1, *s.shape[1:]], s.dtype) for s in model.initial_state(1)]
        tokens = tf.TensorSpec([1, None], tf.int32)
        self._losses = tf.function(self._window_losses, input_signature=[tokens, tokens, states], autograph=False)

    def _window_losses(self, tokens, targets, state):
        outputs, state = self._model(tokens, state, training=False)
        losses = self._model.losses(outputs, targets)
        return tf.reduce_sum(tf.cast(losses, tf.float64)), state

    def measure(self, ids) -> Foresight:
        """Read int32 `[N]` from its first token to its last."""
        state = self._model.initial_state(1)
        nats = 0.0
        num_unknown = 0
        before = self._before
        for start in range(0, len(ids), WINDOW):  # no more of it at once: it may be a file of gigabytes
            targets = np.asarray(ids[start : start + WINDOW], np.int32)
            tokens = np.concatenate([[before], targets[:-1]]).astype(np.int32)
            loss, state = self._losses(tokens[np.newaxis], targets[np.newaxis], state)
            nats += float(loss)
            num_unknown += np.count_nonzero(targets == self._unknown)
            before = targets[-1]
        return Foresight(nats, len(ids), int(num_unknown))
