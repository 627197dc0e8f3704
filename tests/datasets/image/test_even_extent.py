"""Extent and slope of the ink, in NumPy: equal to those of the graph within 1e-3."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.conditions.image.geometry import turn
from seqapp.conditions.image.neighbours import intrude
from seqapp.datasets.image import even_extent
from seqapp.datasets.image.even_ink import even_ink
from seqapp.datasets.image.line_height import to_columns
from seqapp.features.image import even_extent as in_graph
from tests.small_lines import draw_line

LINE = to_columns(draw_line("une ligne gelée, puis la deuxième")).astype(np.float32) / 255
PICTURES = {
    "clean": LINE,
    "neighbours": intrude(LINE, LINE[::-1], LINE[::-1], 38.0).numpy(),
    "turned": turn(LINE, 3.0).numpy(),
    "blank": np.full((50, 64), 0.9, np.float32),
    "low": LINE[:97, 25:30],
    "one column": LINE[40:41],
}
measured = tf.function(
    lambda ink, grain: (*in_graph.even_extent(in_graph.ink_steps(ink, grain)), in_graph.ink_slope(ink)),
    input_signature=[tf.TensorSpec([None, None]), tf.TensorSpec([])],
)


@pytest.mark.parametrize("picture", PICTURES)
def test_the_graph_measures_the_same(picture):
    ink, grain = even_ink(PICTURES[picture])
    found = *even_extent.even_extent(even_extent.ink_steps(ink, grain)), even_extent.ink_slope(ink)
    np.testing.assert_allclose(found, measured(ink.astype(np.float32), np.float32(grain)), rtol=1e-3, atol=1e-4)


def test_constants_are_those_of_the_graph():
    for name in (name for name in dir(even_extent) if name.isupper()):
        np.testing.assert_allclose(getattr(even_extent, name), getattr(in_graph, name), err_msg=name)
