"""The one training loop: batches in, steps, evaluations and checkpoints out; resumes exactly."""

import dataclasses
import json
import logging
import time

import keras
import numpy as np
import tensorflow as tf

import seqapp.recipe
from seqapp.ctc import ctc_loss
from seqapp.input_pipeline import BatchPlan, Corpus, Examples, evaluation_batches, survey, training_batches
from seqapp.models import Recognizer, Workdir
from seqapp.models.workdir import write_whole
from seqapp.text import Alphabet
from seqapp.training.checkpoint import Checkpoints, TrainingState
from seqapp.training.log import MetricsLog
from seqapp.training.optimizer import apply_clipped, make_optimizer
from seqapp.training.stop_request import StopRequest
from seqapp.training.strategy import distribute, is_chief
from seqapp.training.validation import Validator

log = logging.getLogger(__name__)

LOG_EVERY = 20  # steps between rows of metrics.csv


@dataclasses.dataclass(frozen=True)
class Corpora:
    """What a training reads.

    Attributes:
        train: `Examples` of the main corpus, each once an epoch.
        extra: `Examples` mixed into training only.
        validation: `Examples` that choose the best weights.
    """

    train: Examples
    extra: Examples
    validation: Examples


class Training:
    """One run in one workdir.

    Args:
        recipe: `Recipe`.
        workdir: `Workdir`; where it holds a checkpoint, the run resumes there.
        corpora: `Corpora`.
        strategy: From `make_strategy`.

    Attributes:
        was_stopped: Whether a signal ended `run` before the last step.

    Raises:
        ValueError: Where the workdir belongs to another recipe, or nothing usable is left to train or validate on.
    """

    def __init__(self, recipe, workdir, corpora, strategy):
        self._recipe, self._workdir, self._strategy = recipe, workdir, strategy
        self._is_chief = is_chief()
        self._alphabet = self._claim_workdir(corpora)
        with strategy.scope():
            keras.config.set_dtype_policy(recipe.training.precision)
            try:
                keras.utils.set_random_seed(recipe.training.seed)
                self._model = Recognizer.from_recipe(recipe, self._alphabet)
                self._optimizer = make_optimizer(recipe.training)
            finally:
                keras.config.set_dtype_policy("float32")
            self._optimizer.build(self._model.trainable_variables)
            self._state = TrainingState(self._model, self._optimizer, recipe.training.average_decay)
        self._checkpoints = Checkpoints(
            self._state, workdir.checkpoints, recipe.training.keep_checkpoints, self._is_chief
        )
        self._train_ids, self._corpus, self._plan, self._validator = self._prepare(corpora)
        self.was_stopped = False

    @property
    def step(self):
        """Steps done so far."""
        return int(self._state.step.numpy())

    def _claim_workdir(self, corpora):
        """Write recipe and alphabet, or check that the workdir's are these."""
        workdir, text = self._workdir, seqapp.recipe.to_json(self._recipe)
        if workdir.recipe.exists():
            if (found := workdir.recipe.read_text(encoding="utf-8")) != text:
                raise ValueError(
                    f"{workdir.path} belongs to another recipe: {_differences(found, text)}. "
                    "Give the recipe that it was started with, or another --workdir."
                )
            if workdir.alphabet.exists():
                return Alphabet.load(workdir.alphabet)
        symbols = self._recipe.output.alphabet
        alphabet = Alphabet(tuple(symbols)) if symbols else Alphabet.from_texts([*corpora.train.texts, *corpora.extra.texts])
        if self._is_chief:
            workdir.path.mkdir(parents=True, exist_ok=True)
            alphabet.save(workdir.alphabet)
            write_whole(workdir.recipe, text)
        return alphabet

    def _prepare(self, corpora):
        recipe, length = self._recipe, self._model.output_length
        surveys, kept = {}, {}
        for name in ("train", "extra", "validation"):
            examples = getattr(corpora, name)
            surveys[name] = survey(examples, recipe, self._alphabet, length, name)
            kept[name] = examples.select(surveys[name].usable)
        if self._is_chief:
            reasons = {name: found.reasons for name, found in surveys.items()}
            write_whole(self._workdir.skipped, json.dumps(reasons, indent=1, ensure_ascii=False) + "\n")
        if not len(kept["validation"]):
            raise ValueError(f"No usable validation example; {self._workdir.skipped} says why each was skipped.")
        frames = {name: found.num_frames[found.usable] for name, found in surveys.items()}
        training = kept["train"] + kept["extra"]
        corpus = Corpus(training, self._alphabet)
        plan = BatchPlan(
            num_frames=np.concatenate([frames["train"], frames["extra"]]),
            num_labels=corpus.num_labels,
            writers=training.writer_ids,
            is_extra=np.arange(len(training)) >= len(kept["train"]),
            extra_share=recipe.data.extra_share if len(kept["extra"]) else 0.0,
            join_words=recipe.augmentation.join_words,
            batch_frames=recipe.data.batch_frames,
            max_batch_size=recipe.data.max_batch_size,
            seed=recipe.training.seed,
        )
        validation = Corpus(kept["validation"], self._alphabet)
        batches = evaluation_batches(validation, frames["validation"], recipe, length)
        return training.ids, corpus, plan, Validator(self._model, batches, kept["validation"].texts, self._alphabet)

    def run(self):
        """Train to the last step, or until patience or a signal ends it.

        Returns:
            The facts of best.json: step, cer, wer of the best evaluation.
        """
        config = self._recipe.training
        resumed = self._checkpoints.restore()
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

    def _run_steps(self, metrics, stop):
        config, batches = self._recipe.training, self._batches()
        # One signature, one graph: traced by shapes, a resumed run would round differently from one that went through.
        train_step = tf.function(self._train_step, input_signature=[batches.element_spec, tf.TensorSpec([])])
        cpu, stopping = time.process_time(), 0.0
        while self.step < config.steps and not stopping and not self._lost_patience():
            batch = next(batches)
            loss, norm, frames, stopping = (float(x) for x in train_step(batch, float(stop.received)))
            self._check_finite(loss, norm, batch)
            self._state.core_minutes.assign_add((time.process_time() - cpu) / 60)
            cpu = time.process_time()
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
        self._wait_for_all()
        self.was_stopped = bool(stopping) and self.step < config.steps
        if self.was_stopped:
            log.info("stopped at step %d; the same command resumes here", self.step)

    def _wait_for_all(self):
        """A chief that leaves early looks to its workers like one that died."""
        if self._strategy.num_replicas_in_sync > 1:
            self._strategy.reduce(tf.distribute.ReduceOp.SUM, self._strategy.run(lambda: tf.constant(0.0)), axis=None)

    def _is_due(self, every):
        return self.step % every == 0 or self.step == self._recipe.training.steps

    def _lost_patience(self):
        patience = self._recipe.training.patience
        if lost := patience and int(self._state.evaluations_since_best.numpy()) >= patience:
            log.info("stopping at step %d: no better validation CER in %d evaluations", self.step, patience)
        return lost

    def _batches(self):
        def make_dataset(replicas, num_replicas):
            return training_batches(
                self._corpus, self._plan, self._recipe, self._model.output_length, self.step, replicas, num_replicas
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
            logits, logit_length = self._model(batch["features"], batch["length"], training=True)
            losses = ctc_loss(
                logits, logit_length, batch["labels"], batch["label_length"], self._recipe.output.loss
            )
            # Selected, not multiplied: a row that counts for nothing may have an infinite loss.
            losses = tf.where(batch["weight"] > 0, losses, tf.zeros_like(losses))
            loss = tf.math.divide_no_nan(tf.reduce_sum(losses), batch["num_labels"])
            scaled = self._optimizer.scale_loss(loss)
        variables = self._model.trainable_variables
        gradients = tape.gradient(scaled, [v.value for v in variables])
        norm = apply_clipped(self._optimizer, gradients, variables, self._recipe.training.clip_norm)
        return loss, norm, tf.reduce_sum(batch["length"]), tf.identity(stop)

    def _check_finite(self, loss, norm, batch):
        # float16 gradients overflow now and then: the optimizer leaves such a step out and lowers its scale.
        expected = self._recipe.training.precision == "mixed_float16"
        if np.isfinite(loss) and (expected or np.isfinite(norm)):
            return
        indices = np.concatenate([np.ravel(v) for v in self._strategy.experimental_local_results(batch["index"])])
        raise FloatingPointError(
            f"The loss of step {self.step} is {loss}, the norm of its gradient {norm}. "
            f"Examples: {', '.join(self._train_ids[i] for i in indices)}. Lower training.learning_rate or "
            "training.clip_norm, or look at these examples; the last checkpoint is from before this step."
        )

    def _evaluate(self, metrics):
        if self._state.averages:
            self._state.swap_averages()
        found = self._validator.run()
        facts = {"step": self.step, "cer": found.cer, "wer": found.wer, "core_minutes": self._minutes()}
        if found.cer < float(self._state.best_cer.numpy()):
            self._state.best_cer.assign(found.cer)
            self._state.evaluations_since_best.assign(0)
            if self._is_chief:
                self._workdir.save_best(self._model, facts)
        else:
            self._state.evaluations_since_best.assign_add(1)
        if self._state.averages:
            self._state.swap_averages()
        values = {f"validation_{name}": getattr(found, name) for name in ("loss", "cer", "wer")}
        metrics.write(self.step, minutes=self._minutes(), blank_share=found.blank_share, **values)

    def _minutes(self):
        return float(self._state.core_minutes.numpy())

    def _learning_rate(self):
        optimizer = getattr(self._optimizer, "inner_optimizer", self._optimizer)
        return float(optimizer.learning_rate)


def _differences(found, wanted):
    found, wanted = json.loads(found), json.loads(wanted)
    changed = [
        f"{section}.{name} was {found.get(section, {}).get(name)!r}, now {value!r}"
        for section, values in wanted.items()
        for name, value in values.items()
        if found.get(section, {}).get(name) != value
    ]
    return "; ".join(changed) or "its recipe.json has other fields"
