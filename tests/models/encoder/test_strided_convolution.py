"""The stem is a convolution; the pyramid joins frames and projects them, as its paper does."""

import numpy as np
import pytest

from seqapp.models.encoder.strided_convolution import StridedConvolution

RNG = np.random.default_rng(0)


def weights_of(layer, num_features):
    layer.build((None, None, num_features))
    for variable in layer.variables:
        variable.assign(RNG.normal(size=variable.shape))
    return [v.numpy() for v in layer.convolution.variables]


@pytest.mark.parametrize("num_frames", [2, 3, 4])
@pytest.mark.parametrize("length", [12, 13, 1, 0])
def test_a_pyramid_projects_joined_frames(num_frames, length):
    layer = StridedConvolution.joining(5, num_frames)
    kernel, bias = weights_of(layer, 4)
    frames = RNG.normal(size=(length, 4)).astype(np.float32)
    filled = np.pad(frames, [(0, -length % num_frames), (0, 0)])
    joined = filled.reshape(len(filled) // num_frames, num_frames * 4)
    expected = joined @ kernel.reshape(num_frames * 4, 5) + bias
    received = layer(frames[np.newaxis], np.array([length]))[0]
    np.testing.assert_allclose(received, expected, atol=1e-5)


@pytest.mark.parametrize(("kernel_size", "stride"), [(5, 2), (3, 1), (1, 3)])
def test_a_stem_is_centred(kernel_size, stride):
    layer = StridedConvolution.centred(5, kernel_size, stride, None)
    kernel, bias = weights_of(layer, 4)
    frames = RNG.normal(size=(11, 4)).astype(np.float32)
    padded = np.pad(frames, [(kernel_size // 2,) * 2, (0, 0)])
    expected = [np.tensordot(padded[t : t + kernel_size], kernel, 2) + bias for t in range(0, 11, stride)]
    np.testing.assert_allclose(layer(frames[np.newaxis], np.array([11]))[0], expected, atol=1e-5)
