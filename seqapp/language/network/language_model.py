"""What comes next: the network."""

import math

import keras
import tensorflow as tf
from keras import layers

from seqapp.language.network.language_layer import LanguageLayer
from seqapp.recipe import NetworkConfig


class LanguageModel(keras.Model):
    """Embedding, recurrent layers, and a softmax over all tokens, whose weights may be the embedding's.

    The state is a list of tensors `[B, H]`, given and returned: a text may be read in pieces of any size.

    Args:
        config: `NetworkConfig`.
        num_tokens: V.
        seed: Of the dropout masks and of a sampled softmax.

    Call arguments:
        tokens: Int32 `[B, T]`.
        state: List of float `[B, H]`, from `initial_state` or the last call.

    Output shape: `[B, T, C]`, to be given to `logits` or `losses`, and the state behind the last token.

    Reference: tied weights: Press and Wolf, Using the output embedding to improve language models, 2017; one dropout
        mask a sequence: Gal and Ghahramani 2016; embedding dropout: Merity et al., Regularizing and optimizing LSTM
        language models, 2018, section 4.3.
    """

    def __init__(self, config: NetworkConfig, num_tokens, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.config, self.num_tokens = config, num_tokens
        self.seeds = keras.random.SeedGenerator(seed)
        self.stack = [LanguageLayer(config, seed=seed + 1 + i, name=f"layer_{i}") for i in range(config.num_layers)]
        self.normalization = layers.LayerNormalization(name="normalization") if config.is_residual else None
        # Vectors of about one unit's length, so that tied logits begin small whatever the width.
        initializer = keras.initializers.RandomNormal(stddev=config.width**-0.5, seed=seed)
        self.embedding = self.add_weight((num_tokens, config.width), initializer, name="embedding")
        self.kernel = (
            None if config.is_tied else self.add_weight((num_tokens, config.width), initializer, name="kernel")
        )
        self.bias = self.add_weight((num_tokens,), "zeros", name="bias")
        for layer in [*self.stack, *([self.normalization] if self.normalization else [])]:
            layer.build((None, None, config.width))
        self.built = True

    def initial_state(self, batch_size):
        """Zeros: the state before the first token of a text."""
        return [state for layer in self.stack for state in layer.initial_state(batch_size)]

    def call(self, tokens, state, training=False):
        x = tf.gather(self._input_embedding(training), tokens) * (
            self.config.embedding_scale or math.sqrt(self.config.width)
        )
        x = self._dropped(x, training)
        after, state = [], list(state)
        for layer in self.stack:
            before, state = state[: layer.num_states], state[layer.num_states :]
            x, new = layer(x, before, training=training)
            after += new
        x = self.normalization(x) if self.normalization else x
        return self._dropped(x, training) if self.config.is_residual else x, after

    def _input_embedding(self, training):
        rate, embedding = self.config.embedding_dropout, tf.convert_to_tensor(self.embedding)
        if not training or not rate:
            return embedding
        return keras.random.dropout(embedding, rate, noise_shape=(self.num_tokens, 1), seed=self.seeds)

    def _dropped(self, x, training):
        rate = self.config.dropout
        if not training or not rate:
            return x
        return keras.random.dropout(x, rate, noise_shape=(tf.shape(x)[0], 1, x.shape[-1]), seed=self.seeds)

    def logits(self, outputs):
        """Logits float32 `[..., V]` of what comes next, from outputs `[..., C]`."""
        kernel = tf.cast(self._output_kernel(), tf.float32)
        return tf.matmul(tf.cast(outputs, tf.float32), kernel, transpose_b=True) + tf.cast(self.bias, tf.float32)

    def losses(self, outputs, targets, training=False):
        """Negative log-probability of each target in nats: outputs `[B, T, C]`, targets int32 `[B, T]` to `[B, T]`."""
        if training and self.config.softmax == "sampled":
            return self._sampled_losses(outputs, targets)
        return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, self.logits(outputs))

    def _sampled_losses(self, outputs, targets):
        """The softmax over the target and some words, each drawn by its rank, which is about its frequency.

        A drawn word counts exp(logit) / (draws * its probability), so that the sum is right on average; the target
        counts once, and is left out where it was drawn.

        Reference: Bengio and Senécal, Quick training of probabilistic neural nets by importance sampling, 2003.
        """
        num, total = self.config.num_sampled, math.log(self.num_tokens + 1)
        # By our own seeds: TensorFlow's samplers keep a state that no checkpoint holds.
        drawn = tf.exp(keras.random.uniform((num,), 0.0, total, seed=self.seeds)) - 1.0
        drawn = tf.minimum(tf.cast(drawn, tf.int32), self.num_tokens - 1)
        rank = tf.cast(drawn, tf.float32)
        expected = num * (tf.math.log(rank + 2.0) - tf.math.log(rank + 1.0)) / total
        rows, labels = tf.reshape(tf.cast(outputs, tf.float32), [-1, self.config.width]), tf.reshape(targets, [-1])
        kernel, bias = tf.cast(self._output_kernel(), tf.float32), tf.convert_to_tensor(self.bias)
        others = tf.matmul(rows, tf.gather(kernel, drawn), transpose_b=True) + tf.gather(bias, drawn)
        others = tf.where(labels[:, tf.newaxis] == drawn, -1e9, others - tf.math.log(expected))
        own = tf.reduce_sum(rows * tf.gather(kernel, labels), axis=1) + tf.gather(bias, labels)
        losses = tf.reduce_logsumexp(tf.concat([own[:, tf.newaxis], others], axis=1), axis=1) - own
        return tf.reshape(losses, tf.shape(targets))

    def _output_kernel(self):
        return tf.convert_to_tensor(self.embedding if self.kernel is None else self.kernel)
