"""Raw strokes in, text out: features, network, decoding and character lookup as one graph without Python."""

import tensorflow as tf

from seqapp.ctc import greedy_decode
from seqapp.features import frame_of_point, ink_features, num_features

NO_CHARACTER = -1  # fills up rows with fewer characters than the longest
SIGNATURE = [tf.TensorSpec([None, None, 4], tf.float32, "points"), tf.TensorSpec([None], tf.int32, "lengths")]


class InkToText(tf.Module):
    """The module that is exported: everything between a pen and a text.

    Args:
        recognizer: `Recognizer` with trained weights, float32.
        recipe: `Recipe`; its features are computed in the graph.
        alphabet: `Alphabet`.
    """

    def __init__(self, recognizer, recipe, alphabet):
        super().__init__(name="ink_to_text")
        # tf.Module finds tf.Variables, not Keras variables.
        self._variables = [v.value for v in recognizer.variables]
        # Behind a function, since a tf.Module would find the same weights a second time inside the Keras model.
        self._network = lambda features, lengths: recognizer(features, lengths)
        self._frames_per_output, self._features = recognizer.frames_per_output, recipe.features
        self._symbols = tf.constant([*alphabet.symbols, ""])  # the empty one fills up

    @tf.function(input_signature=SIGNATURE)
    def recognize(self, points, lengths):
        """Read each ink.

        Args:
            points: Float32 `[B, N, 4]`: x, y growing down, time_s (all 0 where unknown), pen_up (1 on the last point
                of a stroke). Any unit, place and size.
            lengths: Int32 `[B]`: valid points of each row, cut to 0..N; what stands behind them changes nothing.

        Returns:
            Dict of text string `[B]`; confidence float32 `[B]`, geometric mean over the characters; num_characters
            int32 `[B]`; and, a column a character, filled up with -1: char_points int32 `[B, U]` (the point being
            written when the character is recognised), char_frames int32 `[B, U]` (frame of log_probs) and
            char_confidences float32 `[B, U]`. A row without points, or with coordinates that are not finite, gives
            an empty text of confidence 0.
        """
        batch_size = tf.shape(points)[0]
        points, lengths = _only_finite(*_at_least_one_row(points, lengths))
        logits, logit_length = self._logits(points, lengths)
        decoding = greedy_decode(logits, logit_length)
        frames = decoding.frames.to_tensor(NO_CHARACTER)
        symbols = tf.gather(self._symbols, decoding.labels.to_tensor(tf.size(self._symbols) - 1))
        found = {
            "text": tf.strings.reduce_join(symbols, axis=1),
            "confidence": tf.where(lengths > 0, decoding.confidence, 0.0),
            "num_characters": tf.cast(decoding.labels.row_lengths(), tf.int32),
            "char_points": self._points_of_frames(points, lengths, frames, tf.shape(logits)[1]),
            "char_frames": frames,
            "char_confidences": decoding.confidences.to_tensor(NO_CHARACTER),
        }
        return {name: tensor[:batch_size] for name, tensor in found.items()}

    @tf.function(input_signature=SIGNATURE)
    def log_probs(self, points, lengths):
        """What the network thinks of every frame.

        Args:
            points: Float32 `[B, N, 4]`, as for `recognize`.
            lengths: Int32 `[B]`.

        Returns:
            Dict of log_probs float32 `[B, T', K]`, the blank last; num_frames int32 `[B]`; and frame_of_point int32
            `[B, N]`, the frame that each point belongs to.
        """
        batch_size = tf.shape(points)[0]
        points, lengths = _only_finite(*_at_least_one_row(points, lengths))
        logits, logit_length = self._logits(points, lengths)
        found = {
            "log_probs": tf.nn.log_softmax(logits),
            "num_frames": tf.cast(logit_length, tf.int32),
            "frame_of_point": self._frames_of_points(points, lengths, tf.shape(logits)[1]),
        }
        return {name: tensor[:batch_size] for name, tensor in found.items()}

    def _logits(self, points, lengths):
        width = num_features(self._features)
        features = tf.map_fn(
            lambda row: ink_features(row[0][: row[1]], self._features),
            (points, lengths),
            fn_output_signature=tf.RaggedTensorSpec([None, width], tf.float32, ragged_rank=0),
        )
        return self._network(features.to_tensor(shape=[None, None, width]), tf.cast(features.row_lengths(), tf.int32))

    def _frames_of_points(self, points, lengths, num_frames):
        """Logit frame of every point, `[B, N]`; the last one for points behind the valid ones."""

        def of_row(row):
            rows = frame_of_point(row[0][: row[1]], self._features)
            stride = self._frames_per_output
            return tf.pad(rows // stride, [[0, tf.shape(points)[1] - row[1]]], constant_values=num_frames - 1)

        frames = tf.map_fn(of_row, (points, lengths), fn_output_signature=tf.TensorSpec([None], tf.int32))
        return tf.reshape(frames, tf.shape(points)[:2])

    def _points_of_frames(self, points, lengths, frames, num_frames):
        """First point of each frame, `[B, U]`; -1 where there is no character."""
        of_points = self._frames_of_points(points, lengths, num_frames)
        first = tf.searchsorted(of_points, frames, side="left")
        last = tf.maximum(lengths - 1, 0)[:, tf.newaxis]
        return tf.where(frames == NO_CHARACTER, NO_CHARACTER, tf.minimum(first, last))


def _at_least_one_row(points, lengths):
    """A row without points for an empty batch: neither map_fn nor a convolution can do without (TensorFlow 2.21)."""
    missing = tf.cast(tf.shape(points)[0] == 0, tf.int32)
    return tf.pad(points, [[0, missing], [0, 0], [0, 0]]), tf.pad(lengths, [[0, missing]])


def _only_finite(points, lengths):
    """Rows with NaN or infinity among their valid points become rows without points; lengths are cut to 0..N."""
    lengths = tf.clip_by_value(lengths, 0, tf.shape(points)[1])
    valid = tf.sequence_mask(lengths, tf.shape(points)[1])
    finite = tf.reduce_all(tf.reduce_all(tf.math.is_finite(points), axis=-1) | ~valid, axis=1)
    points = tf.where(valid[:, :, tf.newaxis] & finite[:, tf.newaxis, tf.newaxis], points, tf.zeros_like(points))
    return points, tf.where(finite, lengths, 0)
