"""Runs of consecutive strokes along straight baselines, by dynamic programming over the order of writing."""

import math
import typing

import tensorflow as tf

from seqapp.features.ink.stroke_boxes import StrokeBoxes

SLOPES_DEG = tuple(range(-24, 25, 4))  # tried for the whole ink
LEVEL_DEG = 10.0  # a usual slope costs
SLOPE_COST = 3.0  # so much
DRIFT_WEIGHT = 700.0  # resists a slope of a line's own: as a dozen letters do
BREAK_COST = 16.0  # of a new run anywhere
RETURN_COST = 4.0  # where the pen goes back to the left and down
BACK, DOWN = 3.0, 3.0  # deviations of y: by more than this
CONTINUE_COST = 40.0  # where it goes on to the right of the stroke before
NEXT = 20.0  # deviations of y: by less than this, and no more than DOWN up or down


class Moments(typing.NamedTuple):
    """Weighted sums over strokes, float64 `[...]`: those of two groups add up to that of both."""

    weight: tf.Tensor
    x: tf.Tensor
    y: tf.Tensor
    xx: tf.Tensor
    xy: tf.Tensor
    yy: tf.Tensor


def moments(boxes: StrokeBoxes) -> Moments:
    """Return the moments of each stroke, `[S]`."""
    w, x, y = boxes.weight, boxes.x, boxes.y
    return Moments(w, w * x, w * y, w * x * x, w * x * y, w * y * y)


def misfit(sums: Moments, slope) -> tf.Tensor:
    """Return the squared distances of strokes from their best baseline, summed, and what its own slope costs.

    Args:
        sums: `Moments` of groups of strokes.
        slope: Float64, dy/dx of the whole ink, which resists another one of a group.
    """
    sxx, sxy, syy = _centred(sums)
    rho = DRIFT_WEIGHT
    return tf.maximum(syy + rho * slope**2 - (sxy + rho * slope) ** 2 / (sxx + rho), 0.0)


def baseline(sums: Moments, slope) -> tuple[tf.Tensor, tf.Tensor]:
    """Return offset and slope of the best baseline of groups of strokes: y = offset + slope x."""
    sxx, sxy, _ = _centred(sums)
    own = (sxy + DRIFT_WEIGHT * slope) / (sxx + DRIFT_WEIGHT)
    return (sums.y - own * sums.x) / tf.maximum(sums.weight, 1e-9), own


def common_slope(sums: Moments, slope) -> tf.Tensor:
    """Return the slope that groups of strokes share, where the slopes that were tried are degrees apart: dy/dx.

    At the end of a long line half a step of these is more than the distance to the next line.

    Args:
        sums: `Moments` of groups.
        slope: Float64, dy/dx, near it.
    """
    sxx, sxy, _ = _centred(sums)
    return (tf.reduce_sum(sxy) + DRIFT_WEIGHT * slope) / (tf.reduce_sum(sxx) + DRIFT_WEIGHT)


def _centred(sums):
    weight = tf.maximum(sums.weight, 1e-9)
    sxx = sums.xx - sums.x**2 / weight
    return tf.maximum(sxx, 0.0), sums.xy - sums.x * sums.y / weight, sums.yy - sums.y**2 / weight


def is_surely_one_run(boxes: StrokeBoxes) -> tf.Tensor:
    """Tell at little cost of most inks of one line that `find_runs` would not cut them: no cut is cheaper than none.

    Args:
        boxes: `StrokeBoxes` of S strokes.

    Returns:
        Bool `[]`. False says nothing.
    """
    whole = Moments(*map(tf.reduce_sum, moments(boxes)))
    slopes = _slopes()
    cost = tf.reduce_min(misfit(whole, slopes) + _slope_costs(slopes))
    return cost < tf.reduce_min(_break_costs(boxes)[1:])


