"""Language model network: embedding, recurrent layers, softmax."""

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

    def __init__(self, config: NetworkConfig, num_tokens: int, seed: int = 0, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.num_tokens = num_tokens
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

    def initial_state(self, batch_size: int):
        """Return zeros: the state before the first token of a text."""
        return [state for layer in self.stack for state in layer.initial_state(batch_size)]

    def call(self, tokens, state, training: bool = False):
        x = tf.gather(self._input_embedding(training), tokens) * (
            self.config.embedding_scale or math.sqrt(self.config.width)
        )
        x = self._dropped(x, training)
        new_state = []
        state = list(state)
        for layer in self.stack:
            layer_state = state[: layer.num_states]
            state = state[layer.num_states :]
            x, new_layer_state = layer(x, layer_state, training=training)
            new_state += new_layer_state
        x = self.normalization(x) if self.normalization else x
        return self._dropped(x, training) if self.config.is_residual else x, new_state

    def _input_embedding(self, training):
        rate = self.config.embedding_dropout
        embedding = tf.convert_to_tensor(self.embedding)
        if not training or not rate:
            return embedding
        return keras.random.dropout(embedding, rate, noise_shape=(self.num_tokens, 1), seed=self.seeds)

    def _dropped(self, x, training):
        rate = self.config.dropout
        if not training or not rate:
            return x
        return keras.random.dropout(x, rate, noise_shape=(tf.shape(x)[0], 1, x.shape[-1]), seed=self.seeds)

    def logits(self, outputs):
        """Compute logits float32 `[..., V]` of the next token from outputs `[..., C]`."""
        kernel = tf.cast(self._output_kernel(), tf.float32)
        return tf.matmul(tf.cast(outputs, tf.float32), kernel, transpose_b=True) + tf.cast(self.bias, tf.float32)

    def losses(self, outputs, targets, training: bool = False):
        """Compute the loss of each target in nats, `[B, T]`, from outputs `[B, T, C]` and targets int32 `[B, T]`."""
        if training and self.config.softmax == "sampled":
            return self._sampled_losses(outputs, targets)
        return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, self.logits(outputs))

    def _sampled_losses(self, outputs, targets):
        """Compute the softmax over the target and some words, each drawn by its rank, which is about its frequency.

        A drawn word counts exp(logit) / (draws * its probability), so that the sum is right on average; the target
        counts once, and is left out where it was drawn.

        Reference: Bengio and Senécal, Quick training of probabilistic neural nets by importance sampling, 2003.
        """
        num = self.config.num_sampled
        total = math.log(self.num_tokens + 1)
        # By our own seeds: TensorFlow's samplers keep a state that no checkpoint holds.
        sampled = tf.exp(keras.random.uniform((num,), 0.0, total, seed=self.seeds)) - 1.0
        sampled = tf.minimum(tf.cast(sampled, tf.int32), self.num_tokens - 1)
        rank = tf.cast(sampled, tf.float32)
        expected = num * (tf.math.log(rank + 2.0) - tf.math.log(rank + 1.0)) / total
        rows = tf.reshape(tf.cast(outputs, tf.float32), [-1, self.config.width])
        labels = tf.reshape(targets, [-1])
        kernel = tf.cast(self._output_kernel(), tf.float32)
        bias = tf.convert_to_tensor(self.bias)
        others = tf.matmul(rows, tf.gather(kernel, sampled), transpose_b=True) + tf.gather(bias, sampled)
        others = tf.where(labels[:, tf.newaxis] == sampled, -1e9, others - tf.math.log(expected))
        own = tf.reduce_sum(rows * tf.gather(kernel, labels), axis=1) + tf.gather(bias, labels)
        losses = tf.reduce_logsumexp(tf.concat([own[:, tf.newaxis], others], axis=1), axis=1) - own
        return tf.reshape(losses, tf.shape(targets))

    def _output_kernel(self):
        return tf.convert_to_tensor(self.embedding if self.kernel is None else self.kernel)
