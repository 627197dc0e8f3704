"""A row convolution, by its formula; it starts as if it were not there."""

import numpy as np

from seqapp.models.encoder.look_ahead import LookAhead

FRAMES = np.random.default_rng(0).normal(size=(2, 9, 4)).astype(np.float32)
LENGTHS = np.array([9, 6])


def test_equals_the_formula():
    layer = LookAhead(3)
    layer.build((None, None, 4))
    weights = np.random.default_rng(1).normal(size=(4, 4)).astype(np.float32)
    layer.convolution.kernel.assign(weights[:, :, np.newaxis])
    received = layer(FRAMES, LENGTHS)
    for row, length in enumerate(LENGTHS):
        for t in range(length):
            future = sum(weights[j] * FRAMES[row, t + j] for j in range(4) if t + j < length)
            np.testing.assert_allclose(received[row, t], FRAMES[row, t] + future, atol=1e-5)


def test_begins_as_the_identity():
    np.testing.assert_array_equal(LookAhead(3)(FRAMES, np.array([9, 9])), FRAMES)
