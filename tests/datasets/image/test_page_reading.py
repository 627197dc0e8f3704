"""Pages become lines, and what is wrong with one costs nothing but itself."""

import functools
import os

import numpy as np
import pytest
from PIL import Image

from seqapp.datasets.image.alto_lines.document import read_document
from seqapp.datasets.image.line_files import read_lines
from seqapp.datasets.image.page import Page, TextLine
from seqapp.datasets.image.page_reading import PageFile, find_picture, open_page, read_page_files
from seqapp.datasets.skipped import Skipped
from tests.small_lines import LINES, alto, draw_line, draw_page, page_xml, write_page


def found_in(path):
    skipped = Skipped()
    return {line.id: line for line in read_lines(path, skipped)}, skipped


def test_alto_and_page_of_one_page_are_the_same_lines(tmp_path):
    (tmp_path / "other").mkdir()
    one, _ = found_in(write_page(tmp_path / "alto", image_folder=tmp_path / "jpg"))
    other, _ = found_in(write_page(tmp_path / "page", write=page_xml, image_folder=tmp_path / "images"))
    assert [line.text for line in one.values()] == list(LINES) and list(one) == list(other)
    for id, line in one.items():
        np.testing.assert_array_equal(line.columns, other[id].columns)
        assert line.writer_id == "" or "/" in line.writer_id


def test_a_smaller_copy_of_the_scan_is_scaled_and_another_picture_refused(tmp_path):
    path = write_page(tmp_path)
    whole, _ = found_in(path)
    image = Image.open(tmp_path / "page.png")
    image.resize((image.width // 2, image.height // 2)).save(tmp_path / "page.png")
    half, skipped = found_in(path)
    assert half.keys() == whole.keys() and not skipped
    assert len(half["page/l0"].columns) == pytest.approx(len(whole["page/l0"].columns), rel=0.05)
    image.rotate(90, expand=True).save(tmp_path / "page.png")
    with pytest.raises(ValueError, match="wrong size: the layout is of 400 x 220 pixels"):
        found_in(path)


def test_a_missing_picture_and_a_broken_layout_cost_one_page(tmp_path):
    write_page(tmp_path, "good")
    write_page(tmp_path, "gone")
    (tmp_path / "gone.png").unlink()
    (tmp_path / "half.xml").write_text("<alto><Layout>")
    (tmp_path / "notes.xml").write_text("<notes/>")
    lines, skipped = found_in(tmp_path)
    assert list(lines) == ["good/l0", "good/l1", "good/l2"]
    assert dict(skipped.counts()) == {"broken XML": 1, "no image": 1, "unknown layout": 1}
    with pytest.raises(ValueError, match="no image: 'gone.png'"):
        found_in(tmp_path / "gone.xml")


def test_bad_polygons_cost_one_line(tmp_path):
    picture, shapes = draw_page()
    Image.fromarray(picture).save(tmp_path / "page.png")
    outside = ([(x, y + 5_000) for x, y in shapes[1][0]], shapes[1][1])
    empty = ([], [])
    layout = page_xml(LINES, [shapes[0], outside, empty], picture.shape[::-1])
    (tmp_path / "page.xml").write_text(layout, encoding="utf-8")
    lines, skipped = found_in(tmp_path)
    assert list(lines) == ["page/l0"] and dict(skipped.counts()) == {"outside the page": 1, "no polygon": 1}


def test_hebrew_and_arabic_keep_their_logical_order_and_stand_upright(tmp_path):
    picture, shapes = draw_page()
    Image.fromarray(picture).save(tmp_path / "page.png")
    texts = ("\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd 1948", "\u0633\u0644\u0627\u0645", "abc")
    leftwards = [(polygon, baseline[::-1]) for polygon, baseline in shapes]
    found = {}
    for name, form, drawn in (("alto", alto, shapes), ("page", page_xml, leftwards)):
        layout = form(texts, drawn, picture.shape[::-1]).replace("<TextBlock>", '<TextBlock BASEDIRECTION="rtl">')
        (tmp_path / f"{name}.xml").write_text(layout, encoding="utf-8")
        found[name], _ = found_in(tmp_path / f"{name}.xml")
    assert [line.text for line in found["alto"].values()] == list(texts)
    for one, other in zip(found["alto"].values(), found["page"].values()):
        assert one.text == other.text
        np.testing.assert_array_equal(one.columns, other.columns)


def test_a_vertical_line_needs_a_baseline_to_be_turned_by(tmp_path):
    picture, shapes = draw_page()
    Image.fromarray(picture).save(tmp_path / "page.png")
    layout = page_xml(LINES, [*shapes[:2], (shapes[2][0], [])], picture.shape[::-1])
    layout = layout.replace("<TextRegion>", '<TextRegion readingDirection="top-to-bottom">')
    (tmp_path / "page.xml").write_text(layout, encoding="utf-8")
    lines, skipped = found_in(tmp_path)
    assert list(lines) == ["page/l0", "page/l1"] and dict(skipped.counts()) == {"vertical": 1}


@pytest.mark.parametrize(
    "name", ["scan.jpg", "C:\\scans\\scan.jpg", "https://example.org/a/scan.jpg", "file:///x/scan.jpg"]
)
def test_a_picture_is_found_by_the_last_part_of_its_name(tmp_path, name):
    (tmp_path / "alto").mkdir()
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "scan.jpg").touch()
    assert find_picture(tmp_path / "alto" / "scan.xml", name).name == "scan.jpg"
    (tmp_path / "alto" / "scan.png").touch()
    assert find_picture(tmp_path / "alto" / "scan.xml", "").name == "scan.png"


def test_loose_pictures_are_lines(tmp_path):
    Image.fromarray(draw_line("une ligne")).save(tmp_path / "a.png")
    (tmp_path / "a.gt.txt").write_text("\ufeffune  ligne\n", encoding="utf-8")
    Image.fromarray(draw_line("sans texte")).save(tmp_path / "b.jpg")
    lines, _ = found_in(tmp_path)
    assert {id: line.text for id, line in lines.items()} == {"a": "une ligne", "b": ""}
    (alone,), _ = found_in(tmp_path / "a.png")[0].values(), None
    np.testing.assert_array_equal(alone.columns, lines["a"].columns)


@pytest.mark.parametrize("content", ["<notes/>", "no XML", ""])
def test_an_xml_that_is_no_layout_does_not_make_lines_pages(tmp_path, content):
    Image.fromarray(draw_line("une ligne")).save(tmp_path / "a.png")
    (tmp_path / "notes.xml").write_text(content)
    assert list(found_in(tmp_path)[0]) == ["a"]


def test_images_of_no_layout_are_named(tmp_path, caplog):
    write_page(tmp_path, "p")
    write_page(tmp_path, "q")
    (tmp_path / "q.xml").rename(tmp_path / "other.xml")
    for name in ("a.png", "b.jpg"):
        Image.fromarray(draw_line("une ligne")).save(tmp_path / name)
    lines, skipped = found_in(tmp_path)
    assert {id.split("/")[0] for id in lines} == {"p", "other"} and not skipped
    assert "2 images of no layout, not read: a.png, b.jpg" in caplog.text


def test_a_line_of_20_000_pixels_and_one_of_one_pixel(tmp_path):
    long = np.tile(draw_line("encore "), (1, 200))[:, :20_000]
    Image.fromarray(long).save(tmp_path / "long.png")
    Image.fromarray(np.uint8([[7]])).save(tmp_path / "dot.png")
    lines, skipped = found_in(tmp_path)
    assert list(lines) == ["dot"] and dict(skipped.counts()) == {"too wide": 1}


def test_nothing_there_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="no line images in there"):
        found_in(tmp_path)
    with pytest.raises(ValueError, match="Check the path"):
        found_in(tmp_path / "nowhere")


