"""Alignments of the texts that the prefix search found: where each label stands, traced back through its frames."""

from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search.active_frames import ActiveFrames
from seqapp.ctc.prefix_search.beams import Beams
from seqapp.ctc.prefix_search.packed import BLANK, LABEL, LAST, ORIGIN, FrameTables, ints_of


class _Path(NamedTuple):
    """Beams that each text went through; A frames, N texts.

    Attributes:
        slots: Int32 `[A + 1, B, N]`, the beam before the first frame, and behind each.
        begins: Bool `[A, B, N]`, whether its last label begins in a frame.
    """

    slots: tf.Tensor
    begins: tf.Tensor


def histories(beams: Beams, records, frames: ActiveFrames, tables: FrameTables) -> tuple[tf.Tensor, tf.Tensor]:
    """Follow all texts back to where the search began.

    A label stands in the frame, of those that its alignment goes through, where it is most probable; where the better
    part of the alignments is in the blank behind it, it stands no longer.

    Args:
        beams: `Beams` before the first frame.
        records: Float64 `[A + 1, B, W, F]`, packed beams before the first frame, and behind each.
        frames, tables: The frames.

    Returns:
        `history` and `length` of `Beams`.
    """
    path = _path(records, frames.num_active)
    start = path.slots[0]
    length = tf.gather(beams.length, start, batch_dims=1)
    entries, num_new = _entries(_events(beams, records, frames, tables, path), path.begins)
    place = tf.range(tf.shape(beams.history)[2] + tf.shape(entries)[2] - 1)
    ours = tf.clip_by_value(place - length[:, :, tf.newaxis] + 1, 0, tf.shape(entries)[2] - 1)
    before = tf.pad(beams.history, [[0, 0], [0, 0], [0, tf.shape(entries)[2] - 1], [0, 0]])
    before = tf.gather(before, start, batch_dims=1)
    is_before = (place < length[:, :, tf.newaxis] - 1)[..., tf.newaxis]
    history = tf.where(is_before, before, tf.gather(entries, ours, batch_dims=2))
    length += num_new
    return history * tf.cast(place < length[:, :, tf.newaxis], tf.float32)[..., tf.newaxis], length


def _path(records, num_active):
    width = records.shape[2]
    origin = tf.cast(records[1:, :, :, ORIGIN], tf.int32)
    is_there = (tf.range(tf.shape(origin)[0])[:, tf.newaxis] < num_active)[..., tf.newaxis]
    slots = tf.broadcast_to(tf.range(width), tf.shape(origin)[1:])
    origins = tf.where(is_there, origin % width, slots)
    num_frames = tf.shape(origin)[0]
    array = tf.TensorArray(tf.int32, num_frames + 1, element_shape=[None, width]).write(num_frames, slots)

    def back(t, slots, array):
        slots = tf.gather(tf.gather(origins, t), slots, batch_dims=1)
        return t - 1, slots, array.write(t, slots)

    *_, array = tf.while_loop(
        lambda t, *_: t >= 0, back, (num_frames - 1, slots, array), parallel_iterations=1,
        shape_invariants=(tf.TensorShape([]), tf.TensorShape([None, width]), None),
    )  # fmt: skip
    slots = array.stack()
    return _Path(slots, tf.gather(is_there & (origin >= width), slots[1:], batch_dims=2))


def _events(beams, records, frames, tables, path):
    """For each frame, and one before all, a label, where it stands and how probable it is there, `[A + 1, B, N, 3]`."""
    last = tf.gather(ints_of(records[1:])[..., LAST], path.slots[1:], batch_dims=2)
    scores = tf.gather(records[:-1, :, :, BLANK : LABEL + 1], path.slots[:-1], batch_dims=2)
    goes_on = (scores[..., 1] > scores[..., 0]) & ~frames.has_gap[..., tf.newaxis]
    is_there = (tf.range(tf.shape(frames.number)[0])[:, tf.newaxis] < frames.num_active)[..., tf.newaxis]
    emission = tf.gather(tables.emissions, last, batch_dims=2)
    value = tf.where(is_there & (path.begins | goes_on), emission, tf.constant(2 * IMPOSSIBLE, tf.float64))
    number = tf.broadcast_to(frames.number[..., tf.newaxis], tf.shape(last))
    columns = [tf.cast(column, tf.float32) for column in (last, number, value)]
    place = tf.maximum(beams.length - 1, 0)
    first = tf.gather(tf.pad(beams.history, [[0, 0], [0, 0], [0, 1], [0, 0]]), place, batch_dims=2)
    first = tf.gather(first, path.slots[0], batch_dims=1)
    return tf.concat([first[tf.newaxis], tf.stack(columns, axis=3)], axis=0)


def _entries(events, begins):
    """The most probable event of each label, `[B, N, 1 + U, 3]`, the label of before first; and how many are new."""
    shape = tf.shape(events)
    number = tf.cumsum(tf.pad(tf.cast(begins, tf.int32), [[1, 0], [0, 0], [0, 0]]))
    num_new = number[-1]
    room = 1 + tf.maximum(tf.reduce_max(num_new), 0)
    num_texts = shape[1] * shape[2]
    segment = tf.reshape(number, [-1, num_texts]) + room * tf.range(num_texts)
    values = tf.reshape(events[..., 2], [-1, num_texts])
    best = tf.math.unsorted_segment_max(values, segment, num_texts * room)
    place = tf.range(tf.size(values))
    is_best = tf.reshape(values == tf.gather(best, segment), [-1])
    place = tf.where(is_best, place, place.dtype.max)
    place = tf.math.unsorted_segment_min(place, tf.reshape(segment, [-1]), num_texts * room)
    place = tf.where(place < tf.size(values), place, 0)
    entries = tf.gather(tf.reshape(events, [-1, 3]), place)
    return tf.reshape(entries, [shape[1], shape[2], room, 3]), num_new
