"""JSON ink as others write it: objects for points, Quick Draw, iink, signature pads, and clocks of any unit."""

import json
import logging

import numpy as np
import pytest

from seqapp.datasets.ink.json_ink.reader import read
from seqapp.datasets.ink.json_ink.record import to_ink
from seqapp.datasets.skipped import Skipped

TIMES_S = 0.01 * np.arange(20)


def ink_with(times, points=None):
    x = np.arange(len(times))
    return {"strokes": [[[float(a), 0.0, float(t)] for a, t in zip(x, times)]]}


@pytest.mark.parametrize("unit", [1.0, 1e3, 1e6, 1e9])
@pytest.mark.parametrize("start", [0.0, 1.7e9])
def test_a_clock_of_any_unit_is_recognised(unit, start, caplog):
    ink = to_ink(ink_with((TIMES_S + start) * unit), "a")
    np.testing.assert_allclose(ink.points[:, 2], TIMES_S, atol=1e-4)
    assert ("a: times are taken for" in caplog.text) == (unit != 1.0)


def test_columns_in_seconds_are_recognised_too():
    ink = to_ink({"ink": [[list(range(20)), list(range(20)), TIMES_S.tolist()]]}, "a")
    np.testing.assert_allclose(ink.points[:, 2], TIMES_S, atol=1e-6)


def test_few_points_keep_the_unit_of_the_format():
    assert to_ink(ink_with([0.0, 7.0]), "a").points[-1, 2] == 7.0


@pytest.mark.parametrize("third", [[0.1, 0.5, 0.4, 0.2], [300, 500, 700, 400]])
def test_third_numbers_that_run_back_are_no_times(third, caplog):
    ink = to_ink(ink_with(third), "a")
    assert not ink.points[:, 2].any() and "a: third numbers run back" in caplog.text


def test_times_that_begin_anew_in_each_stroke_are_none():
    stroke = ink_with(TIMES_S)["strokes"][0]
    assert not to_ink({"strokes": [stroke, stroke]}, "a").points[:, 2].any()


POINT = {"x": 1, "y": 2, "t": 5.0, "p": 0.3}
RECORDS = {
    "points are objects": {"strokes": [[POINT, {"x": 3, "y": 4, "time": 5.5, "pressure": 1}]]},
    "strokes are objects": {"strokes": [{"points": [[1, 2, 5.0], [3, 4, 5.5]], "color": "black"}]},
    "columns in objects": {"strokes": [{"x": [1, 3], "y": [2, 4], "t": [5000, 5500], "p": [0, 1]}]},
    "iink": {"strokeGroups": [{"penStyle": "", "strokes": [{"x": [1, 3], "y": [2, 4], "t": [5000, 5500]}]}]},
    "quick draw": {"word": "cat", "key_id": "7", "drawing": [[[1, 3], [2, 4], [0, 500]]]},
}


@pytest.mark.parametrize("name", RECORDS)
def test_the_same_two_points_in_other_forms(name):
    ink = to_ink(RECORDS[name], "a")
    np.testing.assert_allclose(ink.points, [[1, 2, 0, 0], [3, 4, 0.5, 1]])
    assert (ink.id, ink.text) == (("7", "cat") if name == "quick draw" else ("a", ""))


def test_a_signature_pad_is_one_ink_of_several_strokes(tmp_path):
    strokes = [{"penColor": "black", "points": [{"x": n, "y": 0, "time": 10 * n, "pressure": 0}]} for n in range(3)]
    (tmp_path / "a.json").write_text(json.dumps(strokes))
    (ink,) = read(tmp_path / "a.json", Skipped())
    assert len(ink.strokes()) == 3


def test_a_cut_last_line_costs_itself(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "x", "strokes": [[[0, 0]]]}\n{"id": "y", "stro')
    skipped = Skipped()
    assert [ink.id for ink in read(tmp_path / "a.jsonl", skipped)] == ["x"]
    ((id, reason),) = skipped
    assert id == "a:2" and reason.startswith("broken JSON: line 2")


def test_null_ids_and_labels_of_other_types(tmp_path, caplog):
    records = [{"id": None, "text": 0}, {"id": None, "text": ["a"]}, {"id": 5, "text": False}, {"id": 5, "text": "x"}]
    lines = [json.dumps({**record, "strokes": [[[0, 0]]]}) for record in records]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    skipped = Skipped()
    with caplog.at_level(logging.WARNING):
        assert [(ink.id, ink.text) for ink in read(tmp_path / "a.jsonl", skipped)] == [("a/0", "0"), ("5", "x")]
    assert [reason for _, reason in skipped] == [
        "malformed: text: expected a text, received ['a']", "malformed: text: expected a text, received False"
    ]  # fmt: skip
