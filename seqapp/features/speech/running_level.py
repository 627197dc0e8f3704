"""Level normalisation of log-mel frames: a causal automatic gain control, so that loudness does not matter.

From every frame the logarithm of the mean power heard so far is subtracted, where the past fades out. A recording made
softer by any factor gives the same features; so does a stream, since nothing of the future is read. A mean over powers,
not over logarithms: the loudest sounds, the voice, decide, and bands without sound (telephones) move nothing. What lies
far below the level is raised to a floor, softly: there are the holes that codecs leave, the steps of 8 or 16 bits and
digital silence, which the logarithm would make as large as the voice.
"""

import math

import tensorflow as tf

BLOCK_FRAMES = 256  # weighted by one matrix product; the state is carried from block to block
LEAST_POWER = 1e-20  # of a band and of a level: of digital silence, and 100 dB below the last of 16 bits


class RunningLevel:
    """Subtracts the running level, whole or chunk by chunk: the features are the same.

    Frame t becomes log(exp(features[t] - level[t]) + floor), where level[t] is the logarithm of
    sum_i d^(t-i) power[i] / sum_i d^(t-i) over all i <= t, and power[i] the sum of exp(features[i]) over bands.

    Args:
        frames_per_constant: Frames after which a sound counts by 1 / e.
        floor_db: How far below the level the floor of each band lies.

    Reference: Wang et al. 2017, "Trainable frontend for robust and far-field keyword spotting" (PCEN), whose gain
        control is of each band by itself; Prabhavalkar et al. 2015, "Automatic gain control and multi-style training
        for robust small-footprint keyword spotting".
    """

    def __init__(self, frames_per_constant: float, floor_db: float):
        self._decay = math.exp(-1.0 / frames_per_constant)
        self._floor = 10.0 ** (-floor_db / 10.0)

    def init(self, batch_size) -> dict[str, tf.Tensor]:
        """Return the state before the first chunk of `batch_size` streams (int or int32 tensor): a dict of tensors."""
        return {"level_power": tf.zeros([batch_size]), "level_weight": tf.zeros([batch_size])}

    def whole(self, features) -> tf.Tensor:
        """Normalise the frames of one recording, float32 `[T, F]`."""
        count = tf.shape(features)[:1]
        return self.push(self.init(1), features[tf.newaxis], count, tf.constant([True]))[0][0]

    def push(self, state: dict[str, tf.Tensor], features, num_frames, final) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        """Take one chunk of frames.

        Args:
            state: From `init` or the last `push`; other entries than its own are not looked at.
            features: Float32 `[B, T, F]`, natural logarithms; T may be 0.
            num_frames: Int32 `[B]`, valid frames of each row; what stands behind them does not enter the state.
            final: Bool `[B]`, True where this chunk ends the row's recording. Such a row begins anew thereafter.

        Returns:
            features: Float32 `[B, T, F]`.
            state: For the next chunk.
        """
        valid = tf.sequence_mask(num_frames, tf.shape(features)[1])
        powers = tf.where(valid, tf.reduce_sum(tf.exp(features), axis=-1), 0.0)
        sums = self._weighted_sums(powers, state["level_power"])
        count = tf.cast(tf.range(1, tf.shape(powers)[1] + 1), tf.float32)
        fading = self._decay**count
        weights = fading * state["level_weight"][:, tf.newaxis] + (1.0 - fading) / (1.0 - self._decay)
        level = tf.math.log(tf.maximum(sums / weights, LEAST_POWER))
        after = {
            "level_power": _last(state["level_power"], sums, num_frames, final),
            "level_weight": _last(state["level_weight"], weights, num_frames, final),
        }
        return tf.math.log(tf.exp(features - level[:, :, tf.newaxis]) + self._floor), after

    def _weighted_sums(self, powers, power):
        """Return s[t] = decay * s[t - 1] + powers[t], float32 `[B, T]`, from s[-1] = `power` `[B]` on."""
        batch_size, length = tf.unstack(tf.shape(powers))
        num_blocks = tf.maximum(-(-length // BLOCK_FRAMES), 1)  # an array of none cannot be stacked
        padded = tf.pad(powers, [[0, 0], [0, num_blocks * BLOCK_FRAMES - length]])
        blocks = tf.reshape(padded, [batch_size, num_blocks, BLOCK_FRAMES])
        place = tf.range(BLOCK_FRAMES, dtype=tf.float32)
        distance = place[:, tf.newaxis] - place
        # Of the future nothing: the exponent is kept at 0 there, since its power would overflow before it is dropped.
        weight = tf.where(distance >= 0, self._decay ** tf.maximum(distance, 0.0), 0.0)
        within = tf.einsum("bnj,ij->bni", blocks, weight)
        fading = self._decay ** (place + 1.0)

        def add_block(index, power, blocks):
            block = within[:, index] + fading * power[:, tf.newaxis]
            return index + 1, block[:, -1], blocks.write(index, block)

        sums = tf.TensorArray(tf.float32, num_blocks, element_shape=[None, BLOCK_FRAMES])
        *_, sums = tf.while_loop(lambda index, *_: index < num_blocks, add_block, [0, power, sums])
        joined = tf.reshape(tf.transpose(sums.stack(), [1, 0, 2]), [batch_size, num_blocks * BLOCK_FRAMES])
        return joined[:, :length]


def _last(before, values, num_frames, final):
    """Return the value at each row's last valid frame, `before` where it has none, and 0 where the row has ended."""
    joined = tf.concat([before[:, tf.newaxis], values], axis=1)
    return tf.where(final, 0.0, tf.gather(joined, num_frames, batch_dims=1))
