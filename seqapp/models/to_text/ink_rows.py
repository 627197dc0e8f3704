"""Written lines as rows of a batch: an ink of several lines is taken apart for the network, and put together again."""

import typing

import numpy as np
import tensorflow as tf

from seqapp.features.ink.strokes import find_strokes
from seqapp.features.ink.written_lines import written_lines

BREAK_FRAMES = 3  # blank, line break, blank
UNLIKELY = -60.0  # logit of everything else there
LONGEST_PAUSE_S = 1.0  # between strokes of a line: it was left in between
NO_LINE = -1  # fills up


class InkRows(typing.NamedTuple):
    """Inks `[B]` as rows `[R]` of one line each, those of an ink from top to bottom."""

    points: tf.Tensor  # float32 [R, N', 4]
    lengths: tf.Tensor  # int32 [R]
    num_lines: tf.Tensor  # int32 [B]
    num_strokes: tf.Tensor  # int32 [B]
    stroke_lines: tf.Tensor  # int32 [B, S], -1 behind an ink's strokes
    order: tf.Tensor  # int32 [B, N]: point of the ink at each place of its reading order


def ink_rows(points, lengths) -> InkRows:
    """Find the lines of inks.

    Args:
        points: Float32 `[B, N, 4]`, as for `InkToText.recognize`, finite.
        lengths: Int32 `[B]`, in 0..N.
    """
    num_points = tf.shape(points)[1]

    def divide(row):
        ink = row[0][: row[1]]
        lines, order, times, num_strokes = _divided(ink)
        rest = num_points - row[1]
        of_points = tf.pad(tf.gather(lines.stroke_lines, order.strokes), [[0, rest]], constant_values=NO_LINE)
        order_of_points = tf.concat([order.points, tf.range(row[1], num_points)], axis=0)
        stroke_lines = tf.pad(lines.stroke_lines, [[0, num_points - num_strokes]], constant_values=NO_LINE)
        return of_points, order_of_points, tf.pad(times, [[0, rest]]), stroke_lines, lines.count, num_strokes

    ints = tf.TensorSpec([None], tf.int32)
    signature = (ints, ints, tf.TensorSpec([None], tf.float32), ints, *[tf.TensorSpec([], tf.int32)] * 2)
    of_points, order, times, stroke_lines, num_lines, num_strokes = tf.map_fn(
        divide, (points, lengths), fn_output_signature=signature
    )
    stroke_lines = stroke_lines[:, : tf.reduce_max(num_strokes)]
    is_whole = tf.reduce_all(num_lines == 1)
    rows, row_lengths = tf.cond(
        is_whole,
        lambda: (points, lengths),
        lambda: _rows(tf.gather(points, order, batch_dims=1), times, of_points, num_lines),
    )
    rows, row_lengths = tf.ensure_shape(rows, [None, None, 4]), tf.ensure_shape(row_lengths, [None])
    return InkRows(rows, row_lengths, num_lines, num_strokes, stroke_lines, order)


def _rows(points, times, of_points, num_lines):
    """Points of inks, in reading order, as rows: float32 `[R, N', 4]`, and their lengths, int32 `[R]`."""
    points = tf.concat([points[:, :, :2], times[:, :, tf.newaxis], points[:, :, 3:]], axis=2)
    is_point = of_points != NO_LINE
    first = tf.cumsum(num_lines, exclusive=True)
    row_of_point = tf.boolean_mask(of_points + first[:, tf.newaxis], is_point)
    row_lengths = tf.math.bincount(row_of_point, minlength=tf.reduce_sum(num_lines), dtype=tf.int32)
    rows = tf.RaggedTensor.from_row_lengths(tf.boolean_mask(points, is_point), row_lengths)
    return rows.to_tensor(shape=[None, None, 4]), row_lengths


class _Order(typing.NamedTuple):
    points: tf.Tensor  # int32 [N]: points in reading order
    strokes: tf.Tensor  # int32 [N]: the stroke of each


def _divided(ink):
    """Lines of one ink; its points in reading order; their times; and how many strokes it has."""
    lines = written_lines(ink)
    strokes = find_strokes(ink[:, 3])
    rank = tf.argsort(lines.order)
    by_rank = tf.argsort(tf.gather(rank, strokes.ids), stable=True)
    order = _Order(by_rank, tf.gather(strokes.ids, by_rank))
    times = tf.gather(ink[:, 2], by_rank)
    pauses = tf.where(by_rank[1:] == by_rank[:-1] + 1, times[1:] - times[:-1], _usual_pause(ink))
    pauses = tf.clip_by_value(pauses, 0.0, LONGEST_PAUSE_S)
    clock = tf.concat([times[:1], times[:1] + tf.cumsum(pauses)], axis=0)[: tf.size(times)]
    # An ink of one line keeps its times, as it does where no neighbour in the batch has more lines.
    return lines, order, tf.where(lines.count > 1, clock, ink[:, 2]), strokes.count


