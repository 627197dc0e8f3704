"""Lines that another tool found are scored as ours are, by the ALTO or PAGE that it wrote."""

import pytest

from seqapp.evaluation.evaluate_pages import evaluate_pages
from tests.drawn_pages import KnownLines
from tests.small_lines import LINES, write_page


@pytest.fixture
def pages(tmp_path):
    for name in ("a", "b"):
        write_page(tmp_path / "pages" / "mine", name)
    return tmp_path / "pages"


def test_a_layout_that_lacks_a_line_misses_it(pages, tmp_path):
    write_page(tmp_path / "other", "b")
    layout = tmp_path / "other" / "b.xml"
    text = layout.read_text(encoding="utf-8")
    begin, end = text.rindex("<TextLine"), text.rindex("</TextLine>") + len("</TextLine>")
    layout.write_text(text[:begin] + text[end:], encoding="utf-8")
    evaluation = evaluate_pages(None, pages, "all", tmp_path / "pictures", tmp_path / "other")
    (id,) = evaluation.counts
    counts = evaluation.counts[id]
    assert id.endswith("/b") and (counts.lines, counts.found, counts.missed) == (len(LINES), len(LINES) - 1, 1)
    assert counts.precision == 1.0 and "core-seconds" not in evaluation.table()
    assert len(list((tmp_path / "pictures").rglob("*.jpg"))) == 1


def test_a_line_finder_is_scored_on_the_pages_that_the_other_tool_has(pages, tmp_path):
    write_page(tmp_path / "other", "a")
    finder = KnownLines()
    evaluation = evaluate_pages(finder, pages, "all", found=tmp_path / "other")
    assert finder.num_pages == 1 and [id.rsplit("/")[-1] for id in evaluation.counts] == ["a"]


def test_what_has_no_layout_of_a_page_is_named(pages, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="holds no layout"):
        evaluate_pages(None, pages, "all", found=tmp_path / "empty")
    write_page(tmp_path / "other", "c")
    with pytest.raises(ValueError, match="no layout of a page of all"):
        evaluate_pages(None, pages, "all", found=tmp_path / "other")
    write_page(tmp_path / "other" / "again", "c")
    with pytest.raises(ValueError, match="one layout for each page"):
        evaluate_pages(None, pages, "all", found=tmp_path / "other")
