"""A language model as the loop trains it: truncated backpropagation over windows, bits a token on validation."""

import logging

import keras
import tensorflow as tf

from seqapp.language.corpus.text_windows import Windows
from seqapp.language.corpus.vocabulary import LINE_BREAK
from seqapp.language.network.language_model import LanguageModel
from seqapp.language.perplexity import Foreseer
from seqapp.language.workdir import claim
from seqapp.training.objective import Evaluation, Objective

log = logging.getLogger(__name__)


class LanguageObjective(Objective):
    """The next token of a text; rows carry their state from window to window.

    Args:
        recipe: `LanguageRecipe`.
        corpus: `TextCorpus`.
    """

    score_name = "bits a token"

    def __init__(self, recipe, corpus):
        super().__init__(recipe.training)
        self._recipe, self._corpus = recipe, corpus

    def claim(self, workdir, is_chief):
        claim(workdir, self._recipe, self._corpus.vocabulary)

    def build(self):
        network = self._recipe.network
        self.model = LanguageModel(network, len(self._corpus.vocabulary), self.config.seed)
        if network.initial_range:
            _draw_anew(self.model, network.initial_range, self.config.seed)
        return self.model

    def prepare(self, workdir, is_chief):
        text, vocabulary = self._recipe.text, self._corpus.vocabulary
        self._windows = Windows(self._corpus.train, vocabulary.index[LINE_BREAK], text.batch_size, text.window)
        self._foreseer = Foreseer(self.model, vocabulary)
        log.info("%d parameters, %d windows an epoch", self.model.count_params(), self._windows.per_epoch)

    def carried(self):
        return self.model.initial_state(self._recipe.text.batch_size)

    def batches(self, start_step, replicas, num_replicas):
        tokens = tf.TensorSpec([self._recipe.text.batch_size, None], tf.int32)
        signature = {"tokens": tokens, "targets": tokens, "is_first": tf.TensorSpec([], tf.bool)}
        return tf.data.Dataset.from_generator(lambda: self._windows.since(start_step), output_signature=signature)

    def loss(self, batch, carried):
        state = [tf.where(batch["is_first"], tf.zeros_like(tensor), tensor) for tensor in carried]
        outputs, state = self.model(batch["tokens"], state, training=True)
        return tf.reduce_mean(self.model.losses(outputs, batch["targets"], training=True)), state

    def size(self, batch):
        return tf.size(batch["tokens"])

    def evaluate(self):
        found = self._foreseer.measure(self._corpus.validation)
        log.info("bits a token %.4f, perplexity %.3f", found.bits_per_token, found.perplexity)
        facts = {
            "bits_per_token": found.bits_per_token, "perplexity": found.perplexity,
            "validation_tokens": found.num_tokens, "validation_unknown": found.num_unknown,
            "parameters": self.model.count_params(),
        }  # fmt: skip
        return Evaluation(found.bits_per_token, {"validation_loss": found.nats / found.num_tokens}, facts)


def _draw_anew(model, initial_range, seed):
    """Weights from U(-initial_range, initial_range), biases too.

    What begins at a value with a meaning keeps it: normalisation, decays, and the convolutions that look behind.
    """
    for place, variable in enumerate(model.trainable_variables):
        if variable.name.endswith(("gamma", "beta", "gain", "decay")) or "look_behind" in variable.path:
            continue
        initializer = keras.initializers.RandomUniform(-initial_range, initial_range, seed=seed + place)
        variable.assign(initializer(variable.shape))
