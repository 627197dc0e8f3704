import numpy as np
import pytest

from seqapp.datasets.ink.unipen.reader import examples, find_root, read
from seqapp.datasets.skipped import Skipped


def by_text(distribution, categories=("8", "7", "6")):
    skipped = Skipped()
    return {example.ink.text: example for example in examples(distribution, categories, skipped)}, skipped


def test_a_segment_holds_the_pen_down_ink_of_its_components_with_y_down(distribution):
    found, _ = by_text(distribution)
    points = found['say "no" \\ yes'].ink.points
    np.testing.assert_array_equal(
        points[:, [0, 1, 3]],
        [[0, -100, 0], [10, -110, 1], [20, -100, 1], [-30, 100, 0], [31, -101, 0], [32, -102, 1]],
    )


def test_time_runs_on_across_pen_up_where_the_rate_is_known(distribution):
    found, _ = by_text(distribution)
    # 100 points a second; two hovering points; then .DT 500 ms from the last of them
    expected = [0, 0.01, 0.02, 0.54, 0.55, 0.56]
    np.testing.assert_allclose(found['say "no" \\ yes'].ink.points[:, 2], expected, atol=1e-6)


def test_point_bounds_cut_components_and_keep_their_times(distribution):
    found, _ = by_text(distribution)
    np.testing.assert_allclose(
        found["part"].ink.points,
        [[10, -110, 0, 1], [20, -100, 0.01, 1], [-30, 100, 0.53, 1]],
        atol=1e-6,
    )


def test_a_comma_list_comes_in_order_of_writing(distribution):
    found, _ = by_text(distribution)
    np.testing.assert_array_equal(found["three"].ink.points[:, 0], [0, 10, 40, 41])


def test_a_time_column_in_milliseconds_wins(distribution):
    found, _ = by_text(distribution)
    np.testing.assert_allclose(found["timed"].ink.points[:, 2], [0, 0.01], atol=1e-6)


def test_what_cannot_be_used_is_counted_by_reason(distribution):
    found, skipped = by_text(distribution)
    assert dict(skipped.counts()) == {
        "quality BAD": 1,
        "no such component": 1,
        "ink masked": 1,
        "unreadable file": 1,
        "point 0 is not finite": 1,
    }
    assert set(found) == {'say "no" \\ yes', "continued here", "timed", "part", "three", "more"}


def test_no_name_of_a_person_comes_out(distribution):
    found, skipped = by_text(distribution)
    written = [(e.ink.id, e.ink.writer_id) for e in found.values()] + skipped.items
    assert not any("Doe" in text for texts in written for text in texts)


def test_a_repeated_segment_comes_once_and_ids_are_unique(distribution):
    skipped = Skipped()
    found = list(examples(distribution, ("7", "6"), skipped))
    assert sorted(example.ink.text for example in found) == ["more", "part", "three"]
    assert len({example.ink.id for example in found}) == 3


def test_providers_are_filtered(distribution):
    found = examples(distribution, ("8",), Skipped(), providers=("bbd",))
    assert [example.ink.text for example in found] == ["timed"]


def test_a_file_alone_finds_its_includes_and_has_the_corpus_ids(distribution):
    alone = list(read(distribution / "data/8/cec/Doe.dat", Skipped()))
    found, _ = by_text(distribution)
    assert [ink.id for ink in alone] == [found[ink.text].ink.id for ink in alone]
    assert len(alone) == 2


def test_bare_ink_becomes_one_unlabelled_ink(tmp_path):
    (tmp_path / "note.dat").write_text(".PEN_DOWN\n1 2\n3 4\n.PEN_UP\n.PEN_DOWN\n5 6\n")
    (ink,) = read(tmp_path / "note.dat", Skipped())
    assert (ink.id, ink.text, ink.writer_id) == ("note", "", "")
    np.testing.assert_array_equal(ink.points, [[1, -2, 0, 0], [3, -4, 0, 1], [5, -6, 0, 1]])


def test_a_single_broken_file_is_an_error(distribution, tmp_path):
    with pytest.raises(ValueError, match="nowhere.dat not found"):
        list(read(distribution / "data/8/bbb/orphan.dat", Skipped()))
    (tmp_path / "empty.dat").write_text(".COMMENT nothing\n")
    with pytest.raises(ValueError, match="no points"):
        list(read(tmp_path / "empty.dat", Skipped()))


def test_the_root_is_found_below(distribution):
    assert find_root(distribution.parent) == distribution
    with pytest.raises(ValueError, match="data/ and include/"):
        list(read(distribution / "data", Skipped()))
