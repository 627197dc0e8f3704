"""As users run it: compiled with all of XLA's optimisations, which the other tests of the suite do without."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROGRAM = """
import numpy as np
import tensorflow as tf
from seqapp.ctc import ctc_loss
from seqapp.rnn import Recurrent
from seqapp.rnn.cells import CELLS


rng = np.random.default_rng(0)
inputs = tf.constant(rng.normal(size=[3, 70, 5]), tf.float32)
mask = tf.sequence_mask([70, 33, 1], 70)


def results(layer):
    layer(inputs)
    for variable, seed in zip(layer.trainable_variables, range(99)):
        variable.assign(np.random.default_rng(seed).normal(scale=0.5, size=variable.shape))
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, mask=mask, training=True)
        loss = tf.reduce_sum(outputs * tf.cos(tf.reshape(tf.range(tf.size(outputs), dtype=tf.float32), outputs.shape)))
    return [outputs, *tape.gradient(loss, [inputs, *(v.value for v in layer.trainable_variables)])]


for cell, make in CELLS.items():
    if cell in ("lru", "mamba2", "gated_delta"):  # which have no compiled pass
        continue
    looped, compiled = (results(Recurrent(make(16), execution)) for execution in ("loop", "fused"))
    for one, other in zip(looped, compiled, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-4 * np.abs(one).max(), err_msg=cell)
    print(cell, len(looped))

logits = tf.constant(rng.normal(size=[2, 40, 6]), tf.float32)
labels = tf.constant([[0, 1, 1, 4], [2, 3, 0, 0]])
with tf.GradientTape(persistent=True) as tape:
    tape.watch(logits)
    ours = ctc_loss(logits, [40, 25], labels, [4, 2])
    theirs = tf.nn.ctc_loss(labels, logits, [4, 2], [40, 25], logits_time_major=False, blank_index=5)
np.testing.assert_allclose(ours, theirs, rtol=1e-5)
np.testing.assert_allclose(tape.gradient(ours, logits), tape.gradient(theirs, logits), atol=1e-5)
print("ctc")
"""


def test_compiled_passes_equal_the_loop_and_ctc_that_of_tensorflow():
    repository = Path(__file__).parents[3]
    environment = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    environment["PYTHONPATH"] = str(repository)
    command = [sys.executable, "-c", PROGRAM]
    program = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    assert program.returncode == 0, program.stderr[-3_000:]
    assert program.stdout.split() == [
        "simple",
        "5",
        "lstm",
        "5",
        "gru",
        "6",
        "min_gru",
        "4",
        "min_lstm",
        "4",
        "rg_lru",
        "5",
        "sru",
        "4",
        "ctc",
    ]
