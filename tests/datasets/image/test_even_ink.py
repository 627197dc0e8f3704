"""Darkness without light and ruling, in NumPy: equal to that of the graph within 1e-4."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.conditions.image.edges import frame
from seqapp.conditions.image.grain import grain, salt_and_pepper
from seqapp.conditions.image.light import shadow
from seqapp.conditions.image.ruling import rule
from seqapp.datasets.image import even_ink
from seqapp.datasets.image.line_height import to_columns
from seqapp.features.image import even_ink as in_graph
from tests.small_lines import draw_line

LINE = to_columns(draw_line("une ligne gelée")).astype(np.float32) / 255
PICTURES = {
    "clean": LINE,
    "shadow": shadow(LINE, 0.45, 0.5, 0.5).numpy(),
    "ruled": rule(LINE, 40.0, 30.0, 1.5, 0.5, tilt=0.005).numpy(),
    "frame": frame(LINE, 4.0, 4.0, 4.0, 4.0).numpy(),
    "noise": grain(LINE, [1, 2], 0.1).numpy(),
    "specks": salt_and_pepper(LINE, [1, 2], 0.02).numpy(),
    "odd sizes": LINE[:201, :61],
    "low": LINE[:97, 20:25],
    "narrow": LINE[40:41],
    "one pixel": LINE[:1, :1],
    "black": np.zeros((30, 64), np.float32),
}
SIGNATURE = [tf.TensorSpec([None, None])]
darkness = tf.function(in_graph.even_ink, input_signature=SIGNATURE)
cleaned = tf.function(in_graph.without_specks, input_signature=SIGNATURE)
polarity = tf.function(in_graph.is_negative, input_signature=SIGNATURE)


@pytest.mark.parametrize("picture", PICTURES)
def test_the_graph_computes_the_same(picture):
    columns = PICTURES[picture]
    for found, wanted in zip(even_ink.even_ink(columns), darkness(columns)):
        np.testing.assert_allclose(found, wanted, atol=1e-4)
    np.testing.assert_array_equal(even_ink.without_specks(columns), cleaned(columns))
    assert even_ink.is_negative(columns) == polarity(columns)
    assert even_ink.is_negative(1 - columns) == polarity(1 - columns)


def test_constants_are_those_of_the_graph():
    for name in (name for name in dir(even_ink) if name.isupper()):
        assert getattr(even_ink, name) == getattr(in_graph, name), name
