"""A table has a line a row, and the columns that hold anything."""

from seqapp.benchmark.table import to_text

ROW = {"name": "lstm", "shape": [2, 4], "forward_ms": 1.5, "step_ms": 1234.5, "threads": 2}


def test_one_shape_stands_in_the_heading():
    heading, columns, *lines = to_text([ROW, ROW | {"name": "gru", "step_ms": None}], "B, T").splitlines()
    assert heading == "[B, T] [2, 4], 2 threads"
    assert columns.split() == ["name", "forward_ms", "step_ms"]
    assert [line.split() for line in lines] == [["lstm", "1.5", "1,234.5"], ["gru", "1.5", "-"]]
    assert len({len(line) for line in [columns, *lines]}) == 1


def test_several_shapes_are_a_column():
    heading, columns, *_ = to_text([ROW, ROW | {"shape": [2, 8]}], "B, T").splitlines()
    assert heading == "[B, T], 2 threads" and columns.split()[:2] == ["name", "shape"]
