"""What a recurrent language model thinks of the texts that a search found: all of them in one batch."""

import numpy as np
import tensorflow as tf


class Rescorer:
    """Scores alternatives of one example.

    Args:
        model: `LanguageModel`.
        vocabulary: `Vocabulary`.
    """

    def __init__(self, model, vocabulary):
        self._model, self._vocabulary = model, vocabulary
        signature = [tf.TensorSpec([None, None], tf.int32), tf.TensorSpec([None, None], tf.int32)]
        self._losses = tf.function(self._text_losses, input_signature=signature)

    def _text_losses(self, tokens, targets):
        outputs, _ = self._model(tokens, self._model.initial_state(tf.shape(tokens)[0]), training=False)
        return self._model.losses(outputs, targets)

    def log_probs(self, texts):
        """Natural logarithm of the probability of each text as a line, its end included.

        Args:
            texts: List of n strings.

        Returns:
            Float64 `[n]`.
        """
        end = self._vocabulary.index["\n"]
        lines = [[end, *self._vocabulary.encode(text), end] for text in texts]
        tokens = np.full([len(lines), max(map(len, lines))], end, np.int32)
        for row, line in zip(tokens, lines):
            row[: len(line)] = line
        losses = self._losses(tokens[:, :-1], tokens[:, 1:]).numpy()
        is_text = np.arange(losses.shape[1]) < np.array([[len(line) - 1] for line in lines])
        # Nothing behind a text reaches back into it: the model reads forward.
        return -np.where(is_text, losses, 0.0).sum(axis=1, dtype=np.float64)

    def rank(self, texts, scores, weight=0.5):
        """Order texts by score + weight * log p.

        Args:
            texts: List of n strings, such as those of `Decoding.alternatives`.
            scores: Float `[n]`, of the search.
            weight: Of this model.

        Returns:
            List of (text, score), the best first.
        """
        if not texts:
            return []
        scores = np.asarray(scores, np.float64) + weight * self.log_probs(texts)
        return [(texts[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")]
