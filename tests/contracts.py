"""The laws of a recurrent layer, checked for every cell, execution and direction by one verifier.

1. All executions give the loop's outputs, final states and gradients.
2. In chunks of any size, the state carried, the outputs are those of the whole sequence.
3. NaN in padding reaches no output, state or gradient, and a batch of many equals each row alone.
4. Forward is causal; backward is forward on each row reversed by its own length.
5. tf.function with unknown batch and time equals eager; T = 0, T = 1 and a row of length 0 are fine.
6. Config round trip; weight names are stable.
7. Mixed precision stays within a stated tolerance, with the state in float32.
"""

import functools
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from seqapp.rnn import Recurrent

UNITS, NUM_FEATURES = 5, 3


class Sizes(NamedTuple):
    """Frames of a batch, those of its rows (all, one inside, one, none), and of chunks in which it is read."""

    num_frames: int
    inside: int
    chunks: tuple

    @property
    def lengths(self):
        return np.array([self.num_frames, 0, self.inside, 1])


MANY = Sizes(37, 20, (1, 7, 36))  # no multiple of the scan's chunk, and more than two of them
FEW = Sizes(11, 6, (1, 3, 10))  # where frames come one after the other, each as the one before, or in short pieces
FILLED = Sizes(23, 12, (1, 7, 22))  # with all padding of one length that `fused` fills up to, and compiles for
SIZES = {"loop": FEW, "unrolled": FEW, "fused": FILLED}
MOST_FRAMES = 80


def tolerance(dtype):
    """Largest accepted difference by dtype: some 40 roundings in a row, of values around 1."""
    return {"float64": 1e-10, "float32": 2e-5, "float16": 3e-2, "bfloat16": 2e-1}[dtype]


def verify_recurrent(make_cell, execution, go_backwards, sizes=None):
    """Check all laws for one cell, execution and direction. `make_cell()` gives a fresh cell."""
    is_loop = execution == "loop"
    law = loop_laws(make_cell, go_backwards) if is_loop else Laws(make_cell, execution, go_backwards, sizes)
    law.equals_loop()
    law.chunks_equal_whole()
    law.padding_changes_nothing()
    law.rows_are_independent()
    law.backward_mirrors_forward() if go_backwards else law.forward_is_causal()
    law.unknown_shapes_equal_eager()
    law.config_round_trip()


@functools.cache
def loop_laws(make_cell, go_backwards):
    """The loop, traced once for all executions of a cell; that it equals an eager one is its own law 5."""
    return Laws(make_cell, "loop", go_backwards)