def _usual_pause(ink):
    """The median time in seconds, float32 [], from the end of a stroke to the begin of the next; 0 without two strokes.

    It stands where strokes meet that were not written one after the other: a long pause would look like a gap between
    words, as after what was written late, and none at all like nothing that the network has seen.
    """
    pauses = tf.boolean_mask(ink[1:, 2] - ink[:-1, 2], ink[:-1, 3] > 0)
    middle = tf.sort(pauses)[tf.size(pauses) // 2 : tf.size(pauses) // 2 + 1]
    return tf.reduce_sum(middle)


class JoinedRows(typing.NamedTuple):
    """Frames of rows, as those of their inks."""

    logits: tf.Tensor  # float32 [B, T, K]
    num_frames: tf.Tensor  # int32 [B]
    first_frames: tf.Tensor  # int32 [R]: frame of the ink at which each row begins
    frame_lines: tf.Tensor  # int32 [B, T]: line of each frame, -1 between lines and behind the end


def join_rows(logits, num_frames, num_lines, break_label: int) -> JoinedRows:
    """Put the lines of each ink one behind the other, between two of them frames in which one label is certain.

    Args:
        logits: Float32 `[R, T', K]`, the blank last.
        num_frames: Int32 `[R]`.
        num_lines: Int32 `[B]`.
        break_label: Class that stands for a line break.
    """
    num_rows, num_inks = tf.shape(logits)[0], tf.size(num_lines)
    ink_of_row = tf.repeat(tf.range(num_inks), num_lines)
    first_row = tf.cumsum(num_lines, exclusive=True)
    line = tf.range(num_rows) - tf.gather(first_row, ink_of_row)
    has_break = line > 0
    sizes = num_frames + tf.where(has_break, BREAK_FRAMES, 0)
    ends = tf.cumsum(sizes)
    starts = ends - sizes
    first_frames = ends - num_frames - tf.gather(tf.gather(starts, first_row), ink_of_row)
    of_inks = tf.math.unsorted_segment_sum(sizes, ink_of_row, num_inks)

    def joined():
        breaks = _break_logits(break_label, logits.shape[2])
        breaks = tf.broadcast_to(breaks, [num_rows, *breaks.shape])
        is_break = tf.broadcast_to(has_break[:, tf.newaxis], [num_rows, BREAK_FRAMES])
        is_frame = tf.concat([is_break, tf.sequence_mask(num_frames, tf.shape(logits)[1])], axis=1)
        frames = tf.boolean_mask(tf.concat([breaks, logits], axis=1), is_frame)
        lines = tf.where(
            tf.range(tf.shape(is_frame)[1]) < BREAK_FRAMES,
            NO_LINE,
            tf.broadcast_to(line[:, tf.newaxis], tf.shape(is_frame)),
        )
        ragged = tf.RaggedTensor.from_row_lengths(frames, of_inks)
        of_frames = tf.RaggedTensor.from_row_lengths(tf.boolean_mask(lines, is_frame), of_inks)
        return ragged.to_tensor(shape=[None, None, logits.shape[2]]), of_frames.to_tensor(NO_LINE)

    def alike():
        is_frame = tf.sequence_mask(num_frames, tf.shape(logits)[1])
        return logits, tf.where(is_frame, 0, NO_LINE)

    logits, frame_lines = tf.cond(tf.reduce_all(num_lines == 1), alike, joined)
    return JoinedRows(logits, of_inks, first_frames, frame_lines)


def _break_logits(label, num_classes):
    """Logits `[3, K]`: a blank, the label and a blank, all of them certain."""
    labels = [num_classes - 1, label, num_classes - 1]
    return tf.constant([[0.0 if k == certain else UNLIKELY for k in range(num_classes)] for certain in labels])


def break_frames(log_probs: np.ndarray) -> np.ndarray:
    """Return the frames between lines at which a space is certain, of one ink: only there all else is equally unlikely.

    Args:
        log_probs: Float32 `[T, K]`, as the signature `log_probs` of ink gives them.
    """
    if log_probs.shape[1] < 3 or not len(log_probs):
        return np.zeros(0, np.int64)
    others = np.partition(log_probs, -2, axis=1)[:, :-1]
    is_certain = (others == others[:, :1]).all(axis=1) & (others[:, 0] <= UNLIKELY)
    return np.flatnonzero(is_certain & (log_probs.argmax(axis=1) != log_probs.shape[1] - 1))


def points_of_inks(of_rows, rows: InkRows, behind) -> tf.Tensor:
    """Values of the points of rows, int32 `[R, N']`, as those of inks in reading order, `[B, N]`.

    Args:
        of_rows: Int32 `[R, N']`.
        rows: `InkRows`.
        behind: Int32 [], the value of points behind the valid ones.
    """
    is_point = tf.sequence_mask(rows.lengths, tf.shape(of_rows)[1])
    ink_of_row = tf.repeat(tf.range(tf.size(rows.num_lines)), rows.num_lines)
    lengths = tf.math.unsorted_segment_sum(rows.lengths, ink_of_row, tf.size(rows.num_lines))
    of_inks = tf.RaggedTensor.from_row_lengths(tf.boolean_mask(of_rows, is_point), lengths).to_tensor(behind)
    rest = tf.shape(rows.order)[1] - tf.shape(of_inks)[1]
    return tf.pad(of_inks, [[0, 0], [0, rest]], constant_values=behind)
