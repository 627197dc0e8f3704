"""Line finder network: a page to maps of its baselines, by convolutions and recurrent sweeps along rows and columns."""

import keras
import tensorflow as tf
from keras import layers

from seqapp.recipe import LineFinderConfig
from seqapp.rnn import Bidirectional
from seqapp.rnn.cells import CELLS

NEIGHBOURHOOD = 64  # pixels of a side, over which the paper's own level is taken
LEAST_CONTRAST = 0.03  # of a page, as a share of white: emptier ones are not made louder than this
MAPS = ("baseline", "end", "above", "below")


class LineFinderNetwork(keras.Model):
    """Page to maps: where baselines run, where they end, and how high and deep their letters are.

    A convolutional stem takes the page to one place per 4 x 8 pixels; blocks of a residual convolution and two
    residual recurrent sweeps follow: each place then knows of its whole row and its whole column.

    Args:
        config: `LineFinderConfig`.
        seed: Of dropout.

    Call arguments:
        pages: Float32 `[B, H, W]`, grey levels 0 to 255, H and W divided by 8 without rest.

    Output shape: Float32 `[B, H / 4, W / 8, 4]`: logits of baseline and end, above and below in units of 32 pixels.
    """

    def __init__(self, config: LineFinderConfig, seed: int = 0, **kwargs):
        super().__init__(**kwargs)
        self.stem = [
            layers.Conv2D(channels, 5 if first else 3, 2, padding="same", activation="relu", name=f"stem_{place}")
            for place, (first, channels) in enumerate(zip([True] + [False] * 9, config.stem_channels))
        ]
        self.stem_last = layers.Conv2D(config.width, 3, (1, 2), padding="same", name="stem_last")
        self.blocks = [GridBlock(config, seed + k, name=f"block_{k}") for k in range(config.num_blocks)]
        self.normalization = layers.LayerNormalization(name="normalization")
        self.maps = layers.Dense(len(MAPS), name="maps")

    def build(self, input_shape=None):
        shape = (None, None, None, 1)
        for layer in (*self.stem, self.stem_last):
            layer.build(shape)
            shape = (None, None, None, layer.filters)
        for block in self.blocks:
            block.build(shape)
        self.normalization.build(shape)
        self.maps.build(shape)
        self.built = True

    def call(self, pages, training=False):
        grid = even_paper(pages)[..., tf.newaxis]
        for layer in self.stem:
            grid = layer(grid)
        grid = self.stem_last(grid)
        for block in self.blocks:
            grid = block(grid, training=training)
        maps = self.maps(tf.nn.relu(self.normalization(grid)))
        return tf.concat([maps[..., :2], tf.nn.softplus(maps[..., 2:])], axis=-1)


class GridBlock(layers.Layer):
    """x + convolution, then x + sweep along rows, then x + sweep along columns.

    Call arguments:
        grid: Float `[B, H, W, C]`.

    Output shape: That of the input.
    """

    def __init__(self, config: LineFinderConfig, seed: int, **kwargs):
        super().__init__(**kwargs)
        self.normalization = layers.LayerNormalization()
        self.convolution = layers.Conv2D(config.width, 3, padding="same")
        self.rows = Sweep(config, name="rows")
        self.columns = Sweep(config, name="columns")
        self.dropout = layers.Dropout(config.dropout, seed=seed)

    def build(self, input_shape):
        for layer in (self.normalization, self.convolution, self.rows, self.columns):
            layer.build(input_shape)
        self.built = True

    def call(self, grid, training=False):
        grid = grid + self.convolution(tf.nn.relu(self.normalization(grid)))
        grid = grid + self.rows(grid, training=training)
        turned = tf.transpose(grid, [0, 2, 1, 3])
        columns = tf.transpose(self.columns(turned, training=training), [0, 2, 1, 3])
        return grid + self.dropout(columns, training=training)


class Sweep(layers.Layer):
    """A bidirectional recurrent layer along each row of a grid.

    Call arguments:
        grid: Float `[B, H, W, C]`.

    Output shape: That of the input.
    """

    def __init__(self, config: LineFinderConfig, **kwargs):
        super().__init__(**kwargs)
        self.normalization = layers.LayerNormalization()
        cells = [CELLS[config.cell](config.units) for _ in range(2)]
        self.recurrent = Bidirectional(*cells)
        self.projection = layers.Dense(config.width)

    def build(self, input_shape):
        sequences = (None, None, input_shape[-1])
        self.normalization.build(sequences)
        self.recurrent.build(sequences)
        self.projection.build(self.recurrent.compute_output_shape(sequences))
        self.built = True

    def call(self, grid, training=False):
        shape = tf.shape(grid)
        rows, length, channels = grid.shape[1:]
        whole = -1 if None in (grid.shape[0], rows) else grid.shape[0] * rows
        sequences = tf.reshape(grid, [whole, shape[2] if length is None else length, channels])
        outputs = self.projection(self.recurrent(self.normalization(sequences), training=training))
        return tf.reshape(outputs, shape)


def even_paper(pages) -> tf.Tensor:
    """Return how much darker than the paper around each pixel is, in standard deviations of its page.

    Args:
        pages: Float32 `[B, H, W]`, grey levels 0 to 255.

    Returns:
        Float32 `[B, H, W]`: shadows and the paper's colour are gone, and an empty page is nearly 0.
    """
    grey = pages[..., tf.newaxis] / 255.0
    coarse = tf.nn.avg_pool2d(grey, NEIGHBOURHOOD, NEIGHBOURHOOD // 2, "SAME")
    paper = tf.image.resize(coarse, tf.shape(pages)[1:3])
    darkness = (paper - grey)[..., 0]
    contrast = tf.sqrt(tf.reduce_mean(tf.square(darkness), axis=[1, 2], keepdims=True))
    return darkness / tf.maximum(contrast, LEAST_CONTRAST)
