"""Optimizers of a recipe: learning rate schedules, and gradients clipped by their global norm."""

import keras
import tensorflow as tf
from keras import ops

from seqapp.recipe import TrainingConfig

KINDS = {
    "adamw": lambda rate, decay: keras.optimizers.AdamW(rate, weight_decay=decay, beta_2=0.98),
    "sgd": lambda rate, decay: keras.optimizers.SGD(rate, weight_decay=decay or None),
}


class Halving(keras.optimizers.schedules.LearningRateSchedule):
    """A linear rise to the peak, then halved at some step and again and again from there on.

    Args:
        peak: The rate.
        warmup_steps: Of the rise; 0: none.
        first: Step from which the rate is half of the peak.
        every: Steps from one halving to the next.
    """

    def __init__(self, peak: float, warmup_steps: int, first: int, every: int):
        self.peak = peak
        self.warmup_steps = warmup_steps
        self.first = first
        self.every = every

    def __call__(self, step):
        step = ops.cast(step, "float32")
        halvings = ops.maximum(0.0, ops.floor((step - self.first) / self.every) + 1.0)
        rise = ops.minimum(1.0, step / self.warmup_steps) if self.warmup_steps else 1.0
        return self.peak * rise * ops.power(0.5, halvings)

    def get_config(self) -> dict:
        return {"peak": self.peak, "warmup_steps": self.warmup_steps, "first": self.first, "every": self.every}


def make_optimizer(config: TrainingConfig) -> keras.optimizers.Optimizer:
    """Make the optimizer of a recipe.

    Weight decay acts on kernels: biases, normalisation and the decay of RGLRUCell are left alone, since pulling the
    latter to 0 would erase its memory. float16 gradients are scaled dynamically.

    Returns:
        `keras.optimizers.AdamW` or `SGD`, inside a `LossScaleOptimizer` for mixed_float16.

    Reference: Loshchilov and Hutter, Decoupled weight decay regularization, 2019, https://arxiv.org/abs/1711.05101
    """
    optimizer = KINDS[config.optimizer](_schedule(config), config.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta", "gain", "decay"])
    if config.precision == "mixed_float16":
        return keras.optimizers.LossScaleOptimizer(optimizer)
    return optimizer


def _schedule(config):
    """Return warm-up, then halvings where the recipe names them, else a cosine to zero."""
    warmup = min(config.warmup_steps, config.steps - 1)
    if config.halve_every:
        first = config.halve_from or config.halve_every
        return Halving(config.learning_rate, warmup, first, config.halve_every)
    return keras.optimizers.schedules.CosineDecay(
        0.0 if warmup else config.learning_rate,
        decay_steps=max(1, config.steps - warmup),
        warmup_target=config.learning_rate if warmup else None,
        warmup_steps=warmup,
    )


def apply_clipped(optimizer, gradients, variables, clip_norm: float):
    """Sum the gradients over all replicas, clip the sum, apply it.

    Keras sums over replicas too, inside `apply`; clipping needs the sum before. The sum is therefore divided by
    the number of replicas again, which is exact for powers of two.

    Args:
        optimizer: From `make_optimizer`.
        gradients: List of tensors, this replica's share of the global gradient (scaled, under mixed_float16).
        variables: List of variables.
        clip_norm: Largest global norm.

    Returns:
        Float32 scalar, the norm before clipping.
    """
    replica = tf.distribute.get_replica_context()
    gradients = replica.all_reduce(tf.distribute.ReduceOp.SUM, gradients)
    scale = optimizer.dynamic_scale.value if isinstance(optimizer, keras.optimizers.LossScaleOptimizer) else 1.0
    norm = tf.linalg.global_norm(gradients) / scale
    # A norm of NaN passes on: the loss scale reacts to it, or the loop stops.
    factor = tf.where(norm > clip_norm, clip_norm / norm, 1.0) / replica.num_replicas_in_sync
    optimizer.apply([gradient * factor for gradient in gradients], variables)
    return norm
