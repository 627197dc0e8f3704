"""Windows in, steps, evaluations and checkpoints out; resumes exactly, as `seqapp.training` does, with its parts."""

import json
import logging
import time

import keras
import numpy as np
import tensorflow as tf

from seqapp.language.model import LanguageModel
from seqapp.language.perplexity import Foreseer
from seqapp.language.windows import Windows
from seqapp.language.workdir import claim
from seqapp.training.checkpoint import Checkpoints, TrainingState
from seqapp.training.log import MetricsLog
from seqapp.training.loop import LOG_EVERY
from seqapp.training.optimizer import apply_clipped, make_optimizer
from seqapp.training.stop_request import StopRequest

log = logging.getLogger(__name__)


class LanguageState(TrainingState):
    """A training with the state that its rows carry from window to window."""

    def __init__(self, model, optimizer, average_decay, batch_size):
        super().__init__(model, optimizer, average_decay)
        self.carried = [tf.Variable(state, trainable=False) for state in model.initial_state(batch_size)]


class LanguageTraining:
    """One run in one workdir.

    Args:
        recipe: `LanguageRecipe`.
        workdir: `Workdir`; where it holds a checkpoint, the run resumes there.
        corpus: `TextCorpus`.

    Attributes:
        was_stopped: Whether a signal ended `run` before the last step.

    Raises:
        ValueError: Where the workdir belongs to another recipe.
    """

    def __init__(self, recipe, workdir, corpus):
        self._recipe, self._workdir, self._corpus = recipe, workdir, corpus
        self._cpu = time.process_time()
        claim(workdir, recipe, corpus.vocabulary)
        keras.config.set_dtype_policy(recipe.training.precision)
        try:
            keras.utils.set_random_seed(recipe.training.seed)
            self._model = LanguageModel(recipe.network, len(corpus.vocabulary), recipe.training.seed)
            self._optimizer = make_optimizer(recipe.training)
        finally:
            keras.config.set_dtype_policy("float32")
        self._optimizer.build(self._model.trainable_variables)
        text = recipe.text
        self._state = LanguageState(self._model, self._optimizer, recipe.training.average_decay, text.batch_size)
        self._checkpoints = Checkpoints(self._state, workdir.checkpoints, recipe.training.keep_checkpoints)
        self._windows = Windows(corpus.train, corpus.vocabulary.index["\n"], text.batch_size, text.window)
        self._foreseer = Foreseer(self._model, corpus.vocabulary)
        tokens = tf.TensorSpec([text.batch_size, None], tf.int32)
        self._train_step = tf.function(self._step, input_signature=[tokens, tokens, tf.TensorSpec([], tf.bool)])
        self.was_stopped = False

    @property
    def step(self):
        """Steps done so far."""
        return int(self._state.step.numpy())

    def run(self):
        """Train to the last step, or until patience or a signal ends it.

        Returns:
            The facts of best.json: step, bits and perplexity of the best evaluation.
        """
        config = self._recipe.training
        resumed = self._checkpoints.restore()
        log.info("%s at step %d of %d", "resuming" if resumed else "starting", self.step, config.steps)
        log.info("%d parameters, %d windows an epoch", self._model.count_params(), self._windows.per_epoch)
        metrics = MetricsLog(self._workdir.metrics, self._workdir.tensorboard, self.step, config.steps)
        try:
            with StopRequest() as stop:
                self._run_steps(metrics, stop)
        finally:
            metrics.close()
        return json.loads(self._workdir.best.read_text()) if self._workdir.best.exists() else {}

    def _run_steps(self, metrics, stop):
        config = self._recipe.training
        while self.step < config.steps and not stop.received and not self._lost_patience():
            window = self._windows.at(self.step)
            loss, norm = (float(x) for x in self._train_step(*window))
            self._check_finite(loss, norm)
            self._count_time()
            metrics.advance(loss, window.tokens.size)
            if self.step % LOG_EVERY == 0:
                metrics.write(
                    self.step, minutes=self._minutes(), loss=loss, grad_norm=norm,
                    learning_rate=float(self._optimizer.learning_rate), frames_per_s=metrics.frames_per_s(),
                )  # fmt: skip
            if self._is_due(config.evaluate_every):
                self._evaluate(metrics)
            if self._is_due(config.checkpoint_every) or self._is_due(config.evaluate_every) or stop.received:
                self._checkpoints.save()
        self.was_stopped = stop.received and self.step < config.steps
        if self.was_stopped:
            log.info("stopped at step %d; the same command resumes here", self.step)

    def _step(self, tokens, targets, is_first):
        state = [tf.where(is_first, tf.zeros_like(s), s) for s in self._state.carried]
        with tf.GradientTape() as tape:
            outputs, state = self._model(tokens, state, training=True)
            loss = tf.reduce_mean(self._model.losses(outputs, targets, training=True))
            scaled = self._optimizer.scale_loss(loss)
        variables = self._model.trainable_variables
        gradients = tape.gradient(scaled, [v.value for v in variables])
        gradients = [tf.convert_to_tensor(g) for g in gradients]  # those of a lookup are sparse
        norm = apply_clipped(self._optimizer, gradients, variables, self._recipe.training.clip_norm)
        for carried, new in zip(self._state.carried, state):
            carried.assign(tf.stop_gradient(new))
        self._state.step.assign_add(1)
        self._state.update_averages()
        return loss, norm

    def _check_finite(self, loss, norm):
        if not (np.isfinite(loss) and (np.isfinite(norm) or self._recipe.training.precision == "mixed_float16")):
            raise FloatingPointError(
                f"The loss of step {self.step} is {loss}, the norm of its gradient {norm}. Lower "
                "training.learning_rate or training.clip_norm; the last checkpoint is from before this step."
            )

    def _evaluate(self, metrics):
        if self._state.averages:
            self._state.swap_averages()
        found = self._foreseer.measure(self._corpus.validation)
        self._count_time()
        if found.bits_per_token < float(self._state.best_cer.numpy()):  # the lower the better, as an error rate is
            self._state.best_cer.assign(found.bits_per_token)
            self._state.evaluations_since_best.assign(0)
            self._workdir.save_best(self._model, self._facts(found))
        else:
            self._state.evaluations_since_best.assign_add(1)
        if self._state.averages:
            self._state.swap_averages()
        nats = found.nats / found.num_tokens
        metrics.write(self.step, minutes=self._minutes(), validation_loss=nats)
        log.info("bits a token %.4f, perplexity %.3f", found.bits_per_token, found.perplexity)

    def _facts(self, found):
        return {
            "step": self.step, "bits_per_token": found.bits_per_token, "perplexity": found.perplexity,
            "core_minutes": self._minutes(), "validation_tokens": found.num_tokens,
            "validation_unknown": found.num_unknown, "parameters": self._model.count_params(),
        }  # fmt: skip

    def _count_time(self):
        now = time.process_time()
        self._state.core_minutes.assign_add((now - self._cpu) / 60)
        self._cpu = now

    def _is_due(self, every):
        return self.step % every == 0 or self.step == self._recipe.training.steps

    def _lost_patience(self):
        patience = self._recipe.training.patience
        return patience and int(self._state.evaluations_since_best.numpy()) >= patience

    def _minutes(self):
        return float(self._state.core_minutes.numpy())
