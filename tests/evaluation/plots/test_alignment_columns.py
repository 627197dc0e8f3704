"""What the alignment picture shows, as arrays."""

import numpy as np
import pytest

from seqapp.evaluation.plots.alignment_columns import (
    MAX_LABELS,
    Column,
    character_of_point,
    code_point_frames,
    frame_positions,
    shown_labels,
    text_columns,
)
from seqapp.evaluation.recognition import Recognition
from seqapp.text.alphabet import Alphabet


def log_probs_with(num_frames, num_classes, peaks):
    """Blank everywhere but for {(frame, label): probability}."""
    probabilities = np.full((num_frames, num_classes), 1e-6)
    for (frame, label), probability in peaks.items():
        probabilities[frame, label] = probability
    probabilities[:, -1] = 1 - probabilities[:, :-1].sum(axis=1)
    return np.log(probabilities)


def test_labels_are_shown_where_they_matter_in_the_order_they_rise():
    peaks = {(1, 2): 0.9, (4, 0): 0.06, (6, 2): 0.95, (5, 1): 0.04, (2, 3): 0.3, (7, 3): 0.4}
    assert shown_labels(log_probs_with(8, 6, peaks)) == [2, 3, 0]  # not 1, 4 and the blank, 5


def test_only_the_strongest_labels_are_shown_when_there_are_many():
    peaks = {(label, label): 0.1 + label / 100 for label in range(40)}
    assert shown_labels(log_probs_with(40, 41, peaks)) == list(range(40 - MAX_LABELS, 40))


def test_no_frames_show_no_labels():
    assert shown_labels(np.zeros((0, 5))) == []


def test_columns_stand_at_the_frames_of_what_was_read():
    assert text_columns("cat", "cut", [2, 5, 9], 12) == [
        Column("c", "c", 2.0, 0),
        Column("a", "u", 5.0, 1),
        Column("t", "t", 9.0, 2),
    ]


def test_deletions_stand_between_their_neighbours():
    columns = text_columns("abcd", "ad", [3, 9], 20)
    assert [(c.reference, c.hypothesis, c.position) for c in columns] == [
        ("a", "a", 3.0), ("b", "", 5.0), ("c", "", 7.0), ("d", "d", 9.0)
    ]  # fmt: skip
    assert [column.symbol_index for column in columns] == [0, -1, -1, 1]


def test_deletions_at_the_ends_and_insertions_have_places_too():
    assert [column.position for column in text_columns("abc", "b", [5], 11)] == [2.0, 5.0, 8.0]
    assert [column.position for column in text_columns("ab", "", [], 8)] == [2.0, 5.0]
    (column,) = text_columns("", "x", [4], 8)
    assert column == Column("", "x", 4.0, 0) and not column.correct


def test_points_belong_to_the_character_emitted_nearest():
    frames = np.array([-1, 0, 4, 5, 6, 7, 20])
    assert character_of_point(frames, [2, 8, 9]).tolist() == [-1, 0, 0, 0, 1, 1, 2]  # 5: the earlier
    assert character_of_point(frames, []).tolist() == [-1] * 7
    assert character_of_point(np.zeros(0, int), [1]).tolist() == []


def test_ink_written_evenly_keeps_its_shape_on_the_frame_axis():
    points = np.zeros((101, 4))
    points[:, 0] = np.linspace(50, 150, 101)
    frames = np.linspace(0, 40, 101)
    np.testing.assert_allclose(frame_positions(points, frames), frames, atol=1e-9)
    points[:, 0] *= -1  # written from right to left: mirrored
    np.testing.assert_allclose(frame_positions(points, frames), frames, atol=1e-9)


def test_late_dot_stays_above_its_letter():
    points = np.zeros((102, 4))
    points[:101, 0] = np.linspace(0, 100, 101)
    points[101, 0] = 25.0
    frames = np.concatenate([np.linspace(0, 40, 101), [44]])
    positions = frame_positions(points, frames)
    assert positions[101] == pytest.approx(positions[25], abs=1e-9)
    assert (np.diff(positions[:101]) >= 0).all() and positions[101] == pytest.approx(10, abs=1)


def test_points_that_reached_no_frame_do_not_disturb_the_axis():
    points = np.zeros((4, 4))
    points[:, 0] = [0, 1, 2, 500]
    np.testing.assert_allclose(frame_positions(points, np.array([0, 1, 2, -1])), [0, 1, 2, 2])
    assert frame_positions(points, np.full(4, -1)).tolist() == [0, 0, 0, 0]


def test_frames_of_symbols_are_repeated_for_their_code_points():
    alphabet = Alphabet(("e\u0301", "x"))
    recognition = Recognition("a", "", "", "xe\u0301x", 0.5, [1, 3, 6], [0.5] * 3)
    assert code_point_frames(recognition, alphabet) == [1, 3, 3, 6]


def test_recognition_whose_frames_do_not_match_is_refused_by_id():
    with pytest.raises(ValueError, match="line-4: expected 2 char_frames.*Received: 1"):
        code_point_frames(Recognition("line-4", "", "", "ab", 0.5, [1], [0.5]), Alphabet(("a", "b")))
