"""A corpus in memory gives back what was put in, in any selection and order."""

import numpy as np
import pytest

from seqapp.input_pipeline import Examples
from seqapp.senses import InkSense


def record(name, num_points, text="a", writer="w"):
    points = np.full([num_points, 4], len(name), np.float32) + np.arange(num_points, dtype=np.float32)[:, np.newaxis]
    return {"id": name, "writer_id": writer, "text": text, "points": points}


RECORDS = [record("x", 3), record("long name", 0, "é", "v"), record("yy", 5, " b ", "")]


def assert_holds(examples, records):
    assert len(examples) == len(records)
    for i, expected in enumerate(records):
        assert (examples.ids[i], examples.group_ids[i], examples.texts[i]) == (
            expected["id"], expected["writer_id"], expected["text"]
        )  # fmt: skip
        np.testing.assert_array_equal(examples.raw_of(i), expected["points"])
    assert examples.raw.dtype == np.float32 and examples.raw.shape == (examples.splits[-1], 4)


def test_every_record_comes_back():
    assert_holds(Examples.from_iterable(iter(RECORDS), InkSense), RECORDS)


def test_bytes_are_read_as_utf_8_as_tfds_gives_them():
    columns = ("id", "writer_id", "text")
    encoded = [{**r, **{name: r[name].encode("utf-8") for name in columns}} for r in RECORDS]
    assert_holds(Examples.from_iterable(encoded, InkSense), RECORDS)


def test_labels_are_normalised_and_nothing_else():
    examples = Examples.from_iterable([record(" n ", 1, " b ", " w ")], InkSense, normalize=str.strip)
    assert (examples.ids[0], examples.texts[0], examples.group_ids[0]) == (" n ", "b", " w ")


@pytest.mark.parametrize("indices", [[], [2], [2, 0], [0, 0, 1], np.array([True, True, False]).nonzero()[0]], ids=str)
def test_a_selection_stands_in_its_order(indices):
    assert_holds(Examples.from_iterable(RECORDS, InkSense).select(indices), [RECORDS[i] for i in indices])


@pytest.mark.parametrize("cut", range(4))
def test_a_sum_is_one_after_the_other(cut):
    first, second = (Examples.from_iterable(part, InkSense) for part in (RECORDS[:cut], RECORDS[cut:]))
    assert_holds(first + second, RECORDS)


def test_no_examples_are_an_empty_corpus():
    assert_holds(Examples.from_iterable([], InkSense), [])
