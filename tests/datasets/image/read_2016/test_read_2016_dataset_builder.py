"""READ 2016 in its own layout: pictures above or beside page/, archives by part, broken lines."""

import shutil
import tarfile

import pytest
from PIL import Image

from seqapp.datasets.load import left_out, load
from tests.small_lines import LINES, draw_page, page_xml


def write_part(folder, images, name, texts=LINES):
    (folder / "page").mkdir(parents=True)
    images.mkdir(exist_ok=True)
    picture, shapes = draw_page()
    Image.fromarray(picture).convert("RGB").save(images / f"{name}.JPG", quality=95)
    xml = page_xml(texts, shapes, picture.shape[::-1], f"{name}.JPG")
    baseline = xml.index("<Baseline"), xml.index("<TextEquiv")
    (folder / "page" / f"{name}.xml").write_text(xml[: baseline[0]] + xml[baseline[1] :], encoding="utf-8")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("read")
    public = root / "PublicData"
    write_part(public / "Training", public / "Training" / "Images", "Seite0001")
    write_part(public / "Validation", public / "Validation" / "Images", "Seite0001", (LINES[0], "", LINES[2]))
    write_part(root / "Test-ICFHR-2016", root / "Test-ICFHR-2016", "Seite0400")
    return root


def prepared(folder, cache):
    return {
        split: [e["id"].decode() for e in load("read_2016", split, folder, cache).as_numpy_iterator()]
        for split in ("train", "validation", "test")
    }


def test_parts_are_splits_and_empty_lines_are_listed(root, tmp_path):
    found = prepared(root, tmp_path)
    assert {split: len(ids) for split, ids in found.items()} == {"train": 3, "validation": 2, "test": 3}
    assert all(id.startswith("Seite0") and "/l" in id for ids in found.values() for id in ids)
    assert left_out("read_2016", root, tmp_path).items == [("Seite0001/l1", "no text")]


def test_the_archives_are_as_good(root, tmp_path):
    (tmp_path / "in").mkdir()
    for name, part in (("Train-And-Val-ICFHR-2016", "PublicData"), ("Test-ICFHR-2016", "Test-ICFHR-2016")):
        with tarfile.open(tmp_path / "in" / f"{name}.tgz", "w:gz") as archive:
            archive.add(root / part, part)
    assert prepared(tmp_path / "in", tmp_path / "cache") == prepared(root, tmp_path / "p")


def test_a_missing_part_is_named(root, tmp_path):
    shutil.copytree(root / "PublicData", tmp_path / "PublicData")
    with pytest.raises(ValueError, match="the corpus is not in there, nor an archive of it. Fetch Train-And-Val"):
        load("read_2016", "test", tmp_path, tmp_path / "cache")
