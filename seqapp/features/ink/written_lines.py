"""Written lines of an ink: the line of every stroke, from top to bottom, and the order to read the strokes in.

First the strokes are cut, in the order of writing, into runs along baselines; then runs that lie on one line are
joined, whenever they were written; then dots and bars go where they lie. Nothing here is trained.
"""

import typing

import tensorflow as tf

from seqapp.features.ink.stroke_boxes import stroke_boxes
from seqapp.features.ink.stroke_runs import (
    Moments,
    baseline,
    common_slope,
    find_runs,
    is_surely_one_run,
    misfit,
    moments,
)
from seqapp.features.ink.strokes import find_strokes

MOST_STROKES = 2_000  # some sixty lines: costs grow with the square
NEAR = 2.7  # deviations of y between baselines: closer ones are the same
MERGE_COST = 8.0  # of misfit: less does not make two lines either
FEW_LETTERS = 0.25  # a run of fewer is no writing of its own
MARK_RISE = 1.5  # deviations of y by which marks lie above the middle of their line, on average
OWN_RUN = 2.5  # deviations of y by which a mark prefers the line that it was written with
SIDEWAYS = 0.35  # what a gap beside a line counts against one above or below it
MOST_SIDEWAYS = 4.0
LEAP = 8.0  # deviations of y from stroke to stroke: what is written late goes on elsewhere
WORD_BACK = 8.0  # deviations of y: a letter that ends so far left of what its line reaches is of a word written late,
COVERED = 0.5  # unless so much of its width has letters already: a correction, or half a letter
MARK_BACK = 40.0  # some dozen letters: hands dot the i of a word at its end, and the networks know that
FAR = 1e6


class WrittenLines(typing.NamedTuple):
    """The lines of an ink of S strokes."""

    stroke_lines: tf.Tensor  # int32 [S]: counted from the top
    count: tf.Tensor  # int32 []: how many; 1 also for an ink without strokes
    order: tf.Tensor  # int32 [S]: strokes line by line, each in reading order


def written_lines(points) -> WrittenLines:
    """Find the lines of an ink.

    Args:
        points: Float32 `[N, 4]`: x, y growing down, time_s, pen_up.

    Returns:
        `WrittenLines`. An ink of one line keeps the order of writing, and so does one of more than 2,000 strokes, which
        counts as one line.
    """
    strokes = find_strokes(points[:, 3])
    boxes = stroke_boxes(points[:, :2], strokes)
    index = tf.range(strokes.count)
    one = WrittenLines(tf.zeros_like(index), tf.constant(1), index)
    is_note = (strokes.count > 1) & (strokes.count <= MOST_STROKES)
    return tf.cond(is_note & ~is_surely_one_run(boxes), lambda: _lines(boxes), lambda: one)


def _lines(boxes):
    runs, slope = find_runs(boxes)
    sums = moments(boxes)
    num_runs = tf.reduce_max(runs) + 1
    slope = common_slope(_sums_of(sums, runs, num_runs), slope)
    groups = _merged(boxes, runs, num_runs, slope)
    of_strokes = tf.gather(groups, runs)
    of_strokes = _with_marks(boxes, of_strokes, sums, slope)
    lines, count = _from_the_top(of_strokes, sums, slope)
    index = tf.range(tf.size(runs))
    order = tf.cond(count > 1, lambda: _reading_order(boxes, runs, lines), lambda: index)
    return WrittenLines(lines, count, order)


def _sums_of(sums, groups, count):
    return Moments(*(tf.math.unsorted_segment_sum(values, groups, count) for values in sums))


def _pairs(sums):
    return Moments(*(values[:, tf.newaxis] + values for values in sums))


