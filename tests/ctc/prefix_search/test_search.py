"""The search in the graph finds what the search in Python finds, and what brute force does where nothing is pruned."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.ctc.prefix_search import Pruning, begin, finish, search
from seqapp.decoding import beam_search as in_python
from tests.ctc.prefix_search.searches import (
    Silent,
    Table,
    TableInGraph,
    assert_alike,
    hypotheses,
    log_softmax,
    padded,
    rows_of_many_kinds,
    traced_search,
)
from tests.decoding.lattices import every_text, random_log_probs

NOTHING = -1e9  # a threshold of labels that none is below
USUAL = (16.0, -8.0)


@functools.cache
def table(num_classes):
    return Table(num_classes - 1)


@functools.cache
def traced(num_classes, width, most_labels=8, is_silent=False):
    scorer = Silent() if is_silent else TableInGraph(table(num_classes))
    return traced_search(scorer, num_classes, width, most_labels)


def found(function, rows, thresholds=USUAL, more=0):
    log_probs, num_frames = padded(rows, more)
    beams, ranked = function(log_probs, num_frames, *thresholds)
    return hypotheses(beams, *ranked)


def expected(rows, width, thresholds=USUAL, most_labels=8, scorers=()):
    pruning = in_python.Pruning(width, *thresholds, most_labels)
    return [in_python.beam_search(row, scorers, pruning) for row in rows]


@pytest.mark.parametrize("num_classes, width, most_labels", [(6, 12, 8), (12, 30, 3), (5, 1, 8), (2, 5, 8)])
def test_finds_what_the_search_in_python_finds(num_classes, width, most_labels):
    rows = rows_of_many_kinds(num_classes, seed=width)
    function = traced(num_classes, width, most_labels)
    for thresholds in (USUAL, (3.0, -8.0), (16.0, -2.0), (100.0, NOTHING)):
        same = expected(rows, width, thresholds, most_labels, [table(num_classes)])
        for received, hypotheses_of_row in zip(found(function, rows, thresholds), same, strict=True):
            assert_alike(received, hypotheses_of_row)


def test_finds_what_the_search_in_python_finds_without_a_scorer():
    rows = rows_of_many_kinds(4, seed=9)
    for received, same in zip(found(traced(4, 256, is_silent=True), rows), expected(rows, 256), strict=True):
        assert_alike(received, same)


def test_texts_that_fell_out_and_came_back_are_still_one_text():
    rng = np.random.default_rng(1)
    rows = [log_softmax(0.5 * rng.normal(size=[30, 6])) for _ in range(20)]
    same = expected(rows, 12, (2.0, -8.0), scorers=[table(6)])
    for received, hypotheses_of_row in zip(found(traced(6, 12), rows, (2.0, -8.0)), same, strict=True):
        assert_alike(received, hypotheses_of_row)
        assert len({h.labels for h in received}) == len(received)


def test_no_row_depends_on_the_others_nor_on_what_stands_behind_its_frames():
    rows = rows_of_many_kinds(6, seed=3)
    together = found(traced(6, 12), rows)
    for row, received in zip(rows, together, strict=True):
        for more in (0, 7):
            (alone,) = found(traced(6, 12), [row], more=more)
            assert_alike(alone, received, atol=1e-9)


def test_an_empty_batch_finds_nothing():
    assert found(traced(6, 12), [np.zeros([0, 6])])[0][0].labels == ()
    beams, (scores, order) = traced(6, 12)(np.zeros([0, 4, 6]), np.zeros([0], np.int32), *USUAL)
    assert scores.shape == order.shape == (0, 12) and beams.length.shape == (0, 12)


def test_equals_brute_force_where_nothing_is_pruned():
    rng = np.random.default_rng(4)
    lattices = [random_log_probs(rng, 5 - i % 3, 4, (0.3, 1.0, 4.0)[i // 3]) for i in range(9)]
    rows = found(traced(4, 256, is_silent=True), lattices, (1e6, NOTHING))
    for received, log_probs in zip(rows, lattices, strict=True):
        truth = every_text(log_probs)
        assert {h.labels for h in received} == set(truth)
        assert [h.ctc_score for h in received] == pytest.approx(sorted(truth.values(), reverse=True), abs=1e-4)
        assert all(abs(h.ctc_score - truth[h.labels]) < 1e-4 and h.score == h.ctc_score for h in received)


def test_equals_brute_force_with_a_scorer():
    rng = np.random.default_rng(5)
    lattices = [random_log_probs(rng, 8, 2) for _ in range(6)]
    scorer = table(2)
    for received, log_probs in zip(found(traced(2, 5), lattices, (1e6, NOTHING)), lattices, strict=True):
        truth = every_text(log_probs)
        assert {h.labels for h in received} == set(truth)
        for h in received:
            state, given = np.array([scorer.start]), 0.0
            for label in h.labels:
                given += scorer.rows(state)[0, label]
                state = scorer.advance(state, np.array([label]))
            assert h.score == pytest.approx(truth[h.labels] + given + scorer.finish(state)[0], abs=1e-4)


def test_frames_and_peaks_lie_on_an_alignment_of_the_labels():
    rows = rows_of_many_kinds(6, seed=5)
    for received, row in zip(found(traced(6, 12), rows), rows, strict=True):
        for h in received:
            assert len(h.frames) == len(h.peaks) == len(h.labels)
            assert all(a < b for a, b in zip(h.frames, h.frames[1:]))
            np.testing.assert_allclose(row[list(h.frames), list(h.labels)], h.peaks, atol=1e-6)


PRUNING = Pruning(**vars(in_python.Pruning(12)))


@functools.cache
def traced_chunk():
    scorer = TableInGraph(table(6))

    def chunk(beams, log_probs, num_frames, first_frame, is_final):
        beams = search(beams, log_probs, num_frames, scorer, PRUNING, first_frame)
        return beams, finish(beams, scorer, is_final)

    frames = [([None, None, 6], tf.float32), ([None], tf.int32), ([None], tf.int32), ([None], tf.bool)]
    like = begin(1, PRUNING.beam_width, scorer)
    specs = type(like)(*(tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype) for tensor in like[:-1]), None)
    specs = specs._replace(history=tf.TensorSpec([None, PRUNING.beam_width, None, 3], tf.float32))
    signature = [specs, *(tf.TensorSpec(*spec) for spec in frames)]
    return tf.function(chunk, input_signature=signature, autograph=False), scorer


@pytest.mark.parametrize("size", [1, 4, 13])
def test_chunks_of_any_size_equal_the_whole(size):
    rows = rows_of_many_kinds(6, seed=6)
    function, scorer = traced_chunk()
    beams = begin(len(rows), PRUNING.beam_width, scorer)
    longest = max(map(len, rows))
    for start in range(0, longest, size):
        log_probs, num_frames = padded([row[start : start + size] for row in rows])
        starts = np.full(len(rows), start, np.int32)
        beams, ranked = function(beams, log_probs, num_frames, starts, np.full(len(rows), start + size >= longest))
    for received, whole in zip(hypotheses(beams, *ranked), found(traced(6, 12), rows), strict=True):
        assert_alike(received, whole, atol=1e-9)


def test_the_end_is_judged_of_rows_that_end_alone():
    rows = rows_of_many_kinds(6, seed=7)[:2]
    function, scorer = traced_chunk()
    beams = begin(2, PRUNING.beam_width, scorer)
    beams, ranked = function(beams, *padded(rows), np.zeros(2, np.int32), np.array([True, False]))
    for is_final, row, received in zip((True, False), rows, hypotheses(beams, *ranked)):
        python = in_python.BeamSearch([table(6)], in_python.Pruning(PRUNING.beam_width))
        python.push(row)
        assert_alike(received, python.hypotheses(is_final=is_final))