class Laws:
    """One cell with fixed weights, inputs and states.

    All sizes run through two traced functions, `step` and `differentiated`: much faster than eager, and equal to it by
    law 5. Only `unrolled` runs eagerly, since it needs a known T.
    """

    def __init__(self, make_cell, execution, go_backwards, sizes=None):
        self.sizes = sizes or SIZES.get(execution, MANY)
        self.num_frames, self.lengths = self.sizes.num_frames, self.sizes.lengths
        keras.utils.set_random_seed(1)
        self.rng = np.random.default_rng(7)
        self.make_cell, self.cell = make_cell, make_cell()
        self.execution, self.go_backwards = execution, go_backwards
        self.cell.build((None, NUM_FEATURES))
        for variable in self.cell.trainable_variables:
            variable.assign(variable + self.rng.normal(scale=0.3, size=variable.shape))
        self.inputs = self.rng.normal(size=(4, self.num_frames, NUM_FEATURES)).astype(np.float32)
        self.state = [self.rng.normal(size=(4, size)).astype(np.float32) for size in self.cell.state_size]
        self.mask = np.arange(self.num_frames) < self.lengths[:, np.newaxis]
        self.factors = np.random.default_rng(3).normal(size=(4, MOST_FRAMES, UNITS)).astype(np.float32)

    def layer(self, execution=None, go_backwards=None):
        return Recurrent(
            self.cell,
            execution or self.execution,
            return_state=True,
            go_backwards=self.go_backwards if go_backwards is None else go_backwards,
        )

    def problem(self, inputs=None, mask=None):
        """Inputs, states and mask as tensors."""
        inputs, mask = self.inputs if inputs is None else inputs, self.mask if mask is None else mask
        return tf.constant(inputs), [tf.constant(s) for s in self.state], tf.constant(mask)

    def traced(self, function, signature):
        """The function for an unknown batch and time; as it is where the execution needs a known T, and says so."""
        if self.execution == "unrolled":  # says so: tests/rnn/execution/test_unrolled.py
            return function
        return tf.function(function, input_signature=signature, autograph=False)

    def signature(self):
        """Inputs, state and mask with unknown batch and time."""
        state = [tf.TensorSpec([None, size]) for size in self.cell.state_size]
        return [tf.TensorSpec([None, None, NUM_FEATURES]), state, tf.TensorSpec([None, None], tf.bool)]

    @functools.cached_property
    def step(self):
        """The layer without a mask: inputs and states to outputs in reading order, and states."""
        layer = self.layer()
        training = self.execution == "fused"
        return self.traced(
            lambda inputs, state: layer(inputs, initial_state=state, training=training), self.signature()[:2]
        )

    @functools.cached_property
    def differentiated(self):
        return self.traced(self.differentiate, self.signature())

    def differentiate(self, inputs, state, mask):
        """Outputs in reading order, states, and gradients of a function of both: of inputs, states and weights."""
        with tf.GradientTape() as tape:
            tape.watch([inputs, *state])
            # Outside of training `fused` is another one: choose.py.
            training = self.execution == "fused"
            outputs, *states = self.layer()(inputs, initial_state=state, mask=mask, training=training)
            factors = tf.constant(self.factors)[: tf.shape(outputs)[0], : tf.shape(outputs)[1]]
            loss = tf.reduce_sum(outputs * factors) + sum(tf.reduce_sum(s**2) for s in states)
        sources = [inputs, *state, *(v.value for v in self.cell.trainable_variables)]
        return outputs, states, tape.gradient(loss, sources)

    def arrays(self, results):
        """Outputs at their own frames, states, and whatever follows, as arrays."""
        outputs, *others = tf.nest.map_structure(lambda x: x.numpy(), results)
        return outputs[:, ::-1] if self.go_backwards else outputs, *others

    def run(self, layer, inputs, state, mask=None):
        """Outputs at their own frames, and the states, as arrays; eagerly."""
        outputs, *states = layer(tf.constant(inputs), initial_state=[tf.constant(s) for s in state], mask=mask)
        outputs = outputs.numpy()
        return outputs[:, ::-1] if layer.go_backwards else outputs, [s.numpy() for s in states]

    def run_step(self, inputs, state):
        outputs, *states = self.arrays(self.step(tf.constant(inputs), [tf.constant(s) for s in state]))
        return outputs, states

    @functools.cached_property
    def whole(self):
        """Outputs and states of all frames, without a mask."""
        return self.run_step(self.inputs, self.state)

    @functools.cached_property
    def masked(self):
        """Outputs, states and gradients of rows of all lengths."""
        return self.arrays(self.differentiated(*self.problem()))

    def close(self, received, expected):
        for r, e in zip(received, expected, strict=True):
            np.testing.assert_allclose(r, e, atol=tolerance("float32"), rtol=tolerance("float32"))

    def all_close(self, received, expected):
        """Outputs, states and gradients as one list each."""
        self.close(tf.nest.flatten(received), tf.nest.flatten(expected))

    def equals_loop(self):
        loop = loop_laws(self.make_cell, self.go_backwards)
        self.all_close(self.masked, loop.arrays(loop.differentiated(*self.problem())))

    def chunks_equal_whole(self):
        whole, final = self.whole
        for size in self.sizes.chunks:
            state, pieces = self.state, []
            starts = range(0, self.num_frames, size)
            for start in reversed(starts) if self.go_backwards else starts:
                outputs, state = self.run_step(self.inputs[:, start : start + size], state)
                pieces.append(outputs)
            pieces = pieces[::-1] if self.go_backwards else pieces
            self.close([np.concatenate(pieces, axis=1), *state], [whole, *final])

    def padding_changes_nothing(self):
        clean = np.where(self.mask[:, :, np.newaxis], self.inputs, 0.0).astype(np.float32)
        dirty = np.where(self.mask[:, :, np.newaxis], self.inputs, np.nan).astype(np.float32)
        dirty = np.pad(dirty, [(0, 0), (0, 9), (0, 0)], constant_values=np.nan)
        mask = np.pad(self.mask, [(0, 0), (0, 9)])
        outputs, states, gradients = self.arrays(self.differentiated(*self.problem(dirty, mask)))
        expected, expected_states, _ = self.arrays(self.differentiated(*self.problem(clean)))
        self.close([outputs[:, : self.num_frames], *states], [expected, *expected_states])
        assert not outputs[~mask].any(), "outputs in padding must be zero"
        assert all(np.isfinite(g).all() for g in gradients)
        assert not gradients[0][~mask].any(), "no gradient may reach padding"

    def rows_are_independent(self):
        outputs, states, _ = self.masked
        for row, length in enumerate(self.lengths):
            state = [s[row : row + 1] for s in self.state]
            alone, alone_states = self.run_step(self.inputs[row : row + 1, :length], state)
            self.close([outputs[row, :length], *(s[row] for s in states)], [alone[0], *(s[0] for s in alone_states)])

    def forward_is_causal(self):
        changed = self.inputs.copy()
        start = self.sizes.inside
        changed[:, start:] += 1.0
        before, _ = self.whole
        after, _ = self.run_step(changed, self.state)
        self.close([after[:, :start]], [before[:, :start]])
        assert np.abs(after[:, start:] - before[:, start:]).max() > 1e-3

    def backward_mirrors_forward(self):
        outputs, states, _ = self.masked
        mirrored = self.inputs.copy()
        for row, length in enumerate(self.lengths):
            mirrored[row, :length] = self.inputs[row, :length][::-1]
        expected, expected_states = self.run(self.layer(go_backwards=False), mirrored, self.state, self.mask)
        for row, length in enumerate(self.lengths):
            self.close([outputs[row, :length]], [expected[row, :length][::-1]])
        self.close(states, expected_states)

    def unknown_shapes_equal_eager(self):
        if self.execution == "unrolled":
            return
        for num_frames in (0, 1, self.num_frames):
            problem = self.problem(self.inputs[:, :num_frames], self.mask[:, :num_frames])
            received = self.arrays(self.differentiated(*problem))
            self.all_close(received, self.arrays(self.differentiate(*problem)))
            gradient = received[2][0]
            assert gradient.shape == problem[0].shape and np.isfinite(gradient).all()

    def config_round_trip(self):
        layer = self.layer()
        again = Recurrent.from_config(layer.get_config())
        assert again.get_config() == layer.get_config()
        again.build((None, None, NUM_FEATURES))
        for copy, variable in zip(again.cell.variables, self.cell.variables, strict=True):
            assert copy.name == variable.name
            copy.assign(variable)
        expected, expected_states, _ = self.masked
        outputs, states = self.run(again, self.inputs, self.state, self.mask)
        self.close([outputs, *states], [expected, *expected_states])
