"""Ink of a line image free of light, grain, ruling and frames: darkness that only the writing decides.

Light is multiplicative, so paper is looked for around each pixel and divided by. Ruled lines and frames go on where
writing stops: what most of a long window of a row, or of a whole column, has in common is divided out as well.
`seqapp.datasets.image.even_ink` is the twin in NumPy.
"""

import tensorflow as tf

BLOCK = 4  # pixels: paper is looked for among the means of such squares, which grain and thin strokes hardly move
PAPER_BLOCKS = 5  # no stroke is as wide as these, 20 pixels of the 64 rows of a line
LIGHT_BLOCKS = 33  # neighbourhood of the light, all rows: the paper in the darkest shadow ...
DARKEST_LIGHT = 0.4  # ... has this share of it at least; what is darker is ink, however thick
SQUARE = 8  # every other pixel of 16: what is around a stroke
SKEWED = 0.15  # of asymmetry in [-1, 1]: more on the light side is light ink
DARK_PAPER = 100 / 255  # where asymmetry says nothing
SPECK = 0.2  # of full scale, beyond the pixels around
FEWEST_SPECKS = 0.003  # of all pixels
SHORTEST = 96  # columns: in shorter lines a dash could be a ruled line
WINDOW = 64  # columns, three of which a ruled line goes on for: longer than a dash
SAMPLES = 32  # columns that are looked at in a window
THICKEST = 9  # rows: a thing as thick as this, and in the line's midst, is no ruled line
ROW_GROUPS = 16  # of which no letter covers as many as an upright line does
FAINTEST_LIGHT = 0.4  # of the light, which a ruled line leaves to the strokes across it
LEVELS, LOWEST, HIGHEST = 384, -0.5, 1.0
INK_NOISE = 0.1  # of the light: less is paper, whose grain varies
NOISE_DEVIATIONS = 3.0  # of the grain, likewise
FEWEST_PIXELS = 6  # of ink: fewer say nothing on how dark it is


def even_ink(columns) -> tuple[tf.Tensor, tf.Tensor]:
    """Return darkness: 0 is paper, in light or shadow, ruled or not; 1 are the line's own dark strokes.

    Args:
        columns: Float32 `[W, H]` in [0, 1], 1 white, dark on light, W and H above 0; H is about 8 spreads of the ink.

    Returns:
        Float32 `[W, H]` in [0, 1], and the standard deviation of its grain, float32 `[]`.
    """
    return _contrast(without_lines(lost_light(despeckled(columns))))


def is_negative(columns) -> tf.Tensor:
    """Tell whether ink is lighter than paper, bool `[]`.

    Ink is rare, so grey differs most from what is around it on the ink's side.

    Args:
        columns: Float32 `[W, H]` in [0, 1], W and H above 0.
    """
    grey = _squares(columns[::2, ::2], SQUARE)  # every other pixel will do
    difference = grey - tf.reduce_mean(grey, axis=[1, 3], keepdims=True)
    size = tf.abs(difference)
    cubes = size * difference * difference
    total = tf.reduce_sum(cubes)
    asymmetry = tf.math.divide_no_nan(tf.reduce_sum(tf.where(difference > 0.0, cubes, -cubes)), total)
    is_dark = (tf.reduce_mean(grey) < DARK_PAPER) & (total > 1e-6)
    return tf.where(tf.abs(asymmetry) > SKEWED, asymmetry > 0.0, is_dark)


def despeckled(columns) -> tf.Tensor:
    """Bring each pixel into the range of the eight around it, `[W, H]`: single white or black pixels vanish."""
    around = _edges_repeated(columns)

    def best(one):
        three = one(one(around[:, :-2], around[:, 1:-1]), around[:, 2:])
        return one(one(three[:-2], three[2:]), one(around[1:-1, :-2], around[1:-1, 2:]))

    return tf.minimum(tf.maximum(columns, best(tf.minimum)), best(tf.maximum))


def without_specks(columns) -> tf.Tensor:
    """Do so where many pixels leave that range by far: before a picture is scaled, which would spread them."""
    calm = despeckled(columns)
    share = tf.reduce_mean(tf.cast(tf.abs(columns - calm) > SPECK, tf.float32))
    return tf.where(share > FEWEST_SPECKS, calm, columns)