def test_units_other_than_pixels_cancel():
    line = TextLine("l", np.array([[10.0, 10.0]]), np.zeros((0, 2)))
    page = Page("x", 2100, 2970, (line,)).scaled_to(1050, 1485)
    np.testing.assert_array_equal(page.lines[0].polygon, [[5, 5]])
    assert Page("x", 0, 0, (line,)).scaled_to(9, 9).lines[0] is line


def test_alto_without_text_is_read_for_transcription(tmp_path):
    picture, shapes = draw_page()
    Image.fromarray(picture).save(tmp_path / "page.png")
    (tmp_path / "page.xml").write_text(alto(["", "", ""], shapes, picture.shape[::-1]), encoding="utf-8")
    assert [line.text for line in found_in(tmp_path / "page.xml")[0].values()] == ["", "", ""]


def test_several_processes_read_the_same_in_the_same_order(tmp_path, monkeypatch):
    for number in range(11):
        write_page(tmp_path, f"p{number:02}")
    (tmp_path / "p03.png").write_bytes(b"no picture")
    (tmp_path / "p07.xml").write_text("<alto>")
    shown = {}
    for processes in ("1", "3"):
        monkeypatch.setenv("SEQAPP_PROCESSES", processes)
        shown[processes] = found_in(tmp_path)
    (alone, skipped), (together, skipped_together) = shown["1"], shown["3"]
    assert list(alone) == list(together) and len(alone) == 27
    assert all(np.array_equal(line.columns, together[id].columns) for id, line in alone.items())
    assert skipped == skipped_together and [id for id, _ in skipped] == ["p03", "p07"]


def test_a_page_that_kills_its_process_or_fails_in_a_new_way_costs_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("SEQAPP_PROCESSES", "2")
    whole = functools.partial(open_page, write_page(tmp_path, "good"), read_document)
    pages = [PageFile(f"p{number}", "", whole) for number in range(10)]
    pages[2] = PageFile("p2", "", functools.partial(os._exit, 9))
    pages[5] = PageFile("p5", "", functools.partial(divmod, 1, 0))
    skipped = Skipped()
    lines = list(read_page_files(pages, skipped))
    assert [line.id.split("/")[0] for line in lines[::3]] == [f"p{n}" for n in range(10) if n not in (2, 5)]
    assert dict(skipped.items)["p5"].startswith("broken page: ZeroDivisionError")
    assert dict(skipped.items)["p2"] == "its process died: exit code 9"


