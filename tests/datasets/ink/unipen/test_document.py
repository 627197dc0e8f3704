import numpy as np
import pytest

from seqapp.datasets.ink.unipen.document import parse_segment, read_document
from seqapp.datasets.ink.unipen.statements import split_statements, statements


def test_a_component_is_a_pen_state_with_points(distribution):
    components = read_document(distribution / "data/8/cec/Doe.dat", distribution / "include").components
    assert [(c.pen_down, len(c.points)) for c in components] == [
        (True, 2),
        (True, 1),
        (False, 2),
        (True, 3),
        (True, 2),
    ]
    np.testing.assert_array_equal(components[2].points, [[21, 90], [22, 80.5]])


def test_headers_included_from_headers_hold_for_the_ink(distribution):
    components = read_document(distribution / "data/8/cec/Doe.dat", distribution / "include").components
    assert {(c.coord, c.rate_hz, c.writer) for c in components} == {(("X", "Y"), 100.0, "Jane Doe")}
    assert [c.gap_s for c in components] == [0, 0, 0, 0.5, 0]


def test_a_broken_component_still_counts_and_is_not_finite(distribution):
    components = read_document(distribution / "data/8/bbd/x.dat", distribution / "include").components
    assert len(components) == 2
    assert np.isnan(components[1].points).all()


@pytest.mark.parametrize("rate", ["9600", "0", "fast", ""])
def test_an_implausible_rate_is_unknown(tmp_path, rate):
    (tmp_path / "x.dat").write_text(f".POINTS_PER_SECOND {rate}\n.PEN_DOWN\n1 2\n")
    assert read_document(tmp_path / "x.dat", tmp_path).components[0].rate_hz == 0


@pytest.mark.parametrize(
    ("arguments", "label"),
    [
        (r'WORD 0 OK "\"quoted\" \\ back"', r'"quoted" \ back'),
        ('TEXT 0-3 ? "two\n\t  lines  "', "two lines"),
        (r'WORD 0 OK "r\@e\@ed"', "reed"),
        ('WORD 0 OK "@home"', "@home"),
        ("WORD 0 OK", ""),
    ],
)
def test_labels_are_unescaped(arguments, label):
    assert parse_segment(arguments).label == label


def test_a_malformed_segment_is_quoted():
    with pytest.raises(ValueError, match="WORD only"):
        parse_segment("WORD only")


def test_keywords_inside_a_line_are_text():
    assert list(split_statements(".COMMENT .PEN_DOWN\n 1 2\n  .PEN_UP\n3 4")) == [
        ("COMMENT", ".PEN_DOWN\n 1 2"),
        ("PEN_UP", "3 4"),
    ]


def test_a_file_that_includes_itself_is_refused(tmp_path):
    (tmp_path / "a.dat").write_text(".INCLUDE a.dat\n")
    with pytest.raises(ValueError, match="includes itself"):
        list(statements(tmp_path / "a.dat", tmp_path))


def test_an_include_outside_the_folder_is_refused(tmp_path):
    (tmp_path / "a.dat").write_text(".INCLUDE ../secret\n")
    with pytest.raises(ValueError, match="outside"):
        list(statements(tmp_path / "a.dat", tmp_path))


def test_columns_without_x_and_y_are_refused(tmp_path):
    (tmp_path / "a.dat").write_text(".COORD P T\n.PEN_DOWN\n1 2\n")
    with pytest.raises(ValueError, match="expected X and Y"):
        read_document(tmp_path / "a.dat", tmp_path)


@pytest.mark.parametrize("label", [r"two\nlines", "two\nlines", r"two \n lines", r"two\nlines\n"])
def test_a_line_break_of_a_label_written_out_or_not_is_a_blank(label):
    assert parse_segment(f'TEXT 0 OK "{label}"').label == "two lines"


def test_a_backslash_before_an_n_stays():
    assert parse_segment(r'TEXT 0 OK "a\\nb"').label == r"a\nb"
