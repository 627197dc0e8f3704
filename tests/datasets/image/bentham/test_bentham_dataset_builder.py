"""The Bentham papers in the layout of the competition: lists of pages, lines named after theirs."""

import tarfile

import pytest
from PIL import Image

from seqapp.datasets.image.bentham.partitions import page_of, read_partitions
from seqapp.datasets.load import left_out, load
from tests.small_lines import draw_line

LINES = {
    "002_080_001_01_01": "of the evidence",
    "002_080_001_01_02": "No 6 .",
    "002_080_0010_01_01": "another page",
    "071_127_002_02_03": "Code",
    "072_001_001_01_01": "in no list",
    "002_080_001_01_03": "",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("bentham") / "BenthamDatasetR0-GT"
    for folder in ("Images/Lines", "Images/Pages", "Transcriptions", "Partitions"):
        (root / folder).mkdir(parents=True)
    for name, text in LINES.items():
        Image.fromarray(draw_line(text or "x")).save(root / "Images" / "Lines" / f"{name}.png")
        (root / "Transcriptions" / f"{name}.txt").write_text(f"{text}\nnot of the line\n" if text else "")
    (root / "Transcriptions" / "002_080_001_01_02.txt").unlink()
    lists = {"Train": "002_080_001\n\n", "Validation": "002_080_0010", "Test": "071_127_002\r\n"}
    for name, pages in lists.items():
        (root / "Partitions" / f"{name}.lst").write_text(pages)
    return root


def test_lines_go_where_the_lists_send_their_pages(root, tmp_path):
    found = {
        split: {e["id"].decode(): e for e in load("bentham", split, root.parent, tmp_path).as_numpy_iterator()}
        for split in ("train", "validation", "test")
    }
    texts = {split: {id: e["text"].decode() for id, e in lines.items()} for split, lines in found.items()}
    assert texts == {
        "train": {"002_080_001/002_080_001_01_01": "of the evidence"},
        "validation": {"002_080_0010/002_080_0010_01_01": "another page"},
        "test": {"071_127_002/071_127_002_02_03": "Code"},
    }
    writers = {e["writer_id"].decode() for lines in found.values() for e in lines.values()}
    assert len(writers) == 3 and all(writer.startswith("bentham/") for writer in writers)
    skipped = left_out("bentham", root.parent, tmp_path)
    assert dict(skipped.counts()) == {"in no list": 1, "no text": 2}


def test_the_archive_is_as_good(root, tmp_path):
    path = tmp_path / "BenthamDatasetR0-GT.tbz.tar"
    with tarfile.open(path, "w") as archive:
        archive.add(root, root.name)
    assert len(list(load("bentham", "all", path, tmp_path / "cache"))) == 3


def test_a_page_is_a_whole_part_of_a_name_and_the_longest_counts():
    splits = {"002_080_001": "train", "002_080": "test"}
    assert page_of("002_080_001_01_01", splits) == "002_080_001" and page_of("002_080_0010_01", splits) == "002_080"
    assert page_of("lines-002_080_001.01", splits) == "002_080_001" and page_of("1002_0800_1", splits) is None


def test_lists_are_checked(root, tmp_path):
    with pytest.raises(ValueError, match="expected the pages of train, found nothing"):
        read_partitions(tmp_path)
    (tmp_path / "Partitions").mkdir()
    for name in ("Train", "Validation", "Test"):
        (tmp_path / "Partitions" / f"{name}.lst").write_text("a_1\n")
    with pytest.raises(ValueError, match="a_1 is in the lists of train and of validation"):
        read_partitions(tmp_path)
