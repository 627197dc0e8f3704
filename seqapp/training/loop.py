"""The one training loop: batches in, steps, evaluations and checkpoints out; resumes exactly."""

import json
import logging
import time

import keras
import numpy as np
import tensorflow as tf

from seqapp.ctc import ctc_loss
from seqapp.input_pipeline import feature_statistics, training_batches
from seqapp.models import Recognizer
from seqapp.models.workdir import write_whole
from seqapp.training.checkpoint import Checkpoints, TrainingState
from seqapp.training.log import MetricsLog
from seqapp.training.optimizer import apply_clipped, make_optimizer
from seqapp.training.preparation import claim, prepare
from seqapp.training.stop_request import StopRequest
from seqapp.training.strategy import distribute, is_chief
from seqapp.training.validation import Validator

log = logging.getLogger(__name__)

LOG_EVERY = 20  # steps between rows of metrics.csv


class Training:
    """One run in one workdir.

    Args:
        recipe: `Recipe`.
        workdir: `Workdir`; where it holds a checkpoint, the run resumes there.
        corpora: `Corpora`.
        strategy: From `make_strategy`.
        start: `StartingPoint`; None: the weights are drawn.

    Attributes:
        was_stopped: Whether a signal ended `run` before the last step.

    Raises:
        ValueError: Where the workdir belongs to another recipe, or nothing usable is left to train or validate on.
    """

    def __init__(self, recipe, workdir, corpora, strategy, start=None):
        self._recipe, self._workdir, self._strategy = recipe, workdir, strategy
        self._cpu = time.process_time()
        # TF_CONFIG may stand in the environment of a run that does not ask for it.
        self._is_chief = recipe.training.strategy != "multi_worker" or is_chief()
        alphabet = claim(workdir, recipe, corpora, self._is_chief)
        with strategy.scope():
            keras.config.set_dtype_policy(recipe.training.precision)
            try:
                keras.utils.set_random_seed(recipe.training.seed)
                self._model = Recognizer.from_recipe(recipe, alphabet)
                if start is not None:
                    start.apply(self._model, alphabet)
                self._optimizer = make_optimizer(recipe.training)
            finally:
                keras.config.set_dtype_policy("float32")
            self._optimizer.build(self._model.trainable_variables)
            self._state = TrainingState(self._model, self._optimizer, recipe.training.average_decay)
        self._checkpoints = Checkpoints(
            self._state, workdir.checkpoints, recipe.training.keep_checkpoints, self._is_chief
        )
        self._data = prepare(corpora, recipe, alphabet, self._model.output_length)
        self._validator = Validator(self._model, self._data.validation_batches, self._data.validation_texts, alphabet)
        if self._is_chief:
            skipped = {name: found.to_dict() for name, found in self._data.skipped.items()}
            write_whole(workdir.skipped, json.dumps(skipped, indent=1, ensure_ascii=False) + "\n")
        self.was_stopped = False

    @property
    def step(self):
        """Steps done so far."""
        return int(self._state.step.numpy())

    def run(self):
        """Train to the last step, or until patience or a signal ends it.

        Returns:
            The facts of best.json: step, cer, wer of the best evaluation.
        """
        config = self._recipe.training
        resumed = self._checkpoints.restore()
        if not resumed:
            self._learn_normalization()
        log.info("%s at step %d of %d", "resuming" if resumed else "starting", self.step, config.steps)
        metrics = MetricsLog(
            self._workdir.metrics, self._workdir.tensorboard, self.step, config.steps, quiet=not self._is_chief
        )
        try:
            with StopRequest() as stop:
                self._run_steps(metrics, stop)
        finally:
            metrics.close()
        return json.loads(self._workdir.best.read_text()) if self._workdir.best.exists() else {}

    def _learn_normalization(self):
        """Once, before step 0: a resumed run has the statistics in its checkpoint."""
        if (normalization := self._model.feature_normalization) is not None:
            normalization.set_statistics(*feature_statistics(self._data.corpus, self._recipe.training.seed))

    def _run_steps(self, metrics, stop):
        config, batches = self._recipe.training, self._batches()
        # One signature, one graph: traced by shapes, a resumed run would round differently from one that went through.
        train_step = tf.function(self._train_step, input_signature=[batches.element_spec, tf.TensorSpec([])])
        stopping = 0.0
        while self.step < config.steps and not stopping and not self._lost_patience():
            batch = next(batches)
            loss, norm, frames, stopping = (float(x) for x in train_step(batch, float(stop.received)))
            self._check_finite(loss, norm, batch)
            self._count_time()
            metrics.advance(loss, frames)
            if self.step % LOG_EVERY == 0:
                metrics.write(
                    self.step, minutes=self._minutes(), loss=loss, grad_norm=norm,
                    learning_rate=self._learning_rate(), frames_per_s=metrics.frames_per_s(),
                )  # fmt: skip
            if self._is_due(config.evaluate_every):
                self._evaluate(metrics)
            if self._is_due(config.checkpoint_every) or self._is_due(config.evaluate_every) or stopping:
                self._checkpoints.save()
        self._agreed(0.0)  # a chief that leaves early looks to its workers like one that died
        self.was_stopped = bool(stopping) and self.step < config.steps
        if self.was_stopped:
            log.info("stopped at step %d; the same command resumes here", self.step)

    def _agreed(self, value):
        """The mean of a number over all replicas, so that all workers decide alike on it."""
        if self._strategy.num_replicas_in_sync == 1:
            return value
        values = self._strategy.run(lambda: tf.constant(value, tf.float64))
        return float(self._strategy.reduce(tf.distribute.ReduceOp.MEAN, values, axis=None))

    def _count_time(self):
        """Add the processor time since the last call: survey, tracing and evaluations count too."""
        now = time.process_time()
        self._state.core_minutes.assign_add((now - self._cpu) / 60)
        self._cpu = now

    def _is_due(self, every):
        return self.step % every == 0 or self.step == self._recipe.training.steps

    def _lost_patience(self):
        patience = self._recipe.training.patience
        if lost := patience and int(self._state.evaluations_since_best.numpy()) >= patience:
            log.info("stopping at step %d: no better validation CER in %d evaluations", self.step, patience)
        return lost

    def _batches(self):
        normalization = self._model.feature_normalization
        fill = 0.0 if normalization is None else tf.identity(normalization.mean.value).numpy()  # of any strategy

        def make_dataset(replicas, num_replicas):
            return training_batches(
                self._data.corpus,
                self._data.plan,
                self._recipe,
                self._model.output_length,
                self.step,
                replicas,
                num_replicas,
                fill,
            )

        return distribute(self._strategy, make_dataset)

    def _train_step(self, batch, stop):
        """One update of all replicas: loss and frames summed, the gradient norm, and how many replicas want to stop.

        Workers stop after the same step, whichever of them got the signal: a lone one would wait for the others.
        """
        losses, norms, frames, stops = self._strategy.run(self._replica_step, (batch, stop))
        self._state.step.assign_add(1)
        self._state.update_averages()
        loss, frames, stops = (
            self._strategy.reduce(tf.distribute.ReduceOp.SUM, values, axis=None) for values in (losses, frames, stops)
        )
        return loss, self._strategy.reduce(tf.distribute.ReduceOp.MEAN, norms, axis=None), frames, stops

    def _replica_step(self, batch, stop):
        with tf.GradientTape() as tape:
            losses = self._losses(batch)
            # Selected, not multiplied: a row that counts for nothing may have an infinite loss.
            losses = tf.where(batch["weight"] > 0, losses, tf.zeros_like(losses))
            loss = tf.math.divide_no_nan(tf.reduce_sum(losses), batch["num_labels"])
            scaled = self._optimizer.scale_loss(loss)
        variables = self._model.trainable_variables
        gradients = tape.gradient(scaled, [v.value for v in variables])
        norm = apply_clipped(self._optimizer, gradients, variables, self._recipe.training.clip_norm)
        return loss, norm, tf.reduce_sum(batch["length"]), tf.identity(stop)

    def _losses(self, batch):
        share, kind = self._recipe.output.intermediate_share, self._recipe.output.loss
        inputs, labels = (batch["features"], batch["length"]), (batch["labels"], batch["label_length"])
        logits, length, *middle = self._model(*inputs, training=True, intermediate=share > 0)
        losses = ctc_loss(logits, length, *labels, kind)
        return (1 - share) * losses + share * ctc_loss(*middle, *labels, kind) if middle else losses

    def _check_finite(self, loss, norm, batch):
        # float16 gradients overflow now and then: the optimizer leaves such a step out and lowers its scale.
        expected = self._recipe.training.precision == "mixed_float16"
        if np.isfinite(loss) and (expected or np.isfinite(norm)):
            return
        indices = np.concatenate([np.ravel(v) for v in self._strategy.experimental_local_results(batch["index"])])
        raise FloatingPointError(
            f"The loss of step {self.step} is {loss}, the norm of its gradient {norm}. "
            f"Examples: {', '.join(self._data.ids[i] for i in indices)}. Lower training.learning_rate or "
            "training.clip_norm, or look at these examples; the last checkpoint is from before this step."
        )

    def _evaluate(self, metrics):
        if self._state.averages:
            self._state.swap_averages()
        found = self._validator.run()
        self._count_time()
        cer = self._agreed(found.cer)
        if cer < float(self._state.best_cer.numpy()):
            self._state.best_cer.assign(cer)
            self._state.evaluations_since_best.assign(0)
            if self._is_chief:
                self._workdir.save_best(self._model, self._facts(found))
        else:
            self._state.evaluations_since_best.assign_add(1)
        if self._state.averages:
            self._state.swap_averages()
        values = {f"validation_{name}": getattr(found, name) for name in ("loss", "cer", "wer")}
        metrics.write(self.step, minutes=self._minutes(), blank_share=found.blank_share, **values)

    def _facts(self, found):
        skipped = len(self._data.skipped["validation"])
        return {
            "step": self.step, "cer": found.cer, "wer": found.wer, "core_minutes": self._minutes(),
            "validation_examples": len(self._data.validation_texts), "validation_skipped": skipped,
        }  # fmt: skip

    def _minutes(self):
        return float(self._state.core_minutes.numpy())

    def _learning_rate(self):
        optimizer = getattr(self._optimizer, "inner_optimizer", self._optimizer)
        return float(optimizer.learning_rate)
