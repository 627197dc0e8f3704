"""The dialects of PAGE."""

import numpy as np
import pytest

from seqapp.datasets.image.page_lines.document import read_document
from tests.small_lines import LINES, draw_page, page_xml

SHAPES = draw_page()[1]


def parsed(tmp_path, xml):
    (tmp_path / "x.xml").write_text(xml, encoding="utf-8")
    return read_document(tmp_path / "x.xml")


def one_line(inside):
    line = f'<TextLine id="l">{inside}</TextLine>'
    return f'<PcGts><Page imageFilename="a.jpg"><TextRegion>{line}</TextRegion></Page></PcGts>'


@pytest.mark.parametrize("version", ["2010-03-19", "2013-07-15", "2017-07-15", "2019-07-15"])
def test_transkribus_is_read_whole(tmp_path, version):
    page = parsed(tmp_path, page_xml(LINES, SHAPES, (400, 220), version=version))
    assert (page.image, page.width, page.height) == ("page.png", 400, 220)
    assert tuple(line.text for line in page.lines) == LINES
    for found, (polygon, baseline) in zip(page.lines, SHAPES, strict=True):
        np.testing.assert_array_equal(found.polygon, polygon)
        np.testing.assert_array_equal(found.baseline, baseline)


def test_points_of_2010_are_elements(tmp_path):
    points = "".join(f'<Point x="{x}" y="{y}"/>' for x, y in SHAPES[0][0])
    (found,) = parsed(tmp_path, one_line(f"<Coords>{points}</Coords>")).lines
    np.testing.assert_array_equal(found.polygon, SHAPES[0][0])
    assert len(found.baseline) == 0 and found.text == ""


def test_of_several_texts_the_first_index_counts_and_words_do_not(tmp_path):
    inside = (
        '<Word><TextEquiv><Unicode>word</Unicode></TextEquiv></Word><TextEquiv index="1"><Unicode>second</Unicode>'
        '</TextEquiv><TextEquiv index="0"><Unicode> first\n one </Unicode></TextEquiv>'
    )
    assert parsed(tmp_path, one_line(inside)).lines[0].text == "first one"


def test_the_nearest_word_on_the_direction_counts(tmp_path):
    lines = [
        ('<TextLine id="a"/>', "right_to_left"),
        ('<TextLine id="b" readingDirection="left-to-right"/>', "left_to_right"),
        ('<TextRegion readingDirection="top-to-bottom"><TextLine id="c"/></TextRegion>', "top_to_bottom"),
        ('<TextLine id="d" readingDirection="sideways"/>', "right_to_left"),
    ]
    inside = "".join(line for line, _ in lines)
    xml = f'<PcGts><Page readingDirection="right-to-left"><TextRegion>{inside}</TextRegion></Page></PcGts>'
    assert [(line.id, line.direction) for line in parsed(tmp_path, xml).lines] == [
        (id, direction) for id, (_, direction) in zip("abcd", lines)
    ]
    assert parsed(tmp_path, one_line("")).lines[0].direction == ""


def test_lines_of_table_cells_are_lines(tmp_path):
    xml = '<PcGts><Page><TableRegion><TableCell><TextLine id="a"/></TableCell></TableRegion></Page></PcGts>'
    assert [line.id for line in parsed(tmp_path, xml).lines] == ["a"]


def test_what_is_no_page_is_named(tmp_path):
    with pytest.raises(ValueError, match="no PAGE: x.xml: expected <PcGts>"):
        parsed(tmp_path, "<alto><Page/></alto>")


def test_a_text_of_a_program_is_no_ground_truth(tmp_path):
    (line,) = parsed(tmp_path, one_line('<TextEquiv index="1"><Unicode>gvess</Unicode></TextEquiv>')).lines
    assert (line.text, line.missing_text) == ("", "prediction: only a TextEquiv of index 1")


def test_without_a_text_of_its_own_a_line_has_that_of_its_words(tmp_path):
    words = "".join(f"<Word><TextEquiv><Unicode>{word}</Unicode></TextEquiv></Word>" for word in ("two", "words"))
    assert parsed(tmp_path, one_line(words)).lines[0].text == "two words"
    empty = "<TextEquiv><Unicode/></TextEquiv>"
    assert parsed(tmp_path, one_line(words + empty)).lines[0].text == "", "it is known to be empty"


def test_ids_that_recur_are_told_apart(tmp_path):
    lines = '<TextLine id="a"/><TextLine id="a"/><TextLine id="a_2"/><TextLine/>'
    page = parsed(tmp_path, f"<PcGts><Page><TextRegion>{lines}</TextRegion></Page></PcGts>")
    assert [line.id for line in page.lines] == ["a", "a_2", "a_2_2", "line_4"]
