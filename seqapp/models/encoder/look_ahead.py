"""A few frames of the future for recurrent layers that run forward."""

from keras import layers

from seqapp.models.encoder.windowed_layer import WindowedLayer


class LookAhead(WindowedLayer):
    """A row convolution around a residual: each channel adds a weighted sum of itself here and in the next frames.

        y_t,c = x_t,c + sum_{j=0}^{J} w_j,c x_{t+j},c               J = num_frames

    A forward layer decides on a frame before it has seen what follows, and CTC learns to be late instead; here it
    sees exactly J frames more, and a stream waits for exactly these. The weights begin at zero: the identity, as in
    any residual branch, where Amodei et al. convolve without one.

    Args:
        num_frames: J, frames seen to the right.

    Call arguments: as for `WindowedLayer`.

    Output shape: `[B, T, F]`.

    Reference: Amodei et al., Deep speech 2, ICML 2016, https://arxiv.org/abs/1512.02595, section 3.7.
    """

    def __init__(self, num_frames, **kwargs):
        super().__init__(stride=1, left=0, right=num_frames, **kwargs)
        self.convolution = layers.DepthwiseConv1D(
            num_frames + 1, padding="valid", use_bias=False, depthwise_initializer="zeros"
        )

    def build(self, input_shape):
        self.convolution.build(input_shape)
        super().build(input_shape)

    def on_windows(self, frames):
        future = self.convolution(frames)
        return frames[:, : -self.right] + future
