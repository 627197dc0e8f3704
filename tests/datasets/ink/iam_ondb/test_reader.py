import tarfile

import numpy as np
import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.ink.iam_ondb.layout import find_layout
from seqapp.datasets.ink.iam_ondb.reader import read, read_forms, split_ids
from seqapp.datasets.ink.iam_ondb.transcription import form_folder, form_letter
from seqapp.datasets.skipped import Skipped


def test_lines_get_what_was_written_and_their_writer_hashed(corpus):
    inks = {ink.id: ink for ink in read(corpus, Skipped())}
    assert {id: ink.text for id, ink in inks.items()} == {
        "a01-000u-01": "written one",
        "a01-000u-02": "café two",
        "b02-010-01": "one",
    }
    assert inks["a01-000u-01"].writer_id == hashed_name("iam_ondb", "10040")
    assert inks["b02-010-01"].writer_id == ""


def test_points_keep_their_axes_and_start_at_time_zero(corpus):
    first, second, *_ = read(corpus, Skipped())
    expected = [[10, 20, 0, 0], [12, 24, 0.01, 1], [30, 20, 0.45, 1]]
    np.testing.assert_allclose(first.points, expected, atol=1e-5)
    np.testing.assert_allclose(second.points[:, 2], [0, 0.01], atol=1e-5)


def test_what_is_broken_is_counted_by_reason(corpus):
    skipped = Skipped()
    list(read(corpus, skipped))
    assert dict(skipped.counts()) == {
        "no ink": 1,
        "no points": 1,
        "line counts differ": 1,
        "broken XML": 1,
        "known broken line": 1,
        "known broken form": 1,
    }


def test_splits_are_those_of_the_tasks_files(corpus, tmp_path):
    layout = find_layout(corpus, tmp_path / "cache")
    assert split_ids(layout) == {
        "train": ["a01-000u", "c03-007z"],
        "validation": ["b02-010"],
        "validation2": ["h02-037", "z01-000z"],
        "test": ["b02-010-01", "q09-001"],
    }


def test_a_split_may_list_lines_and_forms_that_are_missing(corpus, tmp_path):
    skipped = Skipped()
    layout = find_layout(corpus, tmp_path / "cache")
    inks = list(read_forms(layout, split_ids(layout)["test"], skipped))
    assert [ink.id for ink in inks] == ["b02-010-01"]
    assert ("q09-001", "no ink: no file in lineStrokes") in skipped.items


def test_archives_as_distributed_give_the_same_inks(corpus, tmp_path):
    packed = tmp_path / "packed"
    packed.mkdir()
    names = {"lineStrokes": "lineStrokes-all", "ascii": "ascii-all", "original": "original-xml-all"}
    for folder, name in {**names, "task1": "task1"}.items():
        with tarfile.open(packed / f"{name}.tar.gz", "w:gz") as archive:
            archive.add(corpus / folder, folder)
    from_archives = [(ink.id, ink.text, ink.writer_id) for ink in read(packed, Skipped())]
    assert from_archives == [(ink.id, ink.text, ink.writer_id) for ink in read(corpus, Skipped())]
    assert len(find_layout(packed, tmp_path / "cache").split_files) == 4


def test_a_single_line_is_one_unlabelled_ink(corpus):
    (ink,) = read(corpus / "lineStrokes/a01/a01-000/a01-000u-01.xml", Skipped())
    assert (ink.id, ink.text, len(ink.points)) == ("a01-000u-01", "", 3)


def test_a_single_broken_line_is_an_error(corpus):
    with pytest.raises(ValueError, match="broken XML: h02-037-01.xml"):
        list(read(corpus / "lineStrokes/h02/h02-037/h02-037-01.xml", Skipped()))


def test_missing_parts_are_named(tmp_path):
    with pytest.raises(ValueError, match="missing: lineStrokes, ascii"):
        list(read(tmp_path, Skipped()))


@pytest.mark.parametrize(
    ("form", "folder", "letter"), [("a01-000u", "a01/a01-000", "u"), ("b02-010", "b02/b02-010", "")]
)
def test_the_last_letter_is_no_part_of_the_folder(form, folder, letter):
    assert (form_folder(form), form_letter(form)) == (folder, letter)
