"""The laws of a recurrent layer, checked for every cell, execution and direction by one verifier.

1. All executions give the loop's outputs, final states and gradients.
2. In chunks of any size, the state carried, the outputs are those of the whole sequence.
3. NaN in padding reaches no output, state or gradient, and a batch of many equals each row alone.
4. Forward is causal; backward is forward on each row reversed by its own length.
5. tf.function with unknown batch and time equals eager; T = 0, T = 1 and a row of length 0 are fine.
6. Config round trip; weight names are stable.
7. Mixed precision stays within a stated tolerance, with the state in float32.
"""

import keras
import numpy as np
import tensorflow as tf

from seqapp.rnn import Recurrent

UNITS, NUM_FEATURES = 5, 3
LENGTHS = np.array([37, 0, 20, 1])  # the full length, none, one inside, one frame
NUM_FRAMES = 37  # no multiple of the scan's chunk, and more than two of them


def tolerance(dtype):
    """Largest accepted difference by dtype: some 40 roundings in a row, of values around 1."""
    return {"float64": 1e-10, "float32": 2e-5, "float16": 3e-2, "bfloat16": 2e-1}[dtype]


def verify_recurrent(make_cell, execution, go_backwards):
    """Check all laws for one cell, execution and direction. `make_cell()` gives a fresh cell."""
    law = Laws(make_cell, execution, go_backwards)
    law.equals_loop()
    law.chunks_equal_whole()
    law.padding_changes_nothing()
    law.rows_are_independent()
    law.backward_mirrors_forward() if go_backwards else law.forward_is_causal()
    law.unknown_shapes_equal_eager()
    law.config_round_trip()


