"""Pages of several archives: a fifth of each kept out, their marks written one way."""

import pytest

from seqapp.datasets.image.page_sources.marks import unify_marks
from seqapp.datasets.image.page_sources.splits import split
from seqapp.datasets.load import left_out, load, prepare
from tests.small_lines import write_page


@pytest.mark.parametrize(
    "text, unified",
    [
        ("1^er Août — M^r Crac", "1er Août - Mr Crac"),
        ("trouv>asse< là ⋎NECESSAIRE", "trouv>asse< là NECESSAIRE"),
        ("du travail de # (DOKER)", "du travail de >< (DOKER)"),
        ("l’eau “pure” -- ou…", 'l\'eau "pure" - ou...'),
        (" a \t b ", "a b"),
        ("^", ""),
    ],
)
def test_marks(text, unified):
    assert unify_marks(text) == unified


def names(wanted, count):
    return [name for name in (f"page_{n}" for n in range(99)) if split(name) == wanted][:count]


def test_a_fifth_of_all_names_is_for_test():
    assert 150 < sum(split(f"p{n}") == "test" for n in range(1_000)) < 250


def test_sources_are_read_and_split_by_page(tmp_path):
    root = tmp_path / "data" / "pages"
    for source in ("first", "second"):
        for name in (*names("train", 2), *names("test", 1)):
            write_page(root / source, f"{name}", texts=("1^er mot", "^"), image_folder=root / source)
    builder = prepare("page_sources", tmp_path / "data", tmp_path / "cache")
    assert {name: info.num_examples for name, info in builder.info.splits.items()} == {"train": 4, "test": 2}
    examples = list(load("page_sources", "test", tmp_path / "data", tmp_path / "cache").as_numpy_iterator())
    assert {example["text"].decode() for example in examples} == {"1er mot"}
    assert len({example["writer_id"] for example in examples}) == 2  # one a source, hashed
    assert not any(b"first" in example["writer_id"] for example in examples)
    assert set(left_out("page_sources", tmp_path / "data", tmp_path / "cache").counts()) == {"nothing but marks"}


def test_a_folder_without_sources_is_refused(tmp_path):
    (tmp_path / "data" / "empty").mkdir(parents=True)
    with pytest.raises(ValueError, match="a folder for each source"):
        prepare("page_sources", tmp_path / "data", tmp_path / "cache")
