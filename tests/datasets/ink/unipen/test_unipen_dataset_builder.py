"""Another folder of UNIPEN than the distribution: read, or named with what it holds."""

import logging

import numpy as np
import pytest

from seqapp.datasets.load import load

LIST = ".WRITER_ID w\n" + "".join(
    f".PEN_DOWN\n{x} {y}\n{x + 5} {y + 30}\n{x + 9} {y}\n{x + 12} {y + 20}\n.PEN_UP\n"
    for x, y in [(0, 300), (20, 300), (0, 200), (20, 200)]
)
INK = ".WRITER_ID w\n.PEN_DOWN\n1 2\n3 4\n5 1\n9 1\n.PEN_UP\n"


def write_distribution(root, category, provider, ink=INK, segments=('0 OK "word"',)):
    hierarchy = "TEXT" if category == "8" else "WORD"
    labels = "".join(f".SEGMENT {hierarchy} {segment}\n" for segment in segments)
    for name, text in {
        f"include/{provider}/data/a.dat": ink,
        f"data/{category}/{provider}/a.dat": f".INCLUDE {provider}/data/a.dat\n{labels}",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_providers_that_nobody_has_listed_are_read_where_they_are_all_there_is(tmp_path, caplog):
    root = write_distribution(tmp_path / "mine", "8", "xyz")
    with caplog.at_level(logging.WARNING):
        assert len(list(load("unipen/lines", "all", root, tmp_path / "cache"))) == 1
    assert "none of its providers is there; read instead: xyz" in caplog.text


def test_beside_listed_providers_others_are_left_out_and_named(tmp_path, caplog):
    root = write_distribution(write_distribution(tmp_path / "mine", "8", "xyz"), "8", "cea")
    with caplog.at_level(logging.INFO):
        rows = list(load("unipen/lines", "all", root, tmp_path / "cache").as_numpy_iterator())
    assert [row["id"].decode()[:6] for row in rows] == ["8/cea/"]
    assert "left out, as providers of other scripts or styles: xyz" in caplog.text


def test_a_folder_of_another_category_says_which_dataset_reads_it(tmp_path):
    root = write_distribution(tmp_path / "mine", "7", "xyz")
    with pytest.raises(ValueError, match="category 8, found none. data/ holds: 7. --dataset unipen/words"):
        load("unipen/lines", "all", root, tmp_path / "cache")


def test_lists_as_lines_are_as_low_as_a_line_and_fewer_words_than_lines_are_left_out(tmp_path):
    segments = ('0-3 OK "mm mm"', '0-3 OK "mmmm"')
    root = write_distribution(tmp_path / "mine", "8", "cea", LIST, segments)
    high, low = (
        list(load(f"unipen/{config}", "all", root, tmp_path / "cache").as_numpy_iterator())
        for config in ("multi_lines", "lists_as_lines")
    )
    assert [row["text"].decode() for row in low] == ["mm mm"] and len(high) == 1
    assert np.ptp(high[0]["points"][:, 1]) == 130 and np.ptp(low[0]["points"][:, 1]) == 30
    assert np.ptp(low[0]["points"][:, 0]) > 2 * np.ptp(high[0]["points"][:, 0])
