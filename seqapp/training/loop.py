"""Training loop: steps, evaluations, checkpoints, patience and logs of any objective; resumes exactly."""

import json
import logging
import time

import numpy as np
import tensorflow as tf

from seqapp.rnn.execution.target import whole_step
from seqapp.training.checkpoint import Checkpoints, TrainingState
from seqapp.training.log import MetricsLog
from seqapp.training.objective import Objective
from seqapp.training.optimizer import apply_clipped, make_optimizer
from seqapp.training.stop_request import StopRequest
from seqapp.training.strategy import distribute, writes_workdir

log = logging.getLogger(__name__)

LOG_EVERY = 20  # steps between rows of metrics.csv


class Training:
    """One run in one workdir.

    Args:
        objective: `Objective`, ready; where its workdir holds a checkpoint, the run resumes there.

    Attributes:
        was_stopped: Whether a signal ended `run` before the last step.
    """

    def __init__(self, objective: Objective):
        self.objective = objective
        self._workdir = objective.workdir
        self._strategy = objective.strategy
        self._config = config = objective.config
        self._cpu = objective.started
        self._is_chief = writes_workdir(config)
        self._model = objective.model
        with self._strategy.scope():
            self._optimizer = make_optimizer(config)
            self._optimizer.build(self._model.trainable_variables)
            self._state = TrainingState(self._model, self._optimizer, config.average_decay, objective.carried())
        checkpoints = self._workdir.checkpoints
        self._checkpoints = Checkpoints(self._state, checkpoints, config.keep_checkpoints, self._is_chief)
        self.was_stopped = False

    @property
    def step(self) -> int:
        """Steps done so far."""
        return int(self._state.step.numpy())

    def run(self) -> dict[str, float]:
        """Train to the last step, or until patience or a signal ends it.

        Returns:
            The facts of best.json: step, error rates and the like of the best evaluation.
        """
        resumed = self._checkpoints.restore()
        if not resumed:
            self.objective.begin()
        log.info("%s at step %d of %d", "resuming" if resumed else "starting", self.step, self._config.steps)
        metrics = MetricsLog(
            self._workdir.metrics, self._workdir.tensorboard, self.step, self._config.steps, quiet=not self._is_chief
        )
        try:
            with StopRequest() as stop:
                self._run_steps(metrics, stop)
        finally:
            metrics.close()
        if self._is_chief and not self.was_stopped and self._workdir.best.exists():
            self.objective.finish()
        return json.loads(self._workdir.best.read_text()) if self._workdir.best.exists() else {}

    def _run_steps(self, metrics, stop):
        config = self._config
        batches = distribute(self._strategy, self._batches)
        train_step = self.step_function(batches.element_spec)
        stopping = 0.0
        while self.step < config.steps and not stopping and not self._lost_patience():
            batch = next(batches)
            loss, norm, size, stopping = (float(x) for x in train_step(batch, float(stop.received)))
            self._check_finite(loss, norm, batch)
            self._count_time()
            metrics.advance(loss, size)
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

    def step_function(self, batch_spec) -> tf.function:
        """Make the function of one update.

        Args:
            batch_spec: Nested `tf.TensorSpec` of the batches, unknown sizes and all. One signature, one graph: traced
                by shapes, a resumed run would round differently from one that went through. Compiled whole, XLA
                makes a program of it for each shape.

        Returns:
            `tf.function` of a batch and a float (whether to stop), as `_train_step`.
        """
        is_whole = self._config.compile == "step"
        signature = [batch_spec, tf.TensorSpec([])]
        return tf.function(self._train_step, input_signature=signature, autograph=False, jit_compile=is_whole or None)

    def _batches(self, replicas, num_replicas):
        return self.objective.batches(self.step, replicas, num_replicas)

    def _agreed(self, value):
        """Return the mean of a number over all replicas, so that all workers decide alike on it."""
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
        return self.step % every == 0 or self.step == self._config.steps

    def _lost_patience(self):
        patience = self._config.patience
        if lost := patience and int(self._state.evaluations_since_best.numpy()) >= patience:
            name = self.objective.score_name
            log.info("stopping at step %d: no better %s in %d evaluations", self.step, name, patience)
        return lost

    def _train_step(self, batch, stop):
        """Update all replicas once; return loss and size summed, the gradient norm, and how many replicas want to stop.

        Workers stop after the same step, whichever of them got the signal: a lone one would wait for the others.
        """
        losses, norms, sizes, stops = self._strategy.run(self._replica_step, (batch, stop))
        self._state.step.assign_add(1)
        self._state.update_averages()
        loss, size, stops = (
            self._strategy.reduce(tf.distribute.ReduceOp.SUM, values, axis=None) for values in (losses, sizes, stops)
        )
        return loss, self._strategy.reduce(tf.distribute.ReduceOp.MEAN, norms, axis=None), size, stops

    def _replica_step(self, batch, stop):
        loss, gradients, carried = self._gradients(batch)
        variables = self._model.trainable_variables
        norm = apply_clipped(self._optimizer, gradients, variables, self._config.clip_norm)
        self._state.carry(carried)
        return loss, norm, self.objective.size(batch), tf.identity(stop)

    def _gradients(self, batch):
        with whole_step(self._config.compile == "step"), tf.GradientTape() as tape:
            loss, carried = self.objective.loss(batch, [tf.identity(tensor) for tensor in self._state.carried])
            scaled = self._optimizer.scale_loss(loss)
        variables = self._model.trainable_variables
        gradients = tape.gradient(scaled, [v.value for v in variables])
        # Those of a lookup are sparse.
        return loss, [tf.convert_to_tensor(gradient) for gradient in gradients], carried

    def _check_finite(self, loss, norm, batch):
        # float16 gradients overflow now and then: the optimizer leaves such a step out and lowers its scale.
        may_overflow = self._config.precision == "mixed_float16"
        if np.isfinite(loss) and (may_overflow or np.isfinite(norm)):
            return
        reason = f"The loss of step {self.step} is {loss}, the norm of its gradient {norm}."
        remedy = "Lower training.learning_rate or training.clip_norm"
        parts = self._strategy.experimental_local_results(batch)
        if examples := [example for part in parts for example in self.objective.examples(part)]:
            reason = f"{reason} Examples: {', '.join(examples)}."
            remedy = f"{remedy}, or look at these examples"
        raise FloatingPointError(f"{reason} {remedy}; the last checkpoint is from before this step.")

    def _evaluate(self, metrics):
        if self._state.averages:
            self._state.swap_averages()
        evaluation = self.objective.evaluate()
        self._count_time()
        if self._state.is_best(self._agreed(evaluation.score)) and self._is_chief:
            facts = {"step": self.step, **evaluation.facts, "core_minutes": self._minutes()}
            self._workdir.save_best(self._model, facts)
        if self._state.averages:
            self._state.swap_averages()
        metrics.write(self.step, minutes=self._minutes(), **evaluation.columns)

    def _minutes(self):
        return float(self._state.core_minutes.numpy())

    def _learning_rate(self):
        optimizer = getattr(self._optimizer, "inner_optimizer", self._optimizer)
        return float(optimizer.learning_rate)
