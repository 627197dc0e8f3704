"""Row convolution: the nearest frames, past and future, mixed in front of a recurrent layer."""

import tensorflow as tf
from keras import layers

from seqapp.models.encoder.windowed_layer import WindowedLayer


class RowConvolution(WindowedLayer):
    """Each channel adds a weighted sum of itself here and in the neighbouring frames.

        y_t,c = x_t,c + sum_{j=-L}^{R} w_j,c x_{t+j},c

    To the right: a forward layer decides on a frame before it has seen what follows, and CTC learns to be late
    instead; here it sees exactly R frames more, and a stream waits for exactly these. To the left: the gates of a
    cell that is linear in its state read one frame alone, and here the L before it too. The weights begin at zero:
    the identity, as in any residual branch, where Amodei et al. convolve without one.

    Args:
        left: L, frames seen before the one that the output stands at.
        right: R, frames seen behind it.

    Call arguments: as for `WindowedLayer`.

    Output shape: `[B, T, F]`.

    Reference: Amodei et al., Deep speech 2, ICML 2016, https://arxiv.org/abs/1512.02595, section 3.7 (to the right).
    """

    def __init__(self, left, right, **kwargs):
        super().__init__(stride=1, left=left, right=right, **kwargs)
        self.convolution = layers.DepthwiseConv1D(
            left + 1 + right, padding="valid", use_bias=False, depthwise_initializer="zeros"
        )

    def build(self, input_shape):
        self.convolution.build(input_shape)
        super().build(input_shape)

    def on_windows(self, frames):
        neighbours = self.convolution(frames)
        # The gradient of tf.slice is a padding; that of frames[:, a:b] costs several times as much.
        here = tf.slice(frames, [0, self.left, 0], tf.shape(neighbours))
        return here + neighbours
