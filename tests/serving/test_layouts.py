"""What was read stands in the layouts again, and another parser finds it there."""

import xml.dom.minidom

import pytest

from seqapp.datasets.line_files import read_lines
from seqapp.datasets.skipped import Skipped
from seqapp.models import ImageReading
from seqapp.serving.layouts import write_layouts
from tests.small_lines import alto, page_xml, write_page

TEXT = "été à <A & B>"


def reading(text=TEXT):
    left = tuple(10.0 * i for i in range(len(text)))
    return ImageReading(text, 0.875, tuple(range(len(text))), (0.875,) * len(text), left, tuple(x + 10 for x in left))


@pytest.mark.parametrize("write", [alto, page_xml])
def test_the_text_comes_back_and_lines_not_read_keep_theirs(tmp_path, write):
    path = write_page(tmp_path / "in", write=write)
    (written,) = write_layouts([path], {"page/l1": reading()}, tmp_path / "in")
    texts = [line.text for line in read_lines(written, Skipped())]
    assert texts == ["une ligne gelée", TEXT, "et la fin"]


def test_alto_for_another_parser(tmp_path):
    path = write_page(tmp_path)
    (written,) = write_layouts([tmp_path], {"page/l0": reading("")}, tmp_path / "out")
    assert not xml.dom.minidom.parse(str(written)).getElementsByTagName("TextLine")[0].getElementsByTagName("String")
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


def test_page_for_another_parser(tmp_path):
    path = write_page(tmp_path, write=page_xml)
    (written,) = write_layouts([path], {"page/l2": reading()}, tmp_path / "out")
    line = xml.dom.minidom.parse(str(written)).getElementsByTagName("TextLine")[2]
    assert [child.tagName for child in line.childNodes if child.nodeType == 1] == ["Coords", "Baseline", "TextEquiv"]
    assert line.getElementsByTagName("Unicode")[0].firstChild.data == TEXT
    assert line.getElementsByTagName("TextEquiv")[0].getAttribute("conf") == "0.8750"


def test_without_layouts_there_is_nothing_to_write_into(tmp_path):
    with pytest.raises(ValueError, match="Give ALTO or PAGE files"):
        write_layouts([tmp_path], {}, tmp_path / "out")
