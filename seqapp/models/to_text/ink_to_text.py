"""Pen ink to text: features, network, decoding and character look-up as one graph without Python."""

import typing

import numpy as np
import tensorflow as tf

from seqapp.features import frame_of_point
from seqapp.models.reading import InkReading
from seqapp.models.to_text.character_places import point_places
from seqapp.models.to_text.ink_rows import (
    NO_LINE,
    InkRows,
    JoinedRows,
    break_frames,
    ink_rows,
    join_rows,
    points_of_inks,
)
from seqapp.models.to_text.raw_to_text import NO_CHARACTER, RawToText
from seqapp.models.to_text.shared_graph import SharedGraph

SIGNATURE = [tf.TensorSpec([None, None, 4], tf.float32, "points"), tf.TensorSpec([None], tf.int32, "lengths")]

LINES = "num_lines"  # the output that tells a model that finds lines


class InkFrames(typing.NamedTuple):
    """`NetworkFrames` of inks, and the rows, a line each, that the network read."""

    logits: tf.Tensor
    num_frames: tf.Tensor
    rows: InkRows
    joined: JoinedRows


class InkToText(RawToText):
    """The module that is exported: everything between a pen and a text.

    An ink of several lines is read line by line, all lines of a batch at once.
    """

    NAME = "ink_to_text"
    INPUT = "points"
    PLACES = "frame_of_point"
    READING = InkReading
    character_places = staticmethod(point_places)

    def __init__(self, recognizer, recipe, alphabet, confidence=None, context=None):
        super().__init__(recognizer, recipe, alphabet, confidence, context)
        self._rows = SharedGraph(ink_rows)  # it takes a megabyte
        # A line break is a space in `log_probs`; where no class is one, a blank: no character at all.
        self._break = " " if " " in alphabet.symbols else ""
        self._break_label = (*alphabet.symbols, "").index(self._break)

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
            char_confidences float32 `[B, U]`; num_lines int32 `[B]`; num_strokes int32 `[B]`; and stroke_lines int32
            `[B, S]`, the line of each stroke, counted from 0 and filled up with -1. Lines of text are divided by line
            breaks, which are characters of confidence 1; a late dot or word is read where it lies. A row without
            points, or with coordinates that are not finite, gives an empty text of confidence 0.
        """
        return self._recognize(points, lengths)

    @tf.function(input_signature=SIGNATURE, autograph=False)
    def log_probs(self, points, lengths):
        """Compute the log-probabilities of every frame.

        Args:
            points: Float32 `[B, N, 4]`, as for `recognize`.
            lengths: Int32 `[B]`.

        Returns:
            Dict of log_probs float32 `[B, T', K]`, the blank last; num_frames int32 `[B]`; frame_of_point int32
            `[B, N]`, the frame that each point belongs to; and frame_lines int32 `[B, T']`, the line of each frame. Of
            several lines the frames follow each other, with three frames of line -1 between two lines: in the middle
            one a space is certain (a blank where the model has no space), in the other two a blank.
        """
        return self._log_probs(points, lengths)

    @staticmethod
    def line_breaks(log_probs: np.ndarray) -> np.ndarray:
        return break_frames(log_probs)

    def score_text(self, text, **inputs):
        """As `RawToText.score_text`; a line break in a text stands for what the model reads there, see `log_probs`."""
        return super().score_text(tf.strings.regex_replace(text, r"\n", self._break), **inputs)

    def _network_frames(self, inputs, lengths, is_text):
        rows = self._rows(inputs, lengths)
        logits, num_frames = self._logits(rows.points, rows.lengths)
        # Where no class is a space, a line break needs one to become a character; which one is not read.
        label = 0 if is_text and not self._break else self._break_label
        joined = join_rows(logits, tf.cast(num_frames, tf.int32), rows.num_lines, label)
        return InkFrames(joined.logits, joined.num_frames, rows, joined)

    def _with_line_breaks(self, symbols, frames, network):
        lines = tf.gather(network.joined.frame_lines, tf.maximum(frames, 0), batch_dims=1)
        is_break = (frames != NO_CHARACTER) & (lines == NO_LINE)
        return tf.where(is_break, "\n", symbols)

    def _character_places(self, inputs, lengths, symbols, frames, network):
        """The first point of each frame; -1 where there is no character. And the lines."""
        first = tf.searchsorted(self._frames_of_points(network), frames, side="left")
        last = tf.maximum(lengths - 1, 0)[:, tf.newaxis]
        points = tf.gather(network.rows.order, tf.minimum(first, last), batch_dims=1)
        return {
            "char_points": tf.where(frames == NO_CHARACTER, NO_CHARACTER, points),
            LINES: network.rows.num_lines,
            "num_strokes": network.rows.num_strokes,
            "stroke_lines": network.rows.stroke_lines,
        }

    def _frame_places(self, inputs, lengths, network):
        written = tf.argsort(network.rows.order, axis=1)
        of_points = tf.gather(self._frames_of_points(network), written, batch_dims=1)
        return {"frame_of_point": of_points, "frame_lines": network.joined.frame_lines}

    def _frames_of_points(self, network):
        """Logit frame of every point in reading order, `[B, N]`; the last one for points behind the valid ones."""
        rows, last = network.rows, tf.shape(network.logits)[1] - 1

        def of_row(row):
            frames = frame_of_point(row[0][: row[1]], self._sense.config) // self._frames_per_output
            return tf.pad(frames, [[0, tf.shape(rows.points)[1] - row[1]]])

        of_rows = tf.map_fn(of_row, (rows.points, rows.lengths), fn_output_signature=tf.TensorSpec([None], tf.int32))
        of_rows = tf.reshape(of_rows, tf.shape(rows.points)[:2]) + network.joined.first_frames[:, tf.newaxis]
        return points_of_inks(of_rows, rows, last)
