"""Pictures of pages are told by their shape; files of several pages give each of them, within bounds."""

import shutil

import numpy as np
import pytest
from PIL import Image

from seqapp.datasets.image import page_picture, pdf
from seqapp.datasets.image.line_files import read_lines
from seqapp.datasets.image.page_picture import PagePicture, is_page_shaped, page_pictures
from seqapp.datasets.skipped import Skipped
from tests.drawn_pages import page, save_pdf
from tests.small_lines import draw_line

PAGE = page()


def read(path, keeps_pages=True):
    skipped = Skipped()
    return {line.id: line.columns for line in read_lines(path, skipped, keeps_pages)}, skipped.items


def test_lines_of_any_size_are_no_pages():
    assert is_page_shaped(2480, 3508) and is_page_shaped(900, 300)
    assert not any(map(is_page_shaped, (1200, 400, 5000), (300, 299, 1250)))


def test_a_folder_of_lines_and_pages_gives_both_and_a_broken_pdf_costs_itself(tmp_path):
    Image.fromarray(draw_line("une ligne")).save(tmp_path / "line.png")
    Image.fromarray(PAGE).save(tmp_path / "page.png")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 and no more")
    examples, skipped = read(tmp_path)
    assert list(examples) == ["line", "page"] and len(skipped) == 1
    assert skipped[0][0] == "bad" and skipped[0][1].startswith("broken PDF: bad.pdf")
    assert isinstance(examples["line"], np.ndarray)
    np.testing.assert_array_equal(examples["page"].open(), PAGE)
    assert all(isinstance(columns, np.ndarray) for columns in read(tmp_path, keeps_pages=False)[0].values())


def test_every_page_of_a_pdf_is_drawn_and_those_of_an_archive_outlive_it(tmp_path):
    pytest.importorskip("pypdfium2")
    save_pdf(tmp_path / "letter.pdf", [PAGE, 255 - PAGE, PAGE])
    examples, _ = read(tmp_path / "letter.pdf")
    assert list(examples) == ["letter_p1", "letter_p2", "letter_p3"]
    pictures = [examples[id].open() for id in examples]
    assert [picture.shape for picture in pictures] == [PAGE.shape] * 3
    assert np.abs(pictures[0].astype(int) - PAGE).mean() < 3 and pictures[1].mean() < 128
    archive = shutil.make_archive(str(tmp_path / "all"), "zip", tmp_path)
    examples, _ = read(archive)
    assert [examples[id].open().shape for id in examples] == [PAGE.shape] * 3


def test_pages_of_a_tiff_are_read_without_thumbnails(tmp_path):
    small = Image.fromarray(PAGE).resize((50, 50))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    other = Image.fromarray(255 - PAGE)
    Image.fromarray(PAGE).save(tmp_path / "a.tif", save_all=True, append_images=[small, other])
    first, second = page_pictures(tmp_path / "a.tif")
    np.testing.assert_array_equal(first.open(), PAGE)
    np.testing.assert_array_equal(second.open(), 255 - PAGE)
    assert second.number == 2


def test_heic_is_read_and_turned_as_its_orientation_says(tmp_path):
    heif = pytest.importorskip("pillow_heif")
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = Image.fromarray(PAGE[:, :350]).convert("RGB")
    heif.from_pillow(wide).save(tmp_path / "photo.heic", quality=90, exif=exif.tobytes())
    (only,) = page_pictures(tmp_path / "photo.heic")
    picture = only.open()
    assert picture.shape == (350, 400)
    assert np.abs(picture.astype(int) - np.rot90(PAGE[:, :350], 3)).mean() < 6


def test_too_many_pages_and_too_many_pixels_are_refused(tmp_path, monkeypatch):
    pytest.importorskip("pypdfium2")
    path = save_pdf(tmp_path / "long.pdf", [PAGE] * 3)
    monkeypatch.setattr(page_picture, "MAX_PAGES", 2)
    with pytest.raises(ValueError, match=r"too many pages: long.pdf: more than the 2 allowed"):
        page_pictures(path)
    with pytest.raises(ValueError, match=r"too large: long.pdf, page 1: 160,000 pixels, more than the 1,000 allowed"):
        pdf.read_pdf_page(path, 1, "long.pdf", max_pixels=1_000)
    monkeypatch.setattr(pdf, "MOST_DRAWN", 40_000)
    assert PagePicture(path, "long.pdf").open().size <= 41_000
    Image.fromarray(PAGE).save(tmp_path / "long.tif", save_all=True, append_images=[Image.fromarray(PAGE)] * 2)
    with pytest.raises(ValueError, match="too many pages: long.tif"):
        page_pictures(tmp_path / "long.tif")
