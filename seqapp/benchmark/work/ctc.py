"""CTC workload: loss, and loss with gradient."""

import functools
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from seqapp.benchmark import peers
from seqapp.benchmark.work.rnn import finished
from seqapp.ctc import ctc_loss, forced_align

AXES = "B, T, K, U"


def work(batch: int, frames: int, symbols: int, labels: int, threads: int) -> dict[str, Callable]:
    """Name to a function that builds `(shape, forward, step)`: of the loss, of the loss and its gradient.

    Args:
        batch: B.
        frames: T of every row.
        symbols: K, the blank included.
        labels: U of every row.
        threads: For PyTorch, which is told when it is used.
    """
    draw = np.random.default_rng(0)
    logits = draw.normal(size=(batch, frames, symbols)).astype(np.float32)
    full = np.full(batch, frames, np.int32)
    counts = np.full(batch, labels, np.int32)
    arrays = logits, full, draw.integers(0, symbols - 1, (batch, labels)).astype(np.int32), counts
    shape = [batch, frames, symbols, labels]
    ours = functools.partial(_runs, arrays, shape)
    return {
        "forward_backward": functools.partial(ours, ctc_loss),
        "forward_backward, all under XLA": functools.partial(ours, ctc_loss, jit_compile=True),
        "tf.nn.ctc_loss, sparse": functools.partial(ours, functools.partial(ctc_loss, implementation="sparse")),
        **peers.ctc(*arrays, shape, threads),
        "forced_align": functools.partial(ours, forced_align, has_gradient=False),
    }


def _runs(arrays, shape, function, jit_compile=False, has_gradient=True):
    tensors = [tf.constant(array) for array in arrays]
    # As a training loop sees its batches: any shape but for the number of classes.
    signature = [tf.TensorSpec([None] * x.shape.rank, x.dtype) for x in tensors]
    signature[0] = tf.TensorSpec([None, None, shape[2]])
    forward = tf.function(function, input_signature=signature, jit_compile=jit_compile, autograph=False)

    @tf.function(input_signature=signature, jit_compile=jit_compile, autograph=False)
    def step(logits, *others):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            loss = function(logits, *others)
        return loss, tape.gradient(loss, logits)

    run_step = finished(lambda: step(*tensors)) if has_gradient else None
    return shape, finished(lambda: forward(*tensors)), run_step
