"""Streaming log-mel spectrogram: chunks of audio of any size give the frames of the whole."""

import tensorflow as tf

from seqapp.features.speech.frames import frame_windows
from seqapp.features.speech.log_mel import level_control, log_mel_of_frames
from seqapp.features.speech.waveform import to_float


class LogMelStream:
    """`log_mel` chunk by chunk, for a batch of streams of which each keeps its own time.

    The state is explicit and has one fixed size, less than a frame of samples a row, and the level so far. A frame is
    given as soon as its last sample is there: "librosa" half a frame after its centre, "kaldi" a frame after its first
    sample. What the end leaves over is completed by zeros or dropped, as `log_mel` says.

    Args:
        config: `seqapp.recipe.LogMelConfig`.

    Example:
        >>> from seqapp.recipe import LogMelConfig
        >>> stream = LogMelStream(LogMelConfig())
        >>> features, num_frames, state = stream.push(stream.init(1), tf.zeros([1, 1000]), [1000], [False])
        >>> features.shape, num_frames.numpy()
        (TensorShape([1, 6, 80]), array([6], dtype=int32))
    """

    def __init__(self, config):
        self._config = config
        self._windows = frame_windows(config)
        self._level = level_control(config)

    def init(self, batch_size) -> dict[str, tf.Tensor]:
        """Return the state before the first chunk of `batch_size` streams (int or int32 tensor): a dict of tensors."""
        state = self._windows.init(batch_size, 1)
        return state | self._level.init(batch_size) if self._level else state

    def push(
        self, state: dict[str, tf.Tensor], waveform, lengths, final
    ) -> tuple[tf.Tensor, tf.Tensor, dict[str, tf.Tensor]]:
        """Take one chunk, give the frames that are complete now.

        Args:
            state: From `init` or the last `push`.
            waveform: Int16, or float32 of full scale 1, `[B, N]`; N may be 0.
            lengths: Int32 `[B]`, valid samples of each row; what stands behind them changes nothing, NaN included.
            final: Bool `[B]`, True where this chunk ends the row's audio. Such a row begins anew thereafter.

        Returns:
            features: Float32 `[B, T, F]`, T the most frames of a row, zero behind a row's own.
            num_frames: Int32 `[B]`.
            state: For the next chunk.

        Raises:
            ValueError: As for `log_mel`.
        """
        waveform = to_float(waveform)[:, :, tf.newaxis]
        samples, num_frames, after = self._windows.push(state, waveform, lengths, final)
        frames = tf.signal.frame(samples[:, :, 0], self._windows.size, self._windows.step)
        most = tf.maximum(tf.reduce_max(num_frames), 0)  # the maximum of no rows is the least integer
        features = log_mel_of_frames(frames[:, :most], self._config)
        if self._level:
            features, level = self._level.push(state, features, num_frames, final)
            after |= level
        valid = tf.sequence_mask(num_frames, most)[:, :, tf.newaxis]
        return tf.where(valid, features, 0.0), num_frames, after