def _merged(boxes, runs, num_runs, slope):
    """The line of each run, int32 `[R]`; -1 for runs of marks alone, which lie on no line of their own."""
    sums = _sums_of(moments(boxes), runs, num_runs)
    letters = tf.math.unsorted_segment_sum(
        tf.where(boxes.is_mark, tf.zeros_like(boxes.weight), boxes.weight), runs, num_runs
    )
    is_writing = letters > FEW_LETTERS
    is_writing |= ~tf.reduce_any(is_writing)
    index = tf.range(num_runs)
    groups = tf.where(is_writing, index, -1)

    def distances(sums, is_line):
        """Of each pair how far it is from being one line: below 1 it is."""
        joint = misfit(_pairs(sums), slope) - misfit(sums, slope) - misfit(sums, slope)[:, tf.newaxis]
        joint = tf.maximum(joint, 0.0)
        weight = sums.weight
        offset = tf.sqrt(joint * (weight + weight[:, tf.newaxis]) / (weight * weight[:, tf.newaxis] + 1e-9))
        apart = tf.minimum(joint / MERGE_COST, offset / NEAR)
        is_pair = is_line[:, tf.newaxis] & is_line & (index[:, tf.newaxis] < index)
        return tf.where(is_pair, apart, tf.constant(FAR, tf.float64))

    def is_left(sums, is_line, groups):
        return tf.reduce_min(distances(sums, is_line)) < 1.0

    def merge(sums, is_line, groups):
        pair = tf.argmin(tf.reshape(distances(sums, is_line), [-1]), output_type=tf.int32)
        into = pair // num_runs
        from_ = pair % num_runs
        sums = Moments(*(tf.tensor_scatter_nd_add(v, [[into]], [v[from_]]) for v in sums))
        is_line = tf.tensor_scatter_nd_update(is_line, [[from_]], [False])
        return sums, is_line, tf.where(groups == from_, into, groups)

    return tf.while_loop(is_left, merge, (sums, is_writing, groups))[2]


def _with_marks(boxes, lines, sums, slope):
    """Lines of strokes, int32 `[S]`, each mark on the line where it lies; no stroke is without one any more."""
    count = tf.reduce_max(lines) + 1
    is_body = (~boxes.is_mark | _has_only_marks(boxes, lines, count)) & (lines >= 0)
    own = tf.where(is_body, lines, count)
    offset, own_slope = baseline(_sums_of(sums, own, count + 1), slope)
    is_line = tf.math.unsorted_segment_sum(tf.cast(is_body, tf.int32), own, count + 1)[:count] > 0
    below = boxes.y[:, tf.newaxis] - offset[:count] - own_slope[:count] * boxes.x[:, tf.newaxis]
    cost = tf.abs(below + MARK_RISE) + SIDEWAYS * _gaps_beside(boxes, own, count)
    cost -= tf.where(lines[:, tf.newaxis] == tf.range(count), tf.constant(OWN_RUN, tf.float64), 0.0)
    cost = tf.where(is_line, cost, tf.constant(FAR, tf.float64))
    return tf.where(is_body, lines, tf.argmin(cost, axis=1, output_type=tf.int32))


def _has_only_marks(boxes, lines, count):
    letters = tf.math.unsorted_segment_sum(tf.cast(~boxes.is_mark, tf.int32), lines, count)
    return tf.gather(letters, tf.maximum(lines, 0)) == 0


def _gaps_beside(boxes, own, count):
    """How far beside the nearest stroke of each line each stroke lies, at most `MOST_SIDEWAYS`: `[S, lines]`."""
    gaps = tf.maximum(boxes.left - boxes.x[:, tf.newaxis], boxes.x[:, tf.newaxis] - boxes.right)
    gaps = tf.clip_by_value(gaps, 0.0, MOST_SIDEWAYS / SIDEWAYS)
    nearest = tf.math.unsorted_segment_min(tf.transpose(gaps), own, count + 1)[:count]
    return tf.minimum(tf.transpose(nearest), MOST_SIDEWAYS / SIDEWAYS)


def _from_the_top(of_strokes, sums, slope):
    """The lines counted from the top of the level ink: int32 `[S]`, and how many."""
    used, numbers = tf.unique(of_strokes)
    count = tf.size(used)
    groups = _sums_of(sums, numbers, count)
    slope = common_slope(groups, slope)
    height = (groups.y - slope * groups.x) / tf.maximum(groups.weight, 1e-9)
    rank = tf.argsort(tf.argsort(height, stable=True))
    return tf.gather(rank, numbers), count


