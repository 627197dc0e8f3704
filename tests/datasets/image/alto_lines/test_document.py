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


UNIT = "<Description><MeasurementUnit>{}</MeasurementUnit></Description>"


def in_unit(unit, page):
    return f'<alto>{UNIT.format(unit)}<Layout>{page}<TextLine ID="a"/></PrintSpace></Page></Layout></alto>'


@pytest.mark.parametrize(
    ("unit", "page", "size"),
    [
        ("mm10", '<Page WIDTH="2100" HEIGHT="2970"><PrintSpace>', (2100, 2970)),
        ("mm10", '<Page><PrintSpace WIDTH="2100" HEIGHT="2970">', (2100, 2970)),
        ("inch1200", '<Page><PrintSpace HPOS="0" VPOS="0" WIDTH="9" HEIGHT="8">', (9, 8)),
        ("pixel", '<Page><PrintSpace WIDTH="2100" HEIGHT="2970">', (0, 0)),
    ],
)
def test_the_size_of_the_page_is_in_the_unit_of_its_coordinates(tmp_path, unit, page, size):
    document = parsed(tmp_path, xml=in_unit(unit, page))
    assert (document.width, document.height) == size


@pytest.mark.parametrize("page", ["<Page><PrintSpace>", '<Page><PrintSpace HPOS="50" WIDTH="9" HEIGHT="8">'])
def test_a_unit_that_nothing_scales_is_refused_by_name(tmp_path, page):
    with pytest.raises(ValueError, match="unit: x.xml: coordinates in mm10, but no WIDTH and HEIGHT"):
        parsed(tmp_path, xml=in_unit("mm10", page))


def test_pages_of_one_image_are_read_together_and_those_of_another_left_out(tmp_path):
    pages = "".join(
        f'<Page ID="p{number}" PHYSICAL_IMG_NR="{image}">{line()}</Page>' for number, image in enumerate("112")
    )
    page = parsed(tmp_path, xml=f"<alto><Layout>{pages}</Layout></alto>")
    assert [one.id for one in page.lines] == ["a", "a_2"]
    assert page.left_out == (("p2", "another image: one layout per image is read"),)