@pytest.mark.parametrize(
    ("layouts", "pictures", "is_found"),
    [("book", "other", False), ("alto", "other", True), ("book", "my images", True), ("book", "jpg", True),
     ("page_xml", "book", True), ("pages of 1870", "1871", False), ("book", ".images", False)],
)  # fmt: skip
def test_only_folders_of_images_are_searched_beside_a_layout(tmp_path, layouts, pictures, is_found):
    for name in (layouts, pictures):
        (tmp_path / name).mkdir()
    (tmp_path / pictures / "p.png").touch()
    if is_found:
        assert find_picture(tmp_path / layouts / "p.xml", "p.png").parent.name == pictures
    else:
        with pytest.raises(ValueError, match="no image: 'p.png' of p.xml is neither beside it nor"):
            find_picture(tmp_path / layouts / "p.xml", "p.png")


def test_a_line_of_a_baseline_alone_is_cut_as_high_as_the_lines_are_apart(tmp_path):
    picture, shapes = draw_page()
    Image.fromarray(picture).save(tmp_path / "page.png")
    for name, drawn in (("whole", shapes), ("bare", [([], baseline) for _, baseline in shapes])):
        layout = page_xml(LINES, drawn, picture.shape[::-1]).replace('<Coords points=""/>', "")
        (tmp_path / f"{name}.xml").write_text(layout, encoding="utf-8")
    lines, skipped = found_in(tmp_path)
    assert len(lines) == 6 and not skipped
    for number in range(3):
        whole, bare = lines[f"whole/l{number}"].columns, lines[f"bare/l{number}"].columns
        assert len(bare) == pytest.approx(len(whole), rel=0.1)


def test_a_page_described_in_two_folders_is_read_once(tmp_path):
    for folder, form in (("alto", alto), ("page", page_xml)):
        write_page(tmp_path / folder, write=form, image_folder=tmp_path)
    write_page(tmp_path / "page", "other", write=page_xml, image_folder=tmp_path)
    lines, skipped = found_in(tmp_path)
    assert {id.rpartition("/")[0] for id in lines} == {"page/page", "page/other"}
    assert skipped.items == [("alto/page", "page read from another layout: page/page.xml")]


def test_volumes_with_pages_of_one_name_are_all_read(tmp_path):
    for volume in ("1870", "1871"):
        write_page(tmp_path / volume)
    assert len(found_in(tmp_path)[0]) == 6


@pytest.mark.parametrize("names", [("page1", "page2"), ("xml_1", "xml_2"), ("gt3", "gt4"), ("scan1", "scan2")])
def test_numbered_folders_are_pages_of_their_own_with_pictures_of_their_own(tmp_path, names):
    for name in names:
        write_page(tmp_path / name, "scan")
    lines, skipped = found_in(tmp_path)
    assert {id.split("/")[0] for id in lines} == set(names) and not skipped
    (tmp_path / names[0] / "scan.png").unlink()
    lines, skipped = found_in(tmp_path)
    assert {id.split("/")[0] for id in lines} == {names[1]} and dict(skipped.counts()) == {"no image": 1}


def save_turned(path, image, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(path, exif=exif)


@pytest.mark.parametrize("orientation", [3, 6, 8])
@pytest.mark.parametrize("is_layout_turned", [False, True])
def test_the_size_of_the_layout_decides_if_a_picture_is_turned(tmp_path, caplog, orientation, is_layout_turned):
    picture, shapes = draw_page()
    image = Image.fromarray(picture)
    upright = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    stored = image.transpose(upright[orientation]) if is_layout_turned else image
    save_turned(tmp_path / "page.png", stored, orientation)
    (tmp_path / "page.xml").write_text(page_xml(LINES, shapes, picture.shape[::-1]), encoding="utf-8")
    plain, _ = found_in(write_page(tmp_path / "plain", write=page_xml))
    lines, _ = found_in(tmp_path / "page.xml")
    if orientation == 3:
        assert "turned by its EXIF orientation; the layout's size does not tell" in caplog.text
    if orientation != 3 or is_layout_turned:
        for id, line in plain.items():
            np.testing.assert_array_equal(lines[id].columns, line.columns)


def test_a_layout_in_capitals_and_hidden_copies(tmp_path):
    path = write_page(tmp_path)
    path.rename(tmp_path / "page.XML")
    write_page(tmp_path / ".ipynb_checkpoints", "page-checkpoint")
    assert list(found_in(tmp_path)[0]) == list(found_in(tmp_path / "page.XML")[0]) == ["page/l0", "page/l1", "page/l2"]