def _reading_order(boxes, runs, lines):
    """Strokes line by line; what was written late stands where it lies.

    A late letter or word goes behind the last stroke that begins left of its middle, late marks behind the last that
    begins left of their right end: bars of a "t" reach far over the next letter.
    """
    count = tf.size(runs)
    index = tf.range(count)
    is_late = _is_late(boxes, runs, lines)
    apart = tf.maximum(boxes.left[1:] - boxes.right[:-1], boxes.left[:-1] - boxes.right[1:])
    # What goes on far away, such as late dots of several words, is of several pieces.
    is_cut = (lines[1:] != lines[:-1]) | (runs[1:] != runs[:-1]) | (is_late[1:] != is_late[:-1])
    is_cut |= is_late[1:] & (apart > LEAP)
    begins = tf.concat([[True], is_cut], axis=0)
    pieces = tf.cumsum(tf.cast(begins, tf.int32)) - 1
    in_piece = tf.cast(index - tf.gather(tf.math.segment_min(index, pieces), pieces), tf.float64)
    size = tf.cast(tf.math.bincount(pieces, dtype=tf.int32), tf.float64)
    places = _places_of_pieces(boxes, pieces, is_late)

    def place(piece, keys):
        """Keys of the strokes up to this piece, which is put between two of its line."""
        is_own = pieces == piece
        line = lines[tf.reduce_min(tf.where(is_own, index, count))]
        is_before = (lines == line) & (pieces < piece)
        left = tf.where(is_before & (boxes.left <= places[piece]), keys, -tf.ones_like(keys))
        low = tf.reduce_max(left)
        high = tf.reduce_min(tf.where(is_before & (keys > low), keys, low + 1.0))
        share = (in_piece + 1.0) / (size[piece] + 1.0)
        return piece + 1, tf.where(is_own, low + (high - low) * share, keys)

    num_pieces = tf.size(size)
    _, keys = tf.while_loop(lambda piece, _: piece < num_pieces, place, (0, tf.zeros([count], tf.float64)))
    by_key = tf.argsort(keys, stable=True)
    return tf.gather(by_key, tf.argsort(tf.gather(lines, by_key), stable=True))


def _is_late(boxes, runs, lines):
    """Tell which strokes were not written when their line was, bool `[S]`.

    Those of later runs; and, as the last line of a note has no line behind it, those of its first run whose pen had
    gone far back.
    """
    count = tf.size(runs)
    index = tf.range(count)
    first_run = tf.gather(tf.math.unsorted_segment_min(runs, lines, tf.reduce_max(lines) + 1), lines)
    is_before = (lines[:, tf.newaxis] == lines) & (runs == first_run) & (index[:, tf.newaxis] > index)
    right = tf.where(is_before, boxes.right, tf.constant(-FAR, tf.float64))
    back = tf.reduce_max(right, axis=1) - boxes.right
    common = tf.minimum(boxes.right[:, tf.newaxis], boxes.right) - tf.maximum(boxes.left[:, tf.newaxis], boxes.left)
    common = tf.reduce_max(tf.where(is_before & ~boxes.is_mark, common, 0.0), axis=1)
    is_new = common < COVERED * (boxes.right - boxes.left)
    is_back = tf.where(boxes.is_mark, back > MARK_BACK, (back > WORD_BACK) & is_new)
    # The rest of a word that is written late need not lie so far back.
    goes_on = (runs[1:] == runs[:-1]) & (back[1:] > 0)
    stretch = tf.cumsum(tf.cast(tf.concat([[True], ~goes_on], axis=0), tf.int32))
    begin = tf.math.unsorted_segment_min(tf.where(is_back, index, count), stretch, count + 1)
    return (runs != first_run) | ((back > 0) & (index >= tf.gather(begin, stretch)))


def _places_of_pieces(boxes, pieces, is_late):
    """Where each piece goes, behind the strokes that begin left of it: float64 `[P]`."""
    left = tf.math.segment_min(boxes.left, pieces)
    right = tf.math.segment_max(boxes.right, pieces)
    has_letters = tf.math.segment_max(tf.cast(~boxes.is_mark, tf.int32), pieces) > 0
    places = tf.where(has_letters, (left + right) / 2, right)
    # What is not late goes on at the end.
    is_late = tf.math.segment_max(tf.cast(is_late, tf.int32), pieces) > 0
    return tf.where(is_late, places, tf.constant(FAR, tf.float64))