class Laws:
    """One cell with fixed weights, inputs and states."""

    def __init__(self, make_cell, execution, go_backwards):
        keras.utils.set_random_seed(1)
        self.rng = np.random.default_rng(7)
        self.make_cell, self.cell = make_cell, make_cell()
        self.execution, self.go_backwards = execution, go_backwards
        self.cell.build((None, NUM_FEATURES))
        for variable in self.cell.trainable_variables:
            variable.assign(variable + self.rng.normal(scale=0.3, size=variable.shape))
        self.inputs = self.rng.normal(size=(4, NUM_FRAMES, NUM_FEATURES)).astype(np.float32)
        self.state = [self.rng.normal(size=(4, UNITS)).astype(np.float32) for _ in self.cell.state_size]
        self.mask = np.arange(NUM_FRAMES) < LENGTHS[:, np.newaxis]

    def layer(self, execution=None, go_backwards=None):
        return Recurrent(
            self.cell,
            execution or self.execution,
            return_state=True,
            go_backwards=self.go_backwards if go_backwards is None else go_backwards,
        )

    def signature(self):
        """Inputs, state and mask with unknown batch and time."""
        state = [tf.TensorSpec([None, UNITS])] * len(self.state)
        return [tf.TensorSpec([None, None, NUM_FEATURES]), state, tf.TensorSpec([None, None], tf.bool)]

    def run(self, layer, inputs, state, mask=None):
        """Outputs at their own frames, and the states, as arrays."""
        outputs, *states = layer(tf.constant(inputs), initial_state=[tf.constant(s) for s in state], mask=mask)
        outputs = outputs.numpy()
        return outputs[:, ::-1] if layer.go_backwards else outputs, [s.numpy() for s in states]

    def gradients(self, layer, inputs, mask):
        """Gradients of a fixed function of outputs and states with respect to inputs, states and weights."""
        inputs, state = tf.constant(inputs), [tf.constant(s) for s in self.state]
        with tf.GradientTape() as tape:
            tape.watch([inputs, *state])
            outputs, *states = layer(inputs, initial_state=state, mask=mask)
            weights = np.random.default_rng(3).normal(size=outputs.shape)
            loss = tf.reduce_sum(outputs * weights) + sum(tf.reduce_sum(s**2) for s in states)
        return [
            g.numpy() for g in tape.gradient(loss, [inputs, *state, *(v.value for v in self.cell.trainable_variables)])
        ]

    def close(self, received, expected):
        for r, e in zip(received, expected, strict=True):
            np.testing.assert_allclose(r, e, atol=tolerance("float32"), rtol=tolerance("float32"))

    def equals_loop(self):
        loop, layer = self.layer("loop"), self.layer()
        outputs, states = self.run(layer, self.inputs, self.state, self.mask)
        expected, expected_states = self.run(loop, self.inputs, self.state, self.mask)
        self.close([outputs, *states], [expected, *expected_states])
        self.close(self.gradients(layer, self.inputs, self.mask), self.gradients(loop, self.inputs, self.mask))

    def chunks_equal_whole(self):
        whole, final = self.run(self.layer(), self.inputs, self.state)
        layer, signature = self.layer(), self.signature()[:2]
        if self.execution == "unrolled":
            step = layer
        else:  # traced once for all sizes: much faster than eager, and equal to it by law 5

            @tf.function(input_signature=signature)
            def step(inputs, initial_state):
                return layer(inputs, initial_state=initial_state)

        for size in (1, 7, 36):
            state, pieces = [tf.constant(s) for s in self.state], []
            starts = range(0, NUM_FRAMES, size)
            for start in reversed(starts) if self.go_backwards else starts:
                outputs, *state = step(tf.constant(self.inputs[:, start : start + size]), initial_state=state)
                pieces.append(outputs[:, ::-1] if self.go_backwards else outputs)
            pieces = pieces[::-1] if self.go_backwards else pieces
            self.close([np.concatenate(pieces, axis=1), *state], [whole, *final])

    def padding_changes_nothing(self):
        clean = np.where(self.mask[:, :, np.newaxis], self.inputs, 0.0).astype(np.float32)
        dirty = np.where(self.mask[:, :, np.newaxis], self.inputs, np.nan).astype(np.float32)
        dirty = np.pad(dirty, [(0, 0), (0, 9), (0, 0)], constant_values=np.nan)
        mask = np.pad(self.mask, [(0, 0), (0, 9)])
        outputs, states = self.run(self.layer(), dirty, self.state, mask)
        expected, expected_states = self.run(self.layer(), clean, self.state, self.mask)
        self.close([outputs[:, :NUM_FRAMES], *states], [expected, *expected_states])
        assert not outputs[~mask].any(), "outputs in padding must be zero"
        gradients = self.gradients(self.layer(), np.where(mask[:, :, np.newaxis], dirty, np.nan), mask)
        assert all(np.isfinite(g).all() for g in gradients)
        assert not gradients[0][~mask].any(), "no gradient may reach padding"

    def rows_are_independent(self):
        outputs, states = self.run(self.layer(), self.inputs, self.state, self.mask)
        for row, length in enumerate(LENGTHS):
            alone, alone_states = self.run(
                self.layer(), self.inputs[row : row + 1, :length], [s[row : row + 1] for s in self.state]
            )
            self.close([outputs[row, :length], *(s[row] for s in states)], [alone[0], *(s[0] for s in alone_states)])

    def forward_is_causal(self):
        changed = self.inputs.copy()
        changed[:, 20:] += 1.0
        before, _ = self.run(self.layer(), self.inputs, self.state)
        after, _ = self.run(self.layer(), changed, self.state)
        self.close([after[:, :20]], [before[:, :20]])
        assert np.abs(after[:, 20:] - before[:, 20:]).max() > 1e-3

    def backward_mirrors_forward(self):
        outputs, states = self.run(self.layer(), self.inputs, self.state, self.mask)
        mirrored = self.inputs.copy()
        for row, length in enumerate(LENGTHS):
            mirrored[row, :length] = self.inputs[row, :length][::-1]
        expected, expected_states = self.run(self.layer(go_backwards=False), mirrored, self.state, self.mask)
        for row, length in enumerate(LENGTHS):
            self.close([outputs[row, :length]], [expected[row, :length][::-1]])
        self.close(states, expected_states)

    def unknown_shapes_equal_eager(self):
        if self.execution == "unrolled":  # needs a known T, and says so: tests/rnn/execution/test_unrolled.py
            return
        layer = self.layer()

        @tf.function(input_signature=self.signature())
        def traced(inputs, state, mask):
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                results = layer(inputs, initial_state=state, mask=mask)
                loss = sum(tf.reduce_sum(r**2) for r in results)
            return [*results, tape.gradient(loss, inputs)]

        for num_frames in (0, 1, NUM_FRAMES):
            inputs, mask = self.inputs[:, :num_frames], self.mask[:, :num_frames]
            outputs, *states, gradient = traced(inputs, [tf.constant(s) for s in self.state], mask)
            expected, expected_states = self.run(layer, inputs, self.state, mask)
            outputs = outputs[:, ::-1] if self.go_backwards else outputs
            self.close([outputs, *states], [expected, *expected_states])
            assert gradient.shape == inputs.shape and np.isfinite(gradient).all()

    def config_round_trip(self):
        layer = self.layer()
        again = Recurrent.from_config(layer.get_config())
        assert again.get_config() == layer.get_config()
        again.build((None, None, NUM_FEATURES))
        for copy, variable in zip(again.cell.variables, self.cell.variables, strict=True):
            assert copy.name == variable.name
            copy.assign(variable)
        expected, expected_states = self.run(layer, self.inputs, self.state, self.mask)
        outputs, states = self.run(again, self.inputs, self.state, self.mask)
        self.close([outputs, *states], [expected, *expected_states])
