"""What was read stands in the layouts again, and another parser finds it there."""

import re
import xml.dom.minidom

import pytest

from seqapp.datasets.image.alto_lines.document import read_document
from seqapp.datasets.image.layout import read_layout
from seqapp.datasets.image.line_files import read_lines
from seqapp.datasets.skipped import Skipped
from seqapp.models import ImageReading
from seqapp.transcription.layouts import write_layouts
from tests.small_lines import LINES, alto, page_xml, write_page

TEXT = "été à <A & B>"


def reading(text=TEXT):
    left = tuple(10.0 * i for i in range(len(text)))
    return ImageReading(text, 0.875, tuple(range(len(text))), (0.875,) * len(text), left, tuple(x + 10 for x in left))


@pytest.mark.parametrize("write", [alto, page_xml])
def test_the_text_comes_back_and_lines_not_read_keep_theirs(tmp_path, write):
    path = write_page(tmp_path / "in", write=write, image_folder=tmp_path)
    (written,) = write_layouts([path], {"page/l1": reading()}, tmp_path / "out")
    texts = [line.text for line in read_lines(written, Skipped())]
    assert texts == ["une ligne gelée", TEXT, "et la fin"]


def test_alto_for_another_parser(tmp_path):
    path = write_page(tmp_path)
    (written,) = write_layouts([tmp_path], {"page/l0": reading("")}, tmp_path / "out")
    (empty,) = xml.dom.minidom.parse(str(written)).getElementsByTagName("TextLine")[0].getElementsByTagName("String")
    assert empty.getAttribute("CONTENT") == ""
    (written,) = write_layouts([path], {f"page/l{i}": reading() for i in range(3)}, tmp_path / "out")
    document = xml.dom.minidom.parse(str(written))
    assert document.documentElement.getAttribute("xmlns") == "http://www.loc.gov/standards/alto/ns-v4#"
    line = document.getElementsByTagName("TextLine")[1]
    strings = line.getElementsByTagName("String")
    assert [string.getAttribute("CONTENT") for string in strings] == TEXT.split()
    assert len(line.getElementsByTagName("SP")) == len(strings) - 1
    assert all(string.getAttribute("WC") == "0.8750" for string in strings)
    places = [(int(string.getAttribute("HPOS")), int(string.getAttribute("WIDTH"))) for string in strings]
    assert all(a + width < b for (a, width), (b, _) in zip(places, places[1:])) and places[0][0] == 26


def test_words_read_leftwards_stand_from_right_to_left(tmp_path):
    path, text = write_page(tmp_path), "\u05d0\u05d1 \u05d2 12"
    right = tuple(100.0 - 10 * i for i in range(len(text)))
    left = tuple(x - 10 for x in right)
    leftwards = ImageReading(text, 0.9, tuple(range(len(text))), (0.9,) * len(text), left, right)
    (written,) = write_layouts([path], {"page/l0": leftwards}, tmp_path / "out")
    line = xml.dom.minidom.parse(str(written)).getElementsByTagName("TextLine")[0]
    strings = line.getElementsByTagName("String")
    assert [string.getAttribute("CONTENT") for string in strings] == text.split()
    places = [(int(string.getAttribute("HPOS")), int(string.getAttribute("WIDTH"))) for string in strings]
    assert all(a > b + width for (a, _), (b, width) in zip(places, places[1:])) and places[-1][0] == 26
    polygon = read_document(path).lines[0].polygon
    assert sum(places[0]) == polygon[:, 0].max()


def test_page_for_another_parser(tmp_path):
    path = write_page(tmp_path, write=page_xml)
    (written,) = write_layouts([path], {"page/l2": reading()}, tmp_path / "out")
    line = xml.dom.minidom.parse(str(written)).getElementsByTagName("TextLine")[2]
    assert [child.tagName for child in line.childNodes if child.nodeType == 1] == ["Coords", "Baseline", "TextEquiv"]
    assert line.getElementsByTagName("Unicode")[0].firstChild.data == TEXT
    assert line.getElementsByTagName("TextEquiv")[0].getAttribute("conf") == "0.8750"


# Content models of the published schemas: TextLine of ALTO 4.4 and of PAGE 2019-07-15.
LINE_OF_ALTO = re.compile(r"(Shape )?(String (SP )?)+(HYP )?")
LINE_OF_PAGE = re.compile(
    r"(AlternativeImage )*Coords (Baseline )?(Word )*(TextEquiv )*(TextStyle )?(UserDefined )?(Labels )?"
)


