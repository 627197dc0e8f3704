"""AdamW with warm-up and cosine decay, clipped by the norm of the global gradient."""

import keras
import tensorflow as tf

from seqapp.recipe import TrainingConfig


def make_optimizer(config: TrainingConfig):
    """The optimizer of a recipe.

    Weight decay acts on kernels: biases, normalisation and the decay of RGLRUCell are left alone, since pulling the
    latter to 0 would erase its memory. float16 gradients are scaled dynamically.

    Returns:
        `keras.optimizers.AdamW`, inside a `LossScaleOptimizer` for mixed_float16.

    Reference: Loshchilov and Hutter, Decoupled weight decay regularization, 2019, https://arxiv.org/abs/1711.05101
    """
    warmup = min(config.warmup_steps, config.steps - 1)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0 if warmup else config.learning_rate,
        decay_steps=max(1, config.steps - warmup),
        warmup_target=config.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=config.weight_decay, beta_2=0.98)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta", "decay"])
    if config.precision == "mixed_float16":
        return keras.optimizers.LossScaleOptimizer(optimizer)
    return optimizer


def apply_clipped(optimizer, gradients, variables, clip_norm):
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
