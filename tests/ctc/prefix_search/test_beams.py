"""What all texts begin with is cut off, and nothing else; beams are chosen row by row."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search import begin, choose, settle
from seqapp.ctc.prefix_search.beams import log_add
from tests.ctc.prefix_search.searches import Silent

ROOM = 6
GARBAGE = 77.0  # behind the length stands anything


def beams_of(*rows):
    """Beams whose histories are given: rows of texts, each a list of (label, frame); None for a beam not in use."""
    width = max(map(len, rows))
    beams = begin(len(rows), width, Silent(), ROOM)
    scores, history = (
        np.full([len(rows), width, 3], [IMPOSSIBLE, IMPOSSIBLE, 0.0]),
        np.full(beams.history.shape, GARBAGE),
    )
    length = np.zeros([len(rows), width], np.int32)
    for b, texts in enumerate(rows):
        for k, text in enumerate(texts):
            if text is not None:
                scores[b, k, 0] = -1.0 - k
                history[b, k, : len(text), :2] = np.reshape(text, [-1, 2])
                history[b, k, : len(text), 2] = -0.1 * k
                length[b, k] = len(text)
    return beams._replace(
        scores=tf.constant(scores), history=tf.constant(history, tf.float32), length=tf.constant(length)
    )


def texts_of(beams):
    history, length = beams.history.numpy(), beams.length.numpy()
    return [
        [[tuple(map(int, entry[:2])) for entry in history[b, k, : length[b, k]]] for k in range(length.shape[1])]
        for b in range(len(length))
    ]


@pytest.mark.parametrize(
    "texts, num_settled",
    [
        ([[(1, 0), (2, 3), (0, 5)], [(1, 0), (2, 3), (3, 6)]], 2),
        ([[(1, 0), (2, 3), (0, 5)], [(1, 0), (2, 3)]], 1),  # no text's last label
        ([[(1, 0), (2, 3), (0, 5)], [(1, 0), (2, 4), (0, 5)]], 1),  # another frame
        ([[(1, 0), (2, 3), (0, 5)], [(1, 0), (2, 3), (0, 6)]], 2),
        ([[(1, 0), (2, 3)], []], 0),
        ([[], []], 0),
        ([[(1, 0), (2, 3), (0, 5)]], 2),
        ([[(1, 0), (2, 3), (0, 5)], None], 2),
        ([[(0, 0), (0, 3), (0, 5)], [(3, 0), (0, 3), (0, 5)]], 0),
    ],
)
def test_what_all_texts_begin_with_is_settled_but_for_the_last_label(texts, num_settled):
    beams = beams_of(texts, [[(4, 4)] * 5, [(4, 4)] * 4])
    count, rest = settle(beams)
    np.testing.assert_array_equal(count, [num_settled, 3])
    received = texts_of(rest)[0]
    assert received[: len(texts)] == [(text or [])[num_settled:] for text in texts]
    np.testing.assert_allclose(rest.history[1, 1, 0, 2], -0.1)  # the log-probability goes with its label
    for name in ("scores", "peak", "names", "last", "states"):
        np.testing.assert_array_equal(getattr(rest, name), getattr(beams, name))


def test_a_history_without_room_settles_nothing():
    count, rest = settle(begin(2, 3, Silent()))
    np.testing.assert_array_equal(count, [0, 0])
    assert rest.history.shape == (2, 3, 0, 3)


def test_the_best_alone_leaves_one_beam_in_use():
    beams = beams_of([[(1, 0)], [(2, 0)], [(3, 0)]]).best_alone()
    np.testing.assert_array_equal(beams.is_used, [[True, False, False]])
    np.testing.assert_allclose(beams.ctc_score[0, 0], -1.0)


def test_a_search_begins_with_the_empty_text_alone():
    beams = begin(2, 4, Silent(), ROOM)
    np.testing.assert_array_equal(beams.is_used, [[True, False, False, False]] * 2)
    np.testing.assert_array_equal(beams.ctc_score[:, 0], 0.0)
    names = beams.names.numpy()[0]
    assert len(set(names[:, 0])) == 4 and not set(names[1:, 1]) & set(names[:, 0])  # nobody's parents


def test_rows_are_chosen_from_one_or_the_other():
    these, others = beams_of([[(1, 0)]], [[(2, 0)]]), beams_of([[(3, 0)]], [[(4, 0)]])
    assert texts_of(choose(tf.constant([True, False]), these, others)) == [[[(1, 0)]], [[(4, 0)]]]


def test_probabilities_are_added():
    a, b = np.array([-1.0, -700.0, IMPOSSIBLE, -3.0]), np.array([-2.0, -1.0, IMPOSSIBLE, IMPOSSIBLE])
    np.testing.assert_allclose(log_add(tf.constant(a), tf.constant(b)), np.logaddexp(a, b))
