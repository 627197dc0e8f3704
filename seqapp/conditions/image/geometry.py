"""Geometry: a line that is turned, on its canvas or on a larger one, or seen from one side."""

import math

import numpy as np
import tensorflow as tf
from PIL import Image

from seqapp.conditions.image.tone import paper_level
from seqapp.features.image.warp import resample


def turn(columns, degrees) -> tf.Tensor:
    """Turn a line about its middle and keep its canvas; y moves along, x stays, as is right for small angles.

    Args:
        columns: Float32 `[W, H]`.
        degrees: Float `[]`, clockwise. Long lines turn less: at full angle their ends would leave the canvas.

    Returns:
        Float32 `[W, H]`.
    """
    length, height = (tf.cast(n, tf.float32) for n in tf.unstack(tf.shape(columns)))
    x = (tf.range(length) + 0.5)[:, tf.newaxis]
    y = (tf.range(height) + 0.5)[tf.newaxis]
    tilt = tf.tan(degrees * (math.pi / 180.0)) * tf.minimum(1.0, 8.0 * height / tf.maximum(length, 1.0))
    paper = paper_level(columns)
    return paper + resample(columns - paper, x, y - tilt * (x - length / 2))


def skew(columns: np.ndarray, degrees: float) -> np.ndarray:
    """Turn a line clockwise on a canvas that grows with it, of paper: float32 `[W', H']`."""
    turned = _as_picture(columns).rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=_paper(columns))
    return _as_columns(turned)


def perspective(columns: np.ndarray, ratio: float) -> np.ndarray:
    """Look at a line from its left end: the right end is lower by a ratio in (0, 1], and less wide: float32 `[W', H]`.

    Args:
        columns: Float32 `[W, H]`.
        ratio: Height of the right end over that of the left one.
    """
    width, height = columns.shape
    # Of what is farther away the same share is lost in both directions.
    seen = max(1, round(width * (1 + ratio) / 2))
    top, bottom = height * (1 - ratio) / 2, height * (1 + ratio) / 2
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    places = [(0, 0), (seen, top), (seen, bottom), (0, height)]
    mapping = _homography(places, corners)
    picture = _as_picture(columns).transform(
        (seen, height), Image.Transform.PERSPECTIVE, mapping, Image.Resampling.BICUBIC, fillcolor=_paper(columns)
    )
    return _as_columns(picture)


def _homography(sources, targets):
    """Return the eight numbers of the projective mapping that leads four places to four others."""
    rows = []
    for (x, y), (u, v) in zip(sources, targets):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return np.linalg.solve(np.array(rows, float), np.array(targets, float).ravel())


def _as_picture(columns):
    return Image.fromarray(np.round(255.0 * np.clip(columns, 0.0, 1.0)).astype(np.uint8).T)


def _as_columns(picture):
    return np.asarray(picture).T.astype(np.float32) / 255.0


def _paper(columns):
    return int(np.median(np.round(255.0 * columns)))
