"""Pages of images: their lines are found, read and written in every format; what is no page stays as it was."""

import json
import logging

import numpy as np
import pytest
from PIL import Image

from seqapp.datasets.image.layout import read_layout
from seqapp.datasets.image.page_reading import cut_line
from seqapp.models.page_reading import PageLine, PageReading
from seqapp.transcription.model import Model
from seqapp.transcription.pages.line_finders import LazyLineFinder, MissingLineFinder, open_line_finder
from seqapp.transcription.transcripts import transcribe
from tests.drawn_pages import TEXTS, KnownLines, blank_page, page, save_pdf
from tests.small_lines import draw_line, write_page
from tests.small_transcribers import local_transcriber

PAGE = page()


def save(folder, name="photo.png", picture=PAGE):
    folder.mkdir(exist_ok=True)
    Image.fromarray(picture).save(folder / name)
    return folder / name


def run(paths, format, output, finder=None, **options):
    transcribe(local_transcriber("image"), paths, format, output, line_finder=finder or KnownLines(), **options)
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(output.rglob("*")) if path.is_file()}


def expected_texts():
    """What the recogniser reads in the lines, each cut out on its own."""
    images = [cut_line(PAGE, line.text_line("l"), "l").columns for line in KnownLines().find(PAGE)]
    return [reading.text for reading in local_transcriber("image").transcribe(images)]


def test_a_page_is_read_line_by_line_and_a_line_as_ever(tmp_path, capsys):
    paths = [save(tmp_path), save(tmp_path, "line.png", draw_line("une ligne"))]
    transcribe(local_transcriber("image"), paths, "txt", line_finder=KnownLines())
    *lines, other = capsys.readouterr().out.splitlines()
    assert lines == [f"photo/l{n}\t{text}" for n, text in enumerate(expected_texts(), start=1)] and len(lines) == 6
    transcribe(local_transcriber("image"), paths[1:], "txt")
    assert capsys.readouterr().out.splitlines() == [other]
    assert run(paths[:1], "txt", tmp_path / "out") == {"photo.txt": "\n".join(filter(None, expected_texts())) + "\n"}


def test_json_has_the_lines_with_their_places(tmp_path):
    record = json.loads(run([save(tmp_path)], "json", tmp_path / "out")["photo.json"])
    assert (record["width"], record["height"], record["image"]) == (400, 400, "photo.png")
    assert record["models"] == ["known/1", "small_image"]
    line = record["lines"][1]
    assert line["baseline"] == [[30.0, 120.0], [320.0, 120.0]] and len(line["outline"]) == 4
    assert line["text"] == expected_texts()[1] and 0 <= line["confidence"] <= 1 and line["line_confidence"] == 0.9
    assert {"is_sure", "char_confidences"} <= line.keys()


@pytest.mark.parametrize("format", ["alto", "page", "xml"])
def test_layouts_are_read_back_with_texts_and_places(format, tmp_path):
    written = run([save(tmp_path)], format, tmp_path / "out")["photo.xml"]
    assert all(name in written for name in ("known/1", "small_image", "photo.png"))
    layout = read_layout(tmp_path / "out" / "photo.xml")
    assert [line.text for line in layout.lines] == [" ".join(text.split()) for text in expected_texts()]
    found = KnownLines().find(PAGE)
    for line, known in zip(layout.lines, found, strict=True):
        np.testing.assert_allclose(line.baseline, known.baseline)
        np.testing.assert_allclose(line.polygon, known.outline())
    assert (layout.width, layout.height) == (400, 400)


def test_a_pdf_of_three_pages_gives_three_layouts_and_a_rerun_the_missing_one(tmp_path):
    pytest.importorskip("pypdfium2")
    path = save_pdf(tmp_path / "letter.pdf", [PAGE, blank_page(), PAGE])
    output, finder = tmp_path / "out", KnownLines()
    assert list(run([path], "alto", output, finder)) == ["letter_p1.xml", "letter_p2.xml", "letter_p3.xml"]
    assert 'PHYSICAL_IMG_NR="3"' in (output / "letter_p3.xml").read_text() and finder.num_pages == 3
    (output / "letter_p2.xml").unlink()
    assert len(run([path], "alto", output, finder, is_resumed=True)) == 3 and finder.num_pages == 4


