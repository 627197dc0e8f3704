"""Another folder of UNIPEN than the distribution: read, or named with what it holds."""

import logging

import pytest

from seqapp.datasets.load import load

INK = ".WRITER_ID w\n.PEN_DOWN\n1 2\n3 4\n5 1\n9 1\n.PEN_UP\n"


def write_distribution(root, category, provider):
    for name, text in {
        f"include/{provider}/data/a.dat": INK,
        f"data/{category}/{provider}/a.dat": f'.INCLUDE {provider}/data/a.dat\n.SEGMENT {{}} 0 OK "word"\n'.format(
            "TEXT" if category == "8" else "WORD"
        ),
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
