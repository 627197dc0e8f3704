"""Which image and which text are one example, among dots, versions, copies and negatives."""

import logging

import numpy as np
import pytest
from PIL import Image

from seqapp.datasets.image.line_files import read_lines
from seqapp.datasets.image.line_pairs.reader import read
from seqapp.datasets.skipped import Skipped
from tests.small_lines import draw_line


def write(folder, images=(), **texts):
    folder.mkdir(parents=True, exist_ok=True)
    for name in images:
        Image.fromarray(draw_line("une ligne")).save(folder / name)
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def pairs(folder):
    skipped = Skipped()
    return {line.id: line.text for line in read(folder, skipped)}, dict(skipped.items)


def test_a_dot_in_a_name_does_not_make_a_page_the_text_of_a_line(tmp_path):
    write(tmp_path, ("page.1.png", "page.2.png"), page__txt="all of it", page__1__gt__txt="one")
    found, skipped = pairs(tmp_path)
    assert found == {"page.1": "one"} and skipped["page.2"].startswith("no transcript: expected page.2.gt.txt")


@pytest.mark.parametrize(
    ("images", "first"),
    [(("x.png", "x.bin.png", "x.nrm.png"), "x"), (("x.bin.png", "x.nrm.png"), "x.nrm"), (("x.bin.png",), "x.bin")],
)
def test_of_several_versions_of_a_line_one_is_read(tmp_path, images, first):
    write(tmp_path, images, x__gt__txt="text")
    found, skipped = pairs(tmp_path)
    assert found == {first: "text"} and len(skipped) == len(images) - 1
    assert {reason.split(":")[0] for reason in skipped.values()} <= {"another version of one line"}


def test_copies_of_editors_and_storage_boxes_are_no_examples(tmp_path, caplog):
    for place in (".", ".ipynb_checkpoints", "@eaDir", "__MACOSX"):
        write(tmp_path / place, ("a.png",), a__txt="text")
    (tmp_path / "scan.pdf").touch()
    with caplog.at_level(logging.WARNING):
        assert pairs(tmp_path) == ({"a": "text"}, {})
    assert "not read: 1 .pdf" in caplog.text


def test_a_negative_is_the_same_line(tmp_path):
    Image.fromarray(255 - draw_line("une ligne")).save(tmp_path / "negative.png")
    Image.fromarray(draw_line("une ligne")).save(tmp_path / "positive.png")
    negative, positive = read_lines(tmp_path, Skipped())
    np.testing.assert_array_equal(negative.columns, positive.columns)


def test_a_pdf_says_how_to_make_images_of_it(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n")
    with pytest.raises(ValueError, match="PDF: a.pdf is not read. Make images of its pages: pdftoppm"):
        list(read_lines(tmp_path / "a.pdf", Skipped()))