def find_runs(boxes: StrokeBoxes) -> tuple[tf.Tensor, tf.Tensor]:
    """Cut the strokes, in the order of writing, into runs that each follow a baseline.

    The cheapest cut of all: squared distances from the baselines, weighted by letters, and a price for each run, which
    is lower where the pen goes back and down, and higher where the next letter follows at once. The slope of the whole
    ink is the one that makes this cheapest.

    Args:
        boxes: `StrokeBoxes` of S > 0 strokes.

    Returns:
        runs: Int32 `[S]`, the run of each stroke, counted from 0.
        slope: Float64 `[]`, dy/dx of the ink.
    """
    slopes = _slopes()
    sums = tf.stack(moments(boxes), axis=0)
    before = tf.cumsum(sums, axis=1, exclusive=True)
    breaks = _break_costs(boxes)
    count = tf.size(boxes.x)

    def step(last, best, starts):
        """`best` float64 `[K, last + 1]` of cuts that end before each stroke."""
        through = before[:, last] + sums[:, last]
        groups = Moments(*tf.unstack(through[:, tf.newaxis] - before[:, : last + 1], axis=0))
        costs = best + breaks[: last + 1] + misfit(groups, slopes[:, tf.newaxis])
        start = tf.argmin(costs, axis=1, output_type=tf.int32)
        cheapest = tf.reduce_min(costs, axis=1)
        return last + 1, tf.concat([best, cheapest[:, tf.newaxis]], axis=1), starts.write(last, start)

    num_slopes = len(SLOPES_DEG)
    starts = tf.TensorArray(tf.int32, count, element_shape=[num_slopes])
    none = tf.zeros([num_slopes, 1], tf.float64)
    _, best, starts = tf.while_loop(
        lambda last, *_: last < count,
        step,
        (0, none, starts),
        shape_invariants=(tf.TensorShape([]), tf.TensorShape([num_slopes, None]), tf.TensorShape(None)),
    )
    totals = best[:, -1] + _slope_costs(slopes)
    chosen = tf.argmin(totals, output_type=tf.int32)
    return _runs(starts.stack()[:, chosen], count), slopes[chosen]


def _slopes():
    return tf.constant([math.tan(math.radians(angle)) for angle in SLOPES_DEG], tf.float64)


def _slope_costs(slopes):
    return SLOPE_COST * (slopes / math.tan(math.radians(LEVEL_DEG))) ** 2


def _break_costs(boxes):
    """The price of a run that begins with each stroke, float64 `[S]`; nothing for the first one."""
    back = boxes.right[:-1] - boxes.left[1:] > BACK
    down = boxes.y[1:] - boxes.y[:-1] > DOWN
    before = _last_letters(boxes.is_mark)[:-1]
    gap = boxes.left[1:] - tf.gather(boxes.right, before)
    rise = tf.abs(boxes.y[1:] - tf.gather(boxes.y, before))
    highest = tf.where(boxes.is_mark[1:], tf.constant(2 * DOWN, tf.float64), DOWN)
    is_next = (gap > -BACK) & (gap < NEXT) & (rise < highest)
    costs = tf.where(is_next, tf.constant(CONTINUE_COST, tf.float64), BREAK_COST)
    costs = tf.where(back & down, tf.constant(RETURN_COST, tf.float64), costs)
    return tf.concat([tf.zeros([1], tf.float64), costs], axis=0)


def _last_letters(is_mark):
    """The last stroke up to each that is no mark, int32 `[S]`; the first of all where there is none."""
    letters = tf.cast(tf.where(~is_mark), tf.int32)[:, 0]
    letters = tf.concat([[0], letters], axis=0)
    return tf.gather(letters, tf.cumsum(tf.cast(~is_mark, tf.int32)))


def _runs(starts, count):
    """Runs from the first stroke of the cheapest run that ends with each: int32 `[S]`."""

    def step(last, begins):
        start = starts[last]
        return start - 1, tf.tensor_scatter_nd_update(begins, [[start]], [1])

    _, begins = tf.while_loop(lambda last, _: last >= 0, step, (count - 1, tf.zeros([count], tf.int32)))
    return tf.cumsum(begins) - 1
