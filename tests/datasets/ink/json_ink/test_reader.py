import json

import numpy as np
import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.ink.json_ink.reader import read
from seqapp.datasets.skipped import Skipped

STROKES = [[[0, 1, 5.0], [2, 3, 5.5]], [[4, 5, 6]]]
ONE = {"id": "x", "text": "é!", "writer_id": "Jane Doe", "strokes": STROKES}


def write(path, *records, lines=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    content = "\n".join(map(json.dumps, records)) if lines else json.dumps(records[0])
    path.write_text(content, "utf-8")
    return path


def test_one_object(tmp_path):
    (ink,) = read(write(tmp_path / "a.json", ONE), Skipped())
    assert (ink.id, ink.text, ink.writer_id) == ("x", "é!", hashed_name("json_ink", "Jane Doe"))
    np.testing.assert_array_equal(ink.points, [[0, 1, 0, 0], [2, 3, 0.5, 1], [4, 5, 1, 1]])


def test_an_object_a_line_and_a_list_are_the_same(tmp_path):
    other = {"strokes": [[[1, 1]]]}
    lines = list(read(write(tmp_path / "a.jsonl", ONE, other, lines=True), Skipped()))
    listed = list(read(write(tmp_path / "a.json", [ONE, other]), Skipped()))
    assert [ink.id for ink in lines] == [ink.id for ink in listed] == ["x", "a/1"]
    for ours, theirs in zip(lines, listed):
        np.testing.assert_array_equal(ours.points, theirs.points)


def test_columns_under_the_key_ink_are_in_milliseconds(tmp_path):
    record = {"ink": [[[0, 2], [1, 3], [0, 40]], [[4], [5], [90]]]}
    (ink,) = read(write(tmp_path / "a.json", record), Skipped())
    np.testing.assert_allclose(ink.points, [[0, 1, 0, 0], [2, 3, 0.04, 1], [4, 5, 0.09, 1]], atol=1e-7)


def test_a_point_without_time_makes_the_ink_untimed(tmp_path):
    (ink,) = read(write(tmp_path / "a.json", {"strokes": [[[0, 1, 5], [2, 3]]]}), Skipped())
    np.testing.assert_array_equal(ink.points, [[0, 1, 0, 0], [2, 3, 0, 1]])


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"text": "no ink"}, "malformed"),
        ({"strokes": [], "ink": []}, "malformed"),
        ({"strokes": [[[1]]]}, "malformed"),
        ({"strokes": [["xy"]]}, "malformed"),
        ({"strokes": {"x": 1}}, "malformed"),
        ({"strokes": [[1, 2]]}, "malformed"),
        ({"ink": [[[1, 2], [1]]]}, "malformed"),
        ([1], "malformed"),
        ({"strokes": []}, "no points"),
        ({"strokes": [[]]}, "no points"),
        ({"strokes": [[[float("nan"), 0]]]}, "point 0 is not finite"),
    ],
)
def test_what_is_wrong_is_counted(tmp_path, record, reason):
    skipped = Skipped()
    assert not list(read(write(tmp_path / "a.json", [record]), skipped))
    assert dict(skipped.counts()) == {reason: 1}


def test_a_file_in_another_encoding_is_named_with_a_remedy(tmp_path):
    (tmp_path / "a.json").write_text('{"text": "caf\xe9", "strokes": [[[0, 0]]]}', "latin-1")
    with pytest.raises(ValueError, match="not UTF-8: a.json: .*0xe9.*Save the file in UTF-8"):
        list(read(tmp_path / "a.json", Skipped()))
    skipped = Skipped()
    assert not list(read(tmp_path, skipped))
    assert dict(skipped.counts()) == {"not UTF-8": 1}


def test_a_broken_file_is_an_error_alone_and_skipped_in_a_folder(tmp_path):
    write(tmp_path / "good.json", ONE)
    (tmp_path / "cut.json").write_text('{"strokes": [[[0,')
    with pytest.raises(ValueError, match="broken JSON: cut.json"):
        list(read(tmp_path / "cut.json", Skipped()))
    skipped = Skipped()
    assert [ink.id for ink in read(tmp_path, skipped)] == ["x"]
    assert dict(skipped.counts()) == {"broken JSON": 1}
