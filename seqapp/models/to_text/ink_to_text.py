"""Pen ink to text: features, network, decoding and character look-up as one graph without Python."""

import tensorflow as tf

from seqapp.features import frame_of_point
from seqapp.models.reading import InkReading
from seqapp.models.to_text.character_places import point_places
from seqapp.models.to_text.raw_to_text import NO_CHARACTER, RawToText

SIGNATURE = [tf.TensorSpec([None, None, 4], tf.float32, "points"), tf.TensorSpec([None], tf.int32, "lengths")]


class InkToText(RawToText):
    """The module that is exported: everything between a pen and a text."""

    NAME = "ink_to_text"
    INPUT = "points"
    PLACES = "frame_of_point"
    READING = InkReading
    character_places = staticmethod(point_places)

    @tf.function(input_signature=SIGNATURE, autograph=False)
    def recognize(self, points, lengths):
        """Read each ink.

        Args:
            points: Float32 `[B, N, 4]`: x, y growing down, time_s (all 0 where unknown), pen_up (1 on the last point
                of a stroke). Any unit, place and size.
            lengths: Int32 `[B]`: valid points of each row, cut to 0..N; what stands behind them changes nothing.

        Returns:
            Dict of text string `[B]`; confidence float32 `[B]` and is_sure bool `[B]`, see `RawToText`; num_characters
            int32 `[B]`; and, one column per character, filled up with -1: char_points int32 `[B, U]` (the point being
            written when the character is recognised), char_frames int32 `[B, U]` (frame of log_probs) and
            char_confidences float32 `[B, U]`. A row without points, or with coordinates that are not finite, gives
            an empty text of confidence 0.
        """
        return self._recognize(points, lengths)

    @tf.function(input_signature=SIGNATURE, autograph=False)
    def log_probs(self, points, lengths):
        """Compute the log-probabilities of every frame.

        Args:
            points: Float32 `[B, N, 4]`, as for `recognize`.
            lengths: Int32 `[B]`.

        Returns:
            Dict of log_probs float32 `[B, T', K]`, the blank last; num_frames int32 `[B]`; and frame_of_point int32
            `[B, N]`, the frame that each point belongs to.
        """
        return self._log_probs(points, lengths)

    def _character_places(self, inputs, lengths, symbols, frames, num_frames):
        """The first point of each frame; -1 where there is no character."""
        of_points = self._frames_of_points(inputs, lengths, num_frames)
        first = tf.searchsorted(of_points, frames, side="left")
        last = tf.maximum(lengths - 1, 0)[:, tf.newaxis]
        return {"char_points": tf.where(frames == NO_CHARACTER, NO_CHARACTER, tf.minimum(first, last))}

    def _frame_places(self, inputs, lengths, num_frames):
        return {"frame_of_point": self._frames_of_points(inputs, lengths, num_frames)}

    def _frames_of_points(self, points, lengths, num_frames):
        """Logit frame of every point, `[B, N]`; the last one for points behind the valid ones."""

        def of_row(row):
            rows = frame_of_point(row[0][: row[1]], self._sense.config)
            stride = self._frames_per_output
            return tf.pad(rows // stride, [[0, tf.shape(points)[1] - row[1]]], constant_values=num_frames - 1)

        frames = tf.map_fn(of_row, (points, lengths), fn_output_signature=tf.TensorSpec([None], tf.int32))
        return tf.reshape(frames, tf.shape(points)[:2])
