"""Blocks of rows: a batch cut into the fixed shapes that XLA compiles for."""

from collections.abc import Callable, Sequence

import tensorflow as tf

LENGTHS = [n << k for k in range(16) for n in (32, 48)]  # to which frames are filled up: few compilations


class Rows:
    """A batch cut into blocks of rows, its frames filled up to one of LENGTHS.

    Args:
        batch_size: Int32 `[]`.
        num_frames: Int32 `[]`, T.
        height: Rows of a block, a Python number: what is compiled serves any batch size.
    """

    def __init__(self, batch_size, num_frames, height: int):
        self.batch_size = batch_size
        self.num_frames = num_frames
        self.height = height
        self.num_blocks = tf.maximum(-(-batch_size // height), 1)  # TensorArray cannot stack nothing
        self.length = tf.reduce_min(tf.where(tf.constant(LENGTHS) >= num_frames, LENGTHS, LENGTHS[-1]))

    def pad(self, x) -> tf.Tensor:
        return tf.pad(x, [[0, self.num_blocks * self.height - self.batch_size], *[[0, 0]] * (x.shape.rank - 1)])

    def pad_frames(self, x) -> tf.Tensor:
        frames = [0, self.length - self.num_frames]
        return self.pad(tf.pad(x, [[0, 0], frames, *[[0, 0]] * (x.shape.rank - 2)]))

    def cut(self, x) -> tf.Tensor:
        return x[: self.batch_size]

    def cut_frames(self, x) -> tf.Tensor:
        return x[: self.batch_size, : self.num_frames]

    def map(
        self, function: Callable, inputs: list, row_shapes: list[list], sums_like: Sequence = ()
    ) -> list[tf.Tensor]:
        """Call `function` on each block of rows of `inputs`: results by row side by side, those behind them summed up.

        Args:
            function: Of as many tensors as `inputs`, `[height, ...]` each; gives a list.
            inputs: List of tensors `[num_blocks * height, ...]`, as `pad` makes them; the first has the results' dtype.
            row_shapes: Shapes of a row, of the first results.
            sums_like: Tensors as the other results.
        """
        dtype = inputs[0].dtype
        arrays = [tf.TensorArray(dtype, self.num_blocks, element_shape=[self.height, *shape]) for shape in row_shapes]
        sums = [tf.zeros_like(x) for x in sums_like]

        def body(k, arrays, sums):
            results = function(*(self._block(x, k) for x in inputs))
            arrays = [array.write(k, rows) for array, rows in zip(arrays, results)]
            return k + 1, arrays, [total + new for total, new in zip(sums, results[len(arrays) :])]

        _, arrays, sums = tf.while_loop(lambda k, *_: k < self.num_blocks, body, (0, arrays, sums))
        return [_side_by_side(array.stack()) for array in arrays] + sums

    def _block(self, x, k):
        # XLA slices anywhere, but wants to know how much.
        start = [k * self.height, *[0] * (x.shape.rank - 1)]
        block = tf.slice(x, start, tf.concat([[self.height], tf.shape(x)[1:]], axis=0))
        return tf.ensure_shape(block, [self.height, *x.shape[1:]])


def _side_by_side(blocks):
    return tf.reshape(blocks, tf.concat([[-1], tf.shape(blocks)[2:]], axis=0))
