"""Copiste d'un jour in its own layout, and the split that numbers are compared by."""

import hashlib

import pytest

from seqapp.datasets.image.copiste.splits import split, text_id
from seqapp.datasets.load import left_out, load, prepare
from tests.small_lines import LINES, write_page


def texts_in(wanted):
    """A text id of a split."""
    return next(f"{n:04}" for n in range(999) if split(f"{n:04}") == wanted)


def test_the_rule_is_a_hash_of_the_text():
    ids = [f"{n:04}" for n in range(400)]
    for id in ids:
        v = int(hashlib.sha1(f"v{id}".encode()).hexdigest(), 16) % 16
        assert split(id) == ("validation" if v == 0 else "test" if v in (1, 2) else "train")
    assert 300 < sum(split(id) == "train" for id in ids) < 350


@pytest.mark.parametrize(
    "name, id",
    [("imp_wikitexte_0219", "0219"), ("oldbatch_wikitexte_0007", "0007"), ("wikitexte_0221_double_2", "0221")],
)
def test_text_ids(name, id):
    assert text_id(name) == id


def test_a_name_of_another_corpus_is_refused():
    with pytest.raises(ValueError, match="wikitexte_NNNN"):
        text_id("page_1")


def test_pages_are_prepared_once_and_split_by_text(tmp_path):
    root = tmp_path / "data" / "copiste-dun-jour"
    for wanted in ("train", "validation", "test"):
        write_page(root / "alto", f"wikitexte_{texts_in(wanted)}_1", image_folder=root / "jpg")
    write_page(root / "alto", "other", texts=LINES[:1], image_folder=root / "jpg")
    builder = prepare("copiste", tmp_path / "data", tmp_path / "cache")
    assert {name: info.num_examples for name, info in builder.info.splits.items()} == dict.fromkeys(
        ("train", "validation", "test"), 3
    )
    (example, *_) = load("copiste", "test", tmp_path / "data", tmp_path / "cache").as_numpy_iterator()
    assert example["columns"].dtype == "uint8" and example["columns"].shape[1] == 64
    assert example["writer_id"].decode().startswith("copiste/") and example["text"].decode() in LINES
    assert [id for id, _ in left_out("copiste", tmp_path / "data", tmp_path / "cache").items] == ["other"]


@pytest.mark.corpus
def test_the_whole_corpus_is_read_without_loss(corpora_dir, tmp_path):
    builder = prepare("copiste", corpora_dir, tmp_path)
    counts = {name: info.num_examples for name, info in builder.info.splits.items()}
    assert counts == {"train": 4413, "validation": 274, "test": 831}
    assert dict(left_out("copiste", corpora_dir, tmp_path).counts()) == {"no text": 4}