def children(element):
    return "".join(f"{child.tagName} " for child in element.childNodes if child.nodeType == child.ELEMENT_NODE)


@pytest.mark.parametrize("text", ["", "mot", TEXT])
def test_alto_obeys_its_schema(tmp_path, text):
    path = write_page(tmp_path)
    (written,) = write_layouts([path], {"page/l1": reading(text)}, tmp_path / "out")
    for line in xml.dom.minidom.parse(str(written)).getElementsByTagName("TextLine"):
        assert LINE_OF_ALTO.fullmatch(children(line))
        for string in line.getElementsByTagName("String"):
            assert all(float(string.getAttribute(name)) >= 0 for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
            assert string.hasAttribute("CONTENT") and 0 <= float(string.getAttribute("WC") or 1) <= 1


@pytest.mark.parametrize("text", ["", TEXT])
def test_page_obeys_its_schema_and_regions_repeat_their_lines(tmp_path, text):
    path = write_page(tmp_path, write=page_xml)
    word = '<Word id="w"><Coords points="1,1 2,1 2,2"/><TextEquiv><Unicode>old</Unicode></TextEquiv></Word>'
    old = path.read_text(encoding="utf-8").replace("<TextEquiv>", f"{word}<TextEquiv>", 3)
    behind = "</TextEquiv><TextStyle/></TextLine>"
    path.write_text(old.replace("</TextEquiv></TextLine>", behind), encoding="utf-8")
    (written,) = write_layouts([path], {"page/l1": reading(text)}, tmp_path / "out")
    document = xml.dom.minidom.parse(str(written))
    for line in document.getElementsByTagName("TextLine"):
        assert LINE_OF_PAGE.fullmatch(children(line))
    (region,) = document.getElementsByTagName("TextRegion")
    assert children(region) == "TextLine TextLine TextLine TextEquiv "
    (unicode,) = region.lastChild.getElementsByTagName("Unicode")
    assert unicode.firstChild.data.split("\n") == [LINES[0], text, LINES[2]]


def test_without_layouts_there_is_nothing_to_write_into(tmp_path):
    with pytest.raises(ValueError, match="Give ALTO or PAGE files"):
        write_layouts([tmp_path], {}, tmp_path / "out")


def test_lines_of_one_id_keep_their_own_texts_and_a_foreign_xml_is_passed_over(tmp_path):
    path = write_page(tmp_path / "in", write=page_xml)
    path.write_text(path.read_text("utf-8").replace('id="l1"', 'id="l0"'), "utf-8")
    (tmp_path / "in" / "notes.xml").write_text("<TEI/>")
    readings = {"page/l0": reading("first"), "page/l0_2": reading("second")}
    (written,) = write_layouts([tmp_path / "in"], readings, tmp_path / "out")
    assert [line.text for line in read_layout(written).lines][:2] == ["first", "second"]


def test_layouts_of_one_name_are_written_side_by_side(tmp_path):
    paths = [write_page(tmp_path / name) for name in "ab"]
    readings = {"a/page/l0": reading("one"), "b/page/l0": reading("two")}
    written = write_layouts(paths, readings, tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in written] == ["a/page.xml", "b/page.xml"]
    assert [next(iter(read_document(path).lines)).text for path in written] == ["one", "two"]


def test_layouts_that_were_read_are_never_written_over(tmp_path):
    path = write_page(tmp_path / "in")
    (tmp_path / "in" / "in").mkdir()
    (tmp_path / "in" / "in" / "page.xml").write_text("<TEI/>")
    before = path.read_bytes()
    for inputs in (path, path.parent, tmp_path):
        with pytest.raises(ValueError, match="Give --output another folder, apart from the inputs"):
            write_layouts([inputs], {"page/l0": reading()}, path.parent)
    assert path.read_bytes() == before


def test_a_layout_and_one_of_its_name_in_a_folder_have_texts_of_their_own(tmp_path):
    path = write_page(tmp_path / "in", "p")
    write_page(tmp_path / "book", "p")
    readings = {"p/l0": reading("one"), "book/p/l0": reading("two")}
    written = write_layouts([path, tmp_path / "book"], readings, tmp_path / "out")
    assert [next(iter(read_document(path).lines)).text for path in written] == ["one", "two"]
    other = write_page(tmp_path / "other", "p")
    with pytest.raises(ValueError, match="Layouts in several inputs: book/p. Give"):
        write_layouts([tmp_path / "book" / "p.xml", other, tmp_path / "book"], readings, tmp_path / "out")
