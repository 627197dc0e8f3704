"""Training objective of language models: truncated backpropagation over windows, bits per token on validation."""

import logging

import keras
import tensorflow as tf

from seqapp.language.corpus.text_corpus import TextCorpus
from seqapp.language.corpus.text_windows import Windows
from seqapp.language.corpus.vocabulary import LINE_BREAK
from seqapp.language.network.language_model import LanguageModel
from seqapp.language.perplexity import Foreseer
from seqapp.models.model_folder import VOCABULARY
from seqapp.models.workdir import Workdir
from seqapp.recipe import LanguageRecipe
from seqapp.training.objective import Evaluation, Objective
from seqapp.training.strategy import building
from seqapp.training.workdir_claim import claim

log = logging.getLogger(__name__)


class LanguageObjective(Objective):
    """The next token of a text; rows carry their state from window to window.

    Args:
        recipe: `LanguageRecipe`.
        corpus: `TextCorpus`.
        workdir: `Workdir` of the run.
        strategy: From `make_strategy`.

    Raises:
        ValueError: Where the workdir belongs to another recipe, or to another text.
    """

    score_name = "bits a token"

    def __init__(self, recipe: LanguageRecipe, corpus: TextCorpus, workdir: Workdir, strategy):
        super().__init__(recipe.training, workdir, strategy)
        self._recipe = recipe
        self._corpus = corpus
        text = recipe.text
        network = recipe.network
        vocabulary = corpus.vocabulary
        if claim(workdir, recipe, vocabulary, workdir.path / VOCABULARY) != vocabulary:
            raise ValueError(f"{workdir.path} was trained on another text. Give that one, or another --workdir.")
        with building(strategy, self.config):
            self.model = LanguageModel(network, len(vocabulary), self.config.seed)
            if network.initial_range:
                _draw_anew(self.model, network.initial_range, self.config.seed)
        self._windows = Windows(corpus.train, vocabulary.index[LINE_BREAK], text.batch_size, text.window)
        self._foreseer = Foreseer(self.model, vocabulary)
        log.info("%d parameters, %d windows per epoch", self.model.count_params(), self._windows.per_epoch)

    def carried(self) -> list:
        return self.model.initial_state(self._recipe.text.batch_size)

    def batches(self, start_step: int, replicas, num_replicas: int) -> tf.data.Dataset:
        tokens = tf.TensorSpec([self._recipe.text.batch_size, None], tf.int32)
        signature = {"tokens": tokens, "targets": tokens, "is_first": tf.TensorSpec([], tf.bool)}
        return tf.data.Dataset.from_generator(lambda: self._windows.since(start_step), output_signature=signature)

    def loss(self, batch, carried):
        state = [tf.where(batch["is_first"], tf.zeros_like(tensor), tensor) for tensor in carried]
        outputs, state = self.model(batch["tokens"], state, training=True)
        return tf.reduce_mean(self.model.losses(outputs, batch["targets"], training=True)), state

    def size(self, batch):
        return tf.size(batch["tokens"])

    def evaluate(self) -> Evaluation:
        foresight = self._foreseer.measure(self._corpus.validation)
        log.info("bits a token %.4f, perplexity %.3f", foresight.bits_per_token, foresight.perplexity)
        facts = {
            "bits_per_token": foresight.bits_per_token, "perplexity": foresight.perplexity,
            "validation_tokens": foresight.num_tokens, "validation_unknown": foresight.num_unknown,
            "parameters": self.model.count_params(),
        }  # fmt: skip
        return Evaluation(foresight.bits_per_token, {"validation_loss": foresight.nats / foresight.num_tokens}, facts)


def _draw_anew(model, initial_range, seed):
    """Draw weights from U(-initial_range, initial_range), biases too.

    What begins at a value with a meaning keeps it: normalisation, decays, and the convolutions that look behind.
    """
    for place, variable in enumerate(model.trainable_variables):
        if variable.name.endswith(("gamma", "beta", "gain", "decay")) or "look_behind" in variable.path:
            continue
        initializer = keras.initializers.RandomUniform(-initial_range, initial_range, seed=seed + place)
        variable.assign(initializer(variable.shape))
