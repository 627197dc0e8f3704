"""Checkpoints of a whole training: after kill -9 the same command ends with the same weights."""

import re
import shutil
import tempfile
from pathlib import Path

import tensorflow as tf


class TrainingState(tf.Module):
    """The variables of a run: weights, their average, optimizer, dropout seeds, step, time, patience, what is carried.

    The input pipeline needs no variable of its own: its order and its augmentation are functions of the step.
    Checkpoints know the variables by the names of these attributes.

    Args:
        model: Keras model, built.
        optimizer: From `make_optimizer`, built.
        average_decay: Decay of the moving average of the weights; 0 keeps none.
        carried: Tensors that rows carry from batch to batch, as they are before the first.
    """

    def __init__(self, model, optimizer, average_decay: float, carried=()):
        super().__init__()
        # model.variables holds the states of the seed generators too. Keras variables are no tf.Variables: `.value` is.
        self.model_variables = [v.value for v in model.variables]
        self.optimizer_variables = [v.value for v in optimizer.variables]
        self.weights = [v.value for v in model.trainable_variables]
        self.average_decay = average_decay
        self.averages = [tf.Variable(w, trainable=False) for w in self.weights] if average_decay else []
        self.step = tf.Variable(0, dtype=tf.int64, trainable=False)
        self.core_minutes = tf.Variable(0.0, dtype=tf.float64, trainable=False)
        self.best_cer = tf.Variable(float("inf"), dtype=tf.float64, trainable=False)  # or another score: the best one
        self.evaluations_since_best = tf.Variable(0, dtype=tf.int64, trainable=False)
        self.carried = [tf.Variable(tensor, trainable=False) for tensor in carried]

    def update_averages(self) -> None:
        """Update the moving average; its decay rises with the step, so that early weights are soon forgotten."""
        step = tf.cast(self.step, tf.float32)
        decay = tf.minimum(self.average_decay, (1.0 + step) / (10.0 + step))
        for average, weight in zip(self.averages, self.weights):
            average.assign(decay * average + (1.0 - decay) * weight)

    def swap_averages(self) -> None:
        """Exchange weights and averages: before an evaluation, and again after it."""
        for average, weight in zip(self.averages, self.weights):
            old = tf.identity(weight)
            weight.assign(average)
            average.assign(old)

    def carry(self, tensors) -> None:
        """Keep what the rows of a batch leave to those of the next; no gradient passes."""
        for carried, tensor in zip(self.carried, tensors, strict=True):
            carried.assign(tf.stop_gradient(tensor))

    def is_best(self, score: float) -> bool:
        """Note an evaluation: whether its score is lower than all before it."""
        if score < float(self.best_cer.numpy()):
            self.best_cer.assign(score)
            self.evaluations_since_best.assign(0)
            return True
        self.evaluations_since_best.assign_add(1)
        return False


class Checkpoints:
    """Saves and restores a `TrainingState`.

    A checkpoint is written beside the old ones and takes effect when it is complete; only then the oldest is
    deleted. A full disk or a kill in between leaves the last complete one in place.

    Args:
        state: `TrainingState`.
        folder: Where the checkpoints lie.
        keep: Newest ones to keep.
        is_chief: Every worker must take part in saving, but only the chief's files stay.
    """

    def __init__(self, state: TrainingState, folder: str | Path, keep: int, is_chief: bool = True):
        self._state = state
        self._restored_from = folder
        checkpoint = tf.train.Checkpoint(state=state)
        self._elsewhere = None if is_chief else tempfile.TemporaryDirectory()  # removed with this object
        target = folder if is_chief else self._elsewhere.name
        self._manager = tf.train.CheckpointManager(checkpoint, str(target), max_to_keep=keep)
        self._checkpoint = checkpoint
        if is_chief:
            self._remove_unfinished()

    def _remove_unfinished(self):
        """Delete files that a kill left: of a checkpoint not yet complete, or of one no longer kept."""
        complete = {Path(path).name for path in self._manager.checkpoints}
        if not complete:
            return  # files that somebody copied here are not ours to delete
        for path in Path(self._restored_from).glob("ckpt-*"):
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name.partition(".")[0] not in complete:
                path.unlink()

    def restore(self) -> bool:
        """Load the newest complete checkpoint; False where there is none."""
        latest = tf.train.latest_checkpoint(str(self._restored_from))
        if latest is None:
            return False
        self._checkpoint.restore(latest).assert_existing_objects_matched()
        return True

    def save(self) -> None:
        """Write the state.

        Raises:
            OSError: Where it cannot be written (a full disk, say); the checkpoints before it stay valid.
        """
        step = int(self._state.step.numpy())
        try:
            self._manager.save(checkpoint_number=step)
        except tf.errors.OpError as error:
            reason = re.sub(r"{{.*?}}|\[Op:\w+\]", "", error.message).strip()
            raise OSError(
                f"The checkpoint of step {step} could not be written to {self._restored_from}: {reason}. "
                f"The last complete one is {self._manager.latest_checkpoint or 'none'}. Free some space and run the "
                "same command again: it resumes there."
            ) from error
