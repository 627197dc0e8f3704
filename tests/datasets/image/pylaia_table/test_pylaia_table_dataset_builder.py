"""PyLaia's tables: tokens become texts, ids find their pictures, what cannot be spelled is listed."""

import pytest
from PIL import Image

from seqapp.datasets.image.pylaia_table.reader import find_pictures, find_tables
from seqapp.datasets.image.pylaia_table.table import read_table
from seqapp.datasets.load import left_out, load
from tests.small_lines import draw_line

TABLES = {
    "train": "train/im01 f o r <space> d e t\ntrain/im02.jpg à <space> l ' é t é\n\n"
    "train/im03 a <unk> b\ntrain/gone x\n",
    "val": "va01 e n <space> l i n j e\n",
    "test": "test/im01 t e s t\r\ntest/im05\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("pylaia") / "corpus"
    for place in ("images/train/im01.png", "images/train/im02.jpg", "images/train/im03.png", "images/val/va01.png",
                  "images/test/im01.png", "images/test/im05.png"):  # fmt: skip
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw_line(place)).save(root / place)
    for name, table in TABLES.items():
        (root / f"{name}.txt").write_text(table, encoding="utf-8")
        (root / f"{name}_ids.txt").write_text("".join(f"{line.split()[0]}\n" for line in table.splitlines() if line))
    (root / "syms.txt").write_text("<ctc> 0\n<space> 1\n<unk> 2\n")
    return root


def test_a_table_a_split(root, tmp_path):
    texts = {}
    for split in ("train", "validation", "test"):
        for example in load("pylaia_table", split, root.parent, tmp_path).as_numpy_iterator():
            texts[split, example["id"].decode()] = example["text"].decode()
            assert example["writer_id"] == b""
    assert texts == {
        ("train", "train/im01"): "for det",
        ("train", "train/im02.jpg"): "à l'été",
        ("validation", "va01"): "en linje",
        ("test", "test/im01"): "test",
    }
    assert dict(left_out("pylaia_table", root.parent, tmp_path).counts()) == {
        "unknown token": 1, "no image": 1, "no text": 1,
    }  # fmt: skip


def test_pictures_answer_to_their_names_with_and_without_folders(root):
    pictures = find_pictures(root)
    assert pictures["im02"] == pictures["train/im02"] == pictures["images/train/im02"]
    assert pictures["im01"].parent.name == "test"  # the first of two in sorted order


def test_tables_of_both_namings_are_found_and_rivals_refused(root, tmp_path):
    assert {split: path.name for split, path in find_tables(root).items()} == {
        "train": "train.txt", "validation": "val.txt", "test": "test.txt",
    }  # fmt: skip
    for name in ("tr", "te"):
        (tmp_path / f"{name}.txt").touch()
    assert set(find_tables(tmp_path)) == {"train", "test"}
    (tmp_path / "test.txt").touch()
    with pytest.raises(ValueError, match="te.txt and test.txt both name the split 'test'"):
        find_tables(tmp_path)


def test_mistakes_are_named(tmp_path):
    table = tmp_path / "train.txt"
    table.write_text("a x\na y\n")
    with pytest.raises(ValueError, match="line 2: 'a' stands there a second time"):
        read_table(table)
    table.write_bytes("a é".encode("latin-1"))
    with pytest.raises(ValueError, match="not UTF-8"):
        read_table(table)
    table.unlink()
    with pytest.raises(ValueError, match="no table in there. Give a folder"):
        load("pylaia_table", "train", tmp_path, tmp_path / "cache")
