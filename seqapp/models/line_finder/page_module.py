"""Page module: a grey page to the maps of its lines as a graph, to be saved or called."""

from collections.abc import Callable

import tensorflow as tf

from seqapp.features.image.page_crop import GRID
from seqapp.models.line_finder.network import LineFinderNetwork

FIND = "find"


class PageModule(tf.Module):
    """The network, from grey levels of any size to probabilities.

    Args:
        network: `LineFinderNetwork`.
    """

    def __init__(self, network: LineFinderNetwork):
        super().__init__()
        self._maps = lambda pages: network(pages)  # a Keras model as an attribute would be saved a second time
        # tf.Module finds tf.Variables, not Keras variables.
        self._variables = [variable.value for variable in network.variables]

    def functions(self) -> dict[str, Callable]:
        """Return the functions of a SavedModel by the names of their signatures."""
        page = tf.TensorSpec([None, None], tf.uint8, name="page")
        return {FIND: tf.function(self._find, input_signature=[page], autograph=False)}

    def _find(self, page):
        """Page uint8 `[H, W]` to {"maps": float32 `[ceil(H / 4), ceil(W / 8), 4]`}.

        Maps are the probabilities that a baseline runs here and that one ends here, and the heights above and below in
        units of 32 pixels.
        """
        height, width = tf.unstack(tf.shape(page))
        # Padded by what the page's edges are: no border appears that is none of its own.
        rows = tf.minimum(tf.range(height + -height % 8), height - 1)
        columns = tf.minimum(tf.range(width + -width % 8), width - 1)
        padded = tf.gather(tf.gather(tf.cast(page, tf.float32), rows), columns, axis=1)
        outputs = self._maps(padded[tf.newaxis])[0, : -(-height // GRID[0]), : -(-width // GRID[1])]
        return {"maps": tf.concat([tf.sigmoid(outputs[..., :2]), outputs[..., 2:]], axis=-1)}
