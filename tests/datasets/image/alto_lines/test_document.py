"""The dialects of ALTO."""

import numpy as np
import pytest

from seqapp.datasets.image.alto_lines.document import read_document
from tests.small_lines import LINES, alto, draw_page

SHAPES = draw_page()[1]


def parsed(tmp_path, lines="", xml=None, namespace='xmlns="http://www.loc.gov/standards/alto/ns-v3#"'):
    path = tmp_path / "x.xml"
    whole = f'<alto {namespace}><Layout><Page WIDTH="100" HEIGHT="80">{lines}</Page></Layout></alto>'
    path.write_text(xml or whole, encoding="utf-8")
    return read_document(path)


def line(content="", shape="", attributes=""):
    return f'<TextLine ID="a" HPOS="1" VPOS="2" WIDTH="30" HEIGHT="4" {attributes}>{shape}{content}</TextLine>'


@pytest.mark.parametrize("version", [2, 3, 4])
def test_escriptorium_is_read_whole(tmp_path, version):
    page = parsed(tmp_path, xml=alto(LINES, SHAPES, (400, 220), version=version))
    assert (page.image, page.width, page.height) == ("page.png", 400, 220)
    assert tuple(line.text for line in page.lines) == LINES
    for found, (polygon, baseline) in zip(page.lines, SHAPES, strict=True):
        np.testing.assert_array_equal(found.polygon, polygon)
        np.testing.assert_array_equal(found.baseline, baseline)


@pytest.mark.parametrize("namespace", ["", 'xmlns="http://www.loc.gov/standards/alto/ns-v2#"'])
@pytest.mark.parametrize("points", ["1,2 31,2 31,6", "1 2 31 2 31 6", "1.0,2.0 31,2  31,6 "])
def test_points_with_commas_or_blanks(tmp_path, points, namespace):
    shape = f'<Shape><Polygon POINTS="{points}"/></Shape>'
    (found,) = parsed(tmp_path, line(shape=shape), namespace=namespace).lines
    np.testing.assert_array_equal(found.polygon, [[1, 2], [31, 2], [31, 6]])


def test_without_a_shape_the_box_is_the_polygon(tmp_path):
    (found,) = parsed(tmp_path, line()).lines
    np.testing.assert_array_equal(found.polygon, [[1, 2], [31, 2], [31, 6], [1, 6]])
    assert len(found.baseline) == 0


def test_a_baseline_of_one_number_is_level(tmp_path):
    (found,) = parsed(tmp_path, line(attributes='BASELINE="5"')).lines
    np.testing.assert_array_equal(found.baseline, [[1, 5], [31, 5]])


@pytest.mark.parametrize(
    "content, text",
    [
        ('<String CONTENT="une"/><SP/><String CONTENT="ligne"/><HYP CONTENT="¬"/>', "une ligne¬"),
        ('<String CONTENT="cou"/><SP/><String CONTENT="pé"/><HYP/>', "cou pé-"),
        ('<String CONTENT="sans"/><String CONTENT="SP"/>', "sans SP"),
        ('<String CONTENT="une ligne entière"/>', "une ligne entière"),
        ('<String CONTENT=""/>', ""),
        ("<String/>", ""),
        ("", ""),
        ('<String CONTENT="A &amp; B &lt;"/>', "A & B <"),
    ],
)
def test_strings_become_a_text(tmp_path, content, text):
    assert parsed(tmp_path, line(content)).lines[0].text == text


def test_the_base_direction_of_line_or_block(tmp_path):
    leftwards = line(attributes='BASEDIRECTION="ltr"')
    page = parsed(tmp_path, f'<TextBlock BASEDIRECTION="rtl">{line()}{leftwards}</TextBlock>{line()}')
    assert [found.direction for found in page.lines] == ["right_to_left", "left_to_right", ""]


@pytest.mark.parametrize(
    "xml, message",
    [("<alto><Layout/></alto>", "no ALTO"), ("<html/>", "found <html>"), ("<alto><Layout>", "broken XML: x.xml")],
)
def test_what_is_no_alto_is_named(tmp_path, xml, message):
    with pytest.raises(ValueError, match=message):
        parsed(tmp_path, xml=xml)
