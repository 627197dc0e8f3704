"""Dark frames around pictures of lines: a scanner's lid, the edge of a table, the gutter of a book.

`seqapp.datasets.image.line_isolation` holds the twin in NumPy, which says more.
"""

import tensorflow as tf

from seqapp.features.image.even_ink import paper_along
from seqapp.features.image.line_extent import paper_level

FRAME_LIGHT, FRAME_SHARE, FRAME_EDGE_SHARE, LARGEST_FRAME = 0.5, 0.95, 0.5, 0.2  # as there
DARKER = 0.9  # of the paper's grey


def without_frame(columns) -> tf.Tensor:
    """Replace a dark frame by paper.

    Args:
        columns: Float32 `[W, H]` in [0, 1], 1 white, dark on light, W and H above 0.

    Returns:
        Float32 `[W, H]`, the same where there is no frame.
    """
    width, height = tf.unstack(tf.shape(columns))
    paper = paper_level(columns)
    is_dark = tf.cast(columns < FRAME_LIGHT * paper, tf.float32)
    is_darker = tf.cast(columns < DARKER * paper, tf.float32)
    most = tf.cast(LARGEST_FRAME * tf.cast(height, tf.float32), tf.int32)
    top, bottom = _sides(is_dark, is_darker, most)
    is_whole = height > top + bottom
    low, high = tf.where(is_whole, top, 0), tf.where(is_whole, height - bottom, height)
    left, right = _sides(tf.transpose(is_dark[:, low:high]), tf.transpose(is_darker[:, low:high]), most)
    num_sides = tf.math.count_nonzero(tf.stack([top, bottom, left, right]))
    is_long_side = (num_sides == 1) & (top + bottom > 0) & (width >= 2 * height)
    is_framed = ((num_sides > 1) | is_long_side) & is_whole & (width > left + right)
    return tf.cond(is_framed, lambda: _on_paper(columns, top, bottom, left, right), lambda: columns)


def _sides(is_dark, is_darker, most):
    """Rows of a frame in front and behind, int32 `[]`, of pictures float32 `[W, H]` of 0 and 1; none beyond `most`."""
    shares, next_shares = tf.reduce_mean(is_dark, axis=0), tf.reduce_mean(is_darker, axis=0)
    sides = []
    for step in (1, -1):
        size = tf.reduce_sum(tf.math.cumprod(tf.cast(shares[::step] >= FRAME_SHARE, tf.int32)))
        behind = tf.pad(next_shares[::step], [[0, 1]])[size]
        size += tf.cast((size > 0) & (behind >= FRAME_EDGE_SHARE), tf.int32)
        sides.append(tf.where(size <= most, size, 0))
    return sides


def _on_paper(columns, top, bottom, left, right):
    """The picture with paper on so many rows and columns of its edges."""
    width, height = tf.unstack(tf.shape(columns))
    inner = columns[left : width - right, top : height - bottom]
    paper = paper_along(inner)
    paper = tf.concat([tf.repeat(paper[:1], left, 0), paper, tf.repeat(paper[-1:], right, 0)], axis=0)
    inner = tf.concat([tf.repeat(paper[:left], height - top - bottom, 1), inner], axis=0)
    inner = tf.concat([inner, tf.repeat(paper[width - right :], height - top - bottom, 1)], axis=0)
    return tf.concat([tf.repeat(paper, top, 1), inner, tf.repeat(paper, bottom, 1)], axis=1)
