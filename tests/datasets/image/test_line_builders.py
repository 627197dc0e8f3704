"""Folders of a user's own as corpora: splits by folder, what is unusable listed."""

import pytest
from PIL import Image

from seqapp.datasets.load import left_out, load
from tests.small_lines import LINES, alto, draw_line, page_xml, write_page


@pytest.mark.parametrize("name, write", [("alto_lines", alto), ("page_lines", page_xml)])
def test_layouts_in_folders_named_after_splits(tmp_path, name, write):
    data, cache = tmp_path / "data", tmp_path / "cache"
    write_page(data / "train", "a", write)
    write_page(data / "val", "b", write, texts=LINES[:1])
    write_page(data / "val", "c", write)
    (data / "val" / "c.png").unlink()
    found = {split: list(load(name, split, data, cache).as_numpy_iterator()) for split in ("train", "validation")}
    assert {example["text"].decode() for example in found["train"]} == set(LINES)
    assert [example["id"].decode() for example in found["validation"]] == ["b/l0"]
    assert dict(left_out(name, data, cache).counts()) == {"no image": 1}


def test_pairs_of_image_and_text(tmp_path):
    data, cache = tmp_path / "data", tmp_path / "cache"
    for place, text in (("train/anna/x", "une ligne"), ("train/x.bin", "encore"), ("test/y", "la fin")):
        (data / place).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw_line(text)).save(data / f"{place}.png")
        (data / f"{place.removesuffix('.bin')}.gt.txt").write_text(text, encoding="utf-8")
    Image.fromarray(draw_line("z")).save(data / "train" / "z.png")
    examples = load("line_pairs", "train", data, cache).as_numpy_iterator()
    train = {example["id"].decode(): example for example in examples}
    assert {id: example["text"].decode() for id, example in train.items()} == {"anna/x": "une ligne", "x.bin": "encore"}
    writers = {id: example["writer_id"].decode() for id, example in train.items()}
    assert writers["x.bin"] == "" and writers["anna/x"].startswith("line_pairs/") and "anna" not in writers["anna/x"]
    assert [id for id, _ in left_out("line_pairs", data, cache).items] == ["z"]
