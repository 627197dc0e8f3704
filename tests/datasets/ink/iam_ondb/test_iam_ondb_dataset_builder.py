import json

import pytest

from seqapp.datasets.load import load, prepare


def test_splits_hold_the_forms_that_the_task_lists(corpus, tmp_path):
    builder = prepare("iam_ondb", corpus, tmp_path / "prepared")
    counts = {name: split.num_examples for name, split in builder.info.splits.items()}
    assert counts == {"train": 2, "validation": 1, "test": 1}  # validation2 holds broken forms only
    ids = {row["id"] for row in builder.as_dataset("train").as_numpy_iterator()}
    assert ids == {b"a01-000u-01", b"a01-000u-02"}
    skipped = json.loads((builder.data_path / "skipped.json").read_text("utf-8"))
    assert ["z01-000z", "known broken form"] in skipped["items"]


def test_without_a_task_the_missing_lists_are_named(corpus, tmp_path):
    for path in corpus.glob("task1/*"):
        path.unlink()
    with pytest.raises(ValueError, match="trainset.txt.*Download a task"):
        load("iam_ondb", "train", corpus, tmp_path / "prepared")
