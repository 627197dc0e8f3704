"""Overlapping windows of sequences that arrive in chunks, be they samples or features."""

import tensorflow as tf


class Windows:
    """Cuts a sequence into windows, whole or chunk by chunk: the windows are the same, in order.

    A sequence of L frames stands between `left` and `right` frames of zeros; window j holds the frames
    `[j * step, j * step + size)` of that, and exists where all of them do. The state is explicit and has one fixed
    size; every row of a batch keeps its own count, so that rows may get chunks of different lengths, end at
    different times, and start another sequence in the place of one that ended.

    Args:
        size: Frames in a window.
        step: Frames from the start of a window to that of the next; more than `size` leaves some out.
        left: Frames of zeros before the first frame, fewer than `size`.
        right: Frames of zeros behind the last one.

    Raises:
        ValueError: For numbers that are no windows.

    Example:
        >>> windows = Windows(size=2, step=2, right=1)
        >>> state = windows.init(batch_size=1, num_features=1)
        >>> frames, num_windows, state = windows.push(state, tf.constant([[[1.0], [2.0], [3.0]]]), [3], [False])
        >>> num_windows.numpy(), frames[0, :2, 0].numpy()
        (array([1], dtype=int32), array([1., 2.], dtype=float32))
        >>> frames, num_windows, state = windows.push(state, tf.zeros([1, 0, 1]), [0], [True])
        >>> num_windows.numpy(), frames[0, :2, 0].numpy()
        (array([1], dtype=int32), array([3., 0.], dtype=float32))
    """

    def __init__(self, size: int, step: int, left: int = 0, right: int = 0):
        if size < 1 or step < 1 or right < 0 or not 0 <= left < size:
            raise ValueError(
                "Expected size >= 1, step >= 1, 0 <= left < size and right >= 0. "
                f"Received: size={size}, step={step}, left={left}, right={right}."
            )
        self.size = size
        self.step = step
        self.left = left
        self.right = right

    def num_windows(self, length):
        """Count the windows of a whole sequence of `length` frames (int or int tensor)."""
        return self._count(self.left + length + self.right)

    def init(self, batch_size, num_features: int, dtype: tf.DType = tf.float32) -> dict[str, tf.Tensor]:
        """Return the state before the first chunk.

        Args:
            batch_size: B, int or int32 tensor.
            num_features: F, int.
            dtype: Of the frames.

        Returns:
            Dict of pending `[B, size - 1, F]`, the newest frames, aligned to the right; and num_pending int32 `[B]`,
            how many of them the next window begins before the next chunk (negative: it begins so many behind).
        """
        return {
            "pending": tf.zeros([batch_size, self.size - 1, num_features], dtype),
            "num_pending": tf.fill([batch_size], self.left),
        }

    def push(
        self, state: dict[str, tf.Tensor], inputs, lengths, final
    ) -> tuple[tf.Tensor, tf.Tensor, dict[str, tf.Tensor]]:
        """Take one chunk, give the windows that are complete now.

        Args:
            state: From `init` or the last `push`.
            inputs: Float `[B, T, F]`; T may be 0.
            lengths: Int32 `[B]`, valid frames of each row; what stands behind them changes nothing, NaN included.
            final: Bool `[B]`, True where this chunk ends the row's sequence. Such a row begins anew thereafter.

        Returns:
            frames: Float `[B, N, F]`, N >= size: window j of a row is `frames[row, j * step : j * step + size]`. What
                stands behind the last window is finite, no more.
            num_windows: Int32 `[B]`.
            state: For the next chunk.
        """
        inputs, lengths, final = (tf.convert_to_tensor(x) for x in (inputs, lengths, final))
        joined = tf.concat([state["pending"], self._followed_by_zeros(inputs, lengths)], axis=1)
        available = state["num_pending"] + lengths + tf.where(final, self.right, 0)
        num_windows = self._count(available)
        width = tf.shape(joined)[1] if joined.shape[1] is None else joined.shape[1]
        frames = _from(joined, self.size - 1 - state["num_pending"], width)
        # The newest frames of a row end where its chunk does, and there are size - 1 of them before the chunk.
        pending = tf.gather(joined, lengths[:, tf.newaxis] + tf.range(self.size - 1), batch_dims=1)
        state = {
            # The old operation of this name: rows by a vector. The new one broadcasts, and takes longer.
            "pending": tf.compat.v1.where(final, tf.zeros_like(pending), pending),
            "num_pending": tf.where(final, self.left, available - num_windows * self.step),
        }
        return frames, num_windows, state

    def _count(self, available):
        """Count the windows in so many frames."""
        count = (available - self.size) // self.step + 1
        return tf.maximum(count, 0) if tf.is_tensor(count) else max(count, 0)

    def _followed_by_zeros(self, inputs, lengths):
        """Return the valid frames and at least `right` frames of zeros."""
        valid = tf.sequence_mask(lengths, tf.shape(inputs)[1])[:, :, tf.newaxis]
        inputs = tf.where(valid, inputs, tf.zeros_like(inputs))
        # One frame makes the pending ones a window: N >= size although the chunk may be empty.
        behind = self.right if inputs.shape[1] else max(self.right, 1)
        return tf.pad(inputs, [[0, 0], [0, behind], [0, 0]]) if behind else inputs


def _from(frames, start, count):
    """Return `count` frames of each row from its own `start` on, the last frame again where they have run out."""
    indices = start[:, tf.newaxis] + tf.range(count)
    return tf.gather(frames, tf.minimum(indices, tf.shape(frames)[1] - 1), batch_dims=1)
