import numpy as np
import tensorflow as tf

from seqapp.features.ink.strokes import find_strokes, segment_vectors


def test_strokes_end_at_the_pen_up_flags():
    strokes = find_strokes(tf.constant([0.0, 1.0, 1.0, 0.0, 0.0, 1.0]))
    assert strokes.count == 3
    np.testing.assert_array_equal(strokes.ids, [0, 0, 1, 2, 2, 2])
    np.testing.assert_array_equal(strokes.first, [0, 2, 3])
    np.testing.assert_array_equal(strokes.last, [1, 2, 5])
    np.testing.assert_array_equal(strokes.joined, [True, False, False, True, True, False])


def test_the_last_point_ends_its_stroke_without_a_flag():
    strokes = find_strokes(tf.constant([1.0, 0.0, 0.0]))
    assert strokes.count == 2
    np.testing.assert_array_equal(strokes.joined, [False, True, False])


def test_no_points_make_no_strokes():
    strokes = find_strokes(tf.zeros([0]))
    assert strokes.count == 0 and tf.size(strokes.first) == 0


def test_no_vector_leads_across_a_lifted_pen():
    strokes = find_strokes(tf.constant([0.0, 1.0, 0.0, 1.0]))
    vectors = segment_vectors(tf.constant([[0.0, 0], [3, 4], [9, 9], [9, 8]]), strokes)
    np.testing.assert_array_equal(vectors, [[3, 4], [0, 0], [0, -1], [0, 0]])
