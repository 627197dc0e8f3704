"""Smooth paths: where a device gives few points, the pen went from one to the next on a curve, not straight."""

import tensorflow as tf

from seqapp.features.ink.strokes import Strokes, find_strokes, segment_vectors

LONGEST = 0.1  # ink heights between points: shorter segments stay, so that corners of dense ink stay corners
MOST_PIECES = 8  # of a segment: what an ink can cost is bounded
LEAST = 1e-9  # square root of an ink height: points that repeat each other


def smooth_path(positions, strokes: Strokes) -> tuple[tf.Tensor, Strokes]:
    """Divide long segments along a centripetal Catmull-Rom curve through the points of their stroke.

    Args:
        positions: Float64 `[N, D]`, columns x and y in ink heights; further ones change evenly within a segment.
        strokes: `Strokes` of the same N points.

    Returns:
        positions: Float64 `[M, D]`, N <= M <= 8 N: the points, and new ones between them.
        strokes: `Strokes` of these.

    Reference: Yuksel, Schaefer and Keyser, Parameterization and applications of Catmull-Rom curves, Computer-Aided
        Design 43, 2011: centripetal curves have neither loops nor cusps within a segment.
    """
    lengths = tf.norm(segment_vectors(positions[:, :2], strokes), axis=1)
    pieces = tf.cast(tf.clip_by_value(tf.math.ceil(lengths / LONGEST), 1.0, MOST_PIECES), tf.int32)

    def divided():
        start = tf.repeat(tf.range(tf.size(pieces)), pieces)
        place = tf.range(tf.size(start)) - tf.gather(tf.cumsum(pieces, exclusive=True), start)
        share = tf.cast(place / tf.gather(pieces, start), positions.dtype)[:, tf.newaxis]
        flags = tf.cast(tf.gather(tf.logical_not(strokes.joined), start), tf.float32)
        xy = _on_curves(positions[:, :2], strokes, start, share)
        rest = tf.gather(positions[:, 2:], start)
        rest += share * tf.gather(segment_vectors(positions[:, 2:], strokes), start)
        return (tf.concat([xy, rest], axis=1), *find_strokes(flags))

    path, *parts = tf.cond(tf.reduce_any(pieces > 1), divided, lambda: (positions, *strokes))
    return tf.ensure_shape(path, [None, positions.shape[1]]), Strokes(*parts)


def _on_curves(positions, strokes, start, share):
    """Points at shares, float64 `[M, 1]`, of the segments that begin at `start`, int32 `[M]`."""
    vectors = segment_vectors(positions, strokes)
    before = tf.concat([tf.zeros_like(vectors[:1]), vectors[:-1]], axis=0)
    after = tf.concat([vectors[1:], tf.zeros_like(vectors[:1])], axis=0)
    index = tf.range(tf.shape(positions)[0])
    is_first = tf.equal(index, tf.gather(strokes.first, strokes.ids))[:, tf.newaxis]
    is_last = tf.equal(index + 1, tf.gather(strokes.last, strokes.ids))[:, tf.newaxis]
    before, after = tf.where(is_first, vectors, before), tf.where(is_last, vectors, after)  # the ends go straight on
    here, before, vector, after = (tf.gather(values, start) for values in (positions, before, vectors, after))
    knots = [tf.maximum(tf.sqrt(tf.norm(v, axis=1, keepdims=True)), LEAST) for v in (before, vector, after)]
    leaving = vector + knots[1] * (before / knots[0] - (before + vector) / (knots[0] + knots[1]))
    arriving = vector + knots[1] * (after / knots[2] - (vector + after) / (knots[1] + knots[2]))
    cubic = leaving + arriving - 2 * vector
    square = 3 * vector - 2 * leaving - arriving
    return here + share * (leaving + share * (square + share * cubic))
