import json
import logging

from seqapp.datasets.skipped import Skipped


def test_reasons_are_counted_by_what_stands_before_the_colon():
    skipped = Skipped()
    skipped.add("a", "line counts differ: 2 inks, 3 lines")
    skipped.add("b", "line counts differ: 5 inks, 4 lines")
    skipped.add("c", "no points")
    assert dict(skipped.counts()) == {"line counts differ": 2, "no points": 1}


def test_the_log_is_one_line_with_counts_and_the_first_id(caplog):
    skipped = Skipped()
    skipped.add("a01-000u", "no points")
    with caplog.at_level(logging.INFO):
        skipped.log("corpus", num_examples=7)
    assert [record.getMessage() for record in caplog.records] == [
        "corpus: kept 7, skipped 1 (1 no points); the first: a01-000u"
    ]


def test_write_lists_every_item(tmp_path):
    skipped = Skipped()
    skipped.add("é", "no points")
    skipped.write(tmp_path / "skipped.json")
    content = json.loads((tmp_path / "skipped.json").read_text("utf-8"))
    assert content == {"counts": {"no points": 1}, "items": [["é", "no points"]]}


def test_what_is_written_is_read_again(tmp_path):
    skipped = Skipped([("é", "no points"), (7, "too long: 9 s")])
    skipped.write(tmp_path / "skipped.json")
    assert Skipped.read(tmp_path / "skipped.json") == skipped and list(skipped)[1] == ("7", "too long: 9 s")
    assert Skipped.read(tmp_path / "none.json") == Skipped()


def test_lists_are_joined_and_copied():
    first, second = Skipped([("a", "x")]), Skipped([("b", "y")])
    both = first + second
    assert list(both) == [("a", "x"), ("b", "y")] and len(first) == len(second) == 1
    Skipped(first).add("c", "z")
    assert len(first) == 1


def test_the_first_few_stand_in_an_error():
    assert Skipped().first() == "none"
    assert Skipped([("a", "x: 1"), ("b", "y")]).first(2) == "a: x: 1; b: y"
    assert Skipped([("a", "x"), ("b", "y")]).first(1) == "a: x; ..."