def lost_light(columns) -> tf.Tensor:
    """Return the share of the light that a place loses to what is on the paper, float32 `[W, H]`.

    The paper is a morphological closing, lighter than strokes and as dark as shadows. Grain may be lighter still: below
    0.
    """
    blocks = _blocks(columns)
    paper = -_largest_around(-_largest_around(blocks, PAPER_BLOCKS), PAPER_BLOCKS)
    light = _largest(tf.reduce_max(blocks, axis=1, keepdims=True), LIGHT_BLOCKS)
    paper = _mean_of_nine(tf.maximum(paper, DARKEST_LIGHT * light))
    return 1.0 - columns / tf.maximum(_from_blocks(paper, columns), 1 / 255)


def paper_along(columns) -> tf.Tensor:
    """Return the grey of the paper along a line, float32 `[W, 1]`: the lightest of its rows, but for grain."""
    return _interpolated(tf.reduce_max(_blocks(columns), axis=1, keepdims=True), tf.shape(columns)[0])


def without_lines(lost) -> tf.Tensor:
    """Divide out the light that ruled lines, squares and frames take, float32 `[W, H]`."""
    lost = _divided(lost, _ruled(lost))
    return _divided(lost, _upright(lost))


def _ruled(lost):
    """Light that ruled lines take, `[W, H]`: what lasts for three windows, by a row up or down."""
    width = tf.shape(lost)[0]
    count = tf.maximum(width // WINDOW, 3)
    common = tf.transpose(_common_to_windows(lost, count))  # [H, count]
    near = _largest(common, 3)
    far = _largest(near, 3)
    before = tf.concat([far[:, 2:3], near[:, :-1]], axis=1)
    after = tf.concat([near[:, 1:], far[:, -3:-2]], axis=1)
    lasting = tf.minimum(common, tf.minimum(before, after))
    half = THICKEST // 2
    lasting -= _largest(-_largest(-tf.pad(lasting, [[half, half], [0, 0]]), THICKEST)[half:-half], THICKEST)
    lasting = tf.where(width < SHORTEST, 0.0, lasting)
    places = _places(width, tf.cast(width, tf.float32) / tf.cast(count, tf.float32), count)
    parts = tf.maximum(1.0 - tf.abs(places[:, tf.newaxis] - tf.range(tf.cast(count, tf.float32))), 0.0)
    return tf.matmul(parts, lasting, transpose_b=True)


def _common_to_windows(lost, count):
    """Return what all columns of a set have at least, in the best of a window's sets, `[count, H]`.

    A set is spread over half a window: on paper it meets a gap between letters, on a ruled line it does not.
    """
    width = tf.cast(tf.shape(lost)[0], tf.float32)
    places = (tf.range(tf.cast(count * SAMPLES, tf.float32)) + 0.5) / SAMPLES * (width / tf.cast(count, tf.float32))
    samples = tf.gather(lost, tf.cast(places, tf.int32))
    samples = tf.reshape(samples, [2 * count, SAMPLES // 4, 2, tf.shape(lost)[1]])
    sets = tf.reshape(tf.reduce_min(samples, axis=1), [count, 4, tf.shape(lost)[1]])
    return tf.maximum(tf.reduce_max(sets, axis=1), 0.0)


def _upright(lost):
    """Light that upright lines take, `[W, 1]`: what all groups of a set have at least, in the best of four sets."""
    height = tf.shape(lost)[1]
    edges = tf.range(ROW_GROUPS + 1) * height // ROW_GROUPS
    row = tf.range(height)[:, tf.newaxis]
    members = tf.cast((row >= edges[:-1]) & (row < edges[1:]), tf.float32)
    means = lost @ (members / tf.maximum(tf.reduce_sum(members, axis=0), 1.0))
    sets = tf.reduce_min(tf.reshape(means, [-1, ROW_GROUPS // 4, 4]), axis=1)
    return tf.maximum(tf.reduce_max(sets, axis=1, keepdims=True), 0.0)


def _divided(lost, line):
    return (lost - line) / tf.maximum(1.0 - line, FAINTEST_LIGHT)


def _contrast(lost):
    """Return darkness and its grain: paper is the median and grain, dark what a tenth of the dark pixels exceeds."""
    some = tf.reshape(lost[::2], [-1])  # every other column will do
    levels = tf.clip_by_value((some - LOWEST) / (HIGHEST - LOWEST), 0.0, 1.0)
    counts = tf.math.bincount(tf.cast(tf.round((LEVELS - 1) * levels), tf.int32), minlength=LEVELS, maxlength=LEVELS)
    step = (HIGHEST - LOWEST) / (LEVELS - 1)
    paper = _quantile(counts, 0.5)
    grain = (paper - _quantile(counts, 0.16)) * step
    ink = tf.where(tf.range(float(LEVELS)) > paper + tf.maximum(INK_NOISE, NOISE_DEVIATIONS * grain) / step, counts, 0)
    dark = tf.where(tf.reduce_sum(ink) >= FEWEST_PIXELS, _quantile(ink, 0.9), LEVELS - 1.0)
    paper = paper * step + LOWEST + grain
    scale = 1.0 / tf.maximum(dark * step + LOWEST - paper, INK_NOISE)
    return tf.clip_by_value((lost - paper) * scale, 0.0, 1.0), grain * scale


def _quantile(counts, share):
    """Return the level, float32 `[]`, that this share of the counted pixels does not exceed."""
    cumulative = tf.cumsum(tf.cast(counts, tf.float32))
    return tf.cast(tf.searchsorted(cumulative, share * cumulative[-1:])[0], tf.float32)


def _blocks(columns):
    """Return the means of squares of pixels, `[ceil(W / BLOCK), ceil(H / BLOCK)]`."""
    return tf.reduce_mean(_squares(columns, BLOCK), axis=[1, 3])


def _squares(columns, size):
    """Cut into squares, `[ceil(W / size), size, ceil(H / size), size]`; edges are repeated to fill the last ones."""
    width, height = tf.unstack(tf.shape(columns))
    across = -(-width // size)
    down = -(-height // size)
    columns = tf.gather(columns, tf.minimum(tf.range(across * size), width - 1))
    if columns.shape[1] is None or columns.shape[1] % size:
        columns = tf.gather(columns, tf.minimum(tf.range(down * size), height - 1), axis=1)
    return tf.reshape(columns, [across, size, down, size])


def _from_blocks(blocks, columns):
    """Interpolate blocks, or what was made of them, for all pixels `[W, H]`."""
    width, height = tf.unstack(tf.shape(columns))
    down = _interpolated(tf.eye(tf.shape(blocks)[1]), height)
    return tf.matmul(_interpolated(blocks, width), down, transpose_b=True)


def _interpolated(blocks, size):
    """Read blocks `[N, M]` linearly at each of the pixels along them, `[size, M]`."""
    count = tf.shape(blocks)[0]
    place = _places(size, BLOCK, count)
    left = tf.floor(place)
    part = (place - left)[:, tf.newaxis]
    left = tf.cast(left, tf.int32)
    return (1.0 - part) * tf.gather(blocks, left) + part * tf.gather(blocks, tf.minimum(left + 1, count - 1))


def _places(size, step, count):
    """Return where each of `size` pixels lies among the middles of `count` steps."""
    place = (tf.range(tf.cast(size, tf.float32)) + 0.5) / step - 0.5
    return tf.clip_by_value(place, 0.0, tf.cast(count - 1, tf.float32))


def _largest(values, size):
    """Return the largest of so many values along the first axis around each, `[N, M]`; beyond the ends is nothing."""
    return tf.nn.max_pool2d(values[tf.newaxis, :, tf.newaxis], [size, 1], 1, "SAME")[0, :, 0]


def _largest_around(values, size):
    return tf.transpose(_largest(tf.transpose(_largest(values, size)), size))


def _mean_of_nine(values):
    around = _edges_repeated(values)
    three = around[:-2] + around[1:-1] + around[2:]
    return (three[:, :-2] + three[:, 1:-1] + three[:, 2:]) / 9.0


def _edges_repeated(values):
    return tf.pad(values, [[1, 1], [1, 1]], "SYMMETRIC")