def test_nothing_found_is_told(tmp_path, caplog):
    written = run([save(tmp_path, "blank.png", blank_page())], "json", tmp_path / "out")["blank.json"]
    record = json.loads(written)
    assert (record["text"], record["lines"], record["confidence"], record["is_sure"]) == ("", [], 0.0, False)
    assert "no line found on 1 of 1 pages: blank" in caplog.text
    assert read_layout_of(run([tmp_path / "blank.png"], "page", tmp_path / "page"), tmp_path / "page").lines == ()


def read_layout_of(written, folder):
    return read_layout(folder / next(iter(written)))


def test_a_bad_page_of_many_is_named_and_the_path_that_gave_nothing_is_returned(tmp_path, caplog):
    good, bad, silent = save(tmp_path), tmp_path / "bad.png", []
    bad.write_bytes(good.read_bytes()[:600])  # its header says that it is a page
    assert list(run([bad, good], "txt", tmp_path / "out", silent=silent)) == ["photo.txt"]
    assert silent == [bad] and "skipped bad: broken image: bad.png" in caplog.text
    with pytest.raises(ValueError, match="broken image: bad.png"):
        run([bad], "txt", tmp_path / "out2")


def test_a_layout_beside_the_picture_is_used(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    layout, finder = write_page(tmp_path / "in", "photo", texts=TEXTS), KnownLines()
    written = run([layout.with_suffix(".png")], "xml", tmp_path / "out", finder)
    assert list(written) == ["photo.xml"] and finder.num_pages == 0
    assert "read by the layout beside it, photo.xml" in caplog.text
    with pytest.raises(ValueError, match="--format alto is for pages without a layout"):
        run([layout], "alto", tmp_path / "out", finder)


def test_lines_have_no_layout(tmp_path):
    path = save(tmp_path, "line.png", draw_line("une ligne"))
    with pytest.raises(ValueError, match="--format alto writes pages. Received: 1 pictures of lines"):
        run([path], "alto", tmp_path / "out")
    with pytest.raises(ValueError, match="--format alto writes pages of images whose lines were found"):
        transcribe(local_transcriber("image"), [path], "alto", tmp_path / "out")


def test_several_layouts_need_a_folder(tmp_path):
    paths = [save(tmp_path), save(tmp_path, "b.png")]
    with pytest.raises(ValueError, match="--format alto is one file per page. Received: 2"):
        transcribe(local_transcriber("image"), paths, "alto", line_finder=KnownLines())


def test_without_a_line_finder_a_page_is_an_error_with_a_remedy(tmp_path):
    missing = open_line_finder(None, tmp_path / "copiste")
    assert isinstance(missing, MissingLineFinder)
    with pytest.raises(ValueError, match=r"Received: 400 x 400 pixels, a page, and no model in .*Add --line-finder"):
        run([save(tmp_path)], "txt", tmp_path / "out", missing)
    with pytest.raises(ValueError, match="no line finder"):
        Model(local_transcriber("image"), missing).transcribe(PAGE)
    with pytest.raises(ValueError, match="--line-finder: expected a folder"):
        open_line_finder("nowhere", tmp_path)


def test_the_line_finder_beside_the_recogniser_is_taken(tmp_path):
    (tmp_path / "pages").mkdir()
    for model in ("copiste", "copiste/1"):
        finder = open_line_finder(None, tmp_path / model)
        assert isinstance(finder, LazyLineFinder) and finder.name == "pages"
    assert open_line_finder("none", tmp_path / "copiste") is None


def test_from_python_a_page_is_a_reading_with_lines_as_file_and_as_array(tmp_path):
    model = Model(local_transcriber("image"), KnownLines())
    (reading,) = model.transcribe(PAGE)
    assert isinstance(reading, PageReading) and [line.text for line in reading.lines] == expected_texts()
    readings = model.transcribe([save(tmp_path), save(tmp_path, "line.png", draw_line("une"))])
    assert readings.ids == ["photo", "line"] and readings[0].lines == reading.lines
    assert not isinstance(readings[1], PageReading)
    assert not isinstance(Model(local_transcriber("image")).transcribe(PAGE)[0], PageReading)


def test_the_confidence_of_a_page_is_that_of_its_characters():
    lines = [PageLine("abc", 0.9, (), ()), PageLine("d", 0.5, (), (), is_sure=False), PageLine("", 0.1, (), ())]
    reading = PageReading.of_lines(tuple(lines))
    assert (reading.text, reading.is_sure) == ("abc\nd", False) and reading.confidence == pytest.approx(0.8)
