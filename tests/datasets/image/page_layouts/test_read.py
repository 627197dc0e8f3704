"""Pages with layouts: ALTO and PAGE, folders and archives, baselines with heights, fixed splits."""

import collections
import shutil

import numpy as np
import pytest
from PIL import Image

from seqapp.datasets.image.page import TextLine
from seqapp.datasets.image.page_layouts.line_heights import line_heights
from seqapp.datasets.image.page_layouts.read import read_layout_pages, scale_lines
from seqapp.datasets.image.page_layouts.splits import split
from seqapp.datasets.skipped import Skipped
from tests.small_pages import drawn_page

ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>{name}.png</fileName></sourceImageInformation></Description>
<Layout><Page WIDTH="300" HEIGHT="400"><PrintSpace><TextBlock>
<TextLine ID="a" BASELINE="40 60 260 60"><Shape><Polygon POINTS="40 46 260 46 260 66 40 66"/></Shape></TextLine>
<TextLine ID="b" BASELINE="260 120 40 120"><Shape><Polygon POINTS="40 106 260 106 260 126 40 126"/></Shape></TextLine>
</TextBlock></PrintSpace></Page></Layout></alto>"""
PAGE = """<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
<Page imageFilename="{name}.png" imageWidth="300" imageHeight="400"><TextRegion id="r"><Coords points="0,0 9,9 0,9"/>
<TextLine id="a"><Coords points="40,46 260,46 260,66 40,66"/><Baseline points="40,60 260,60"/></TextLine>
</TextRegion></Page></PcGts>"""


@pytest.fixture
def corpus(tmp_path):
    for folder, text, names in (("letters", ALTO, ("p1", "p2")), ("bills", PAGE, ("q1", "q2"))):
        (tmp_path / "c" / folder).mkdir(parents=True)
        for name in names:
            Image.fromarray(drawn_page()[0]).save(tmp_path / "c" / folder / f"{name}.png")
            (tmp_path / "c" / folder / f"{name}.xml").write_text(text.format(name=name))
    (tmp_path / "c" / "bills" / "q2.png").unlink()
    return tmp_path / "c"


def test_both_formats_are_read_with_heights_and_what_cannot_be_is_told(corpus):
    skipped = Skipped()
    pages = read_layout_pages(corpus, skipped)
    assert [(page.id, page.source, len(page.lines)) for page in pages] == [
        ("bills/q1", "bills", 1), ("letters/p1", "letters", 2), ("letters/p2", "letters", 2),
    ]  # fmt: skip
    assert [id for id, _ in skipped.items] == ["bills/q2"]
    for page in pages:
        assert page.picture.shape == (400, 300)
        for baseline, above, below in page.lines:
            assert baseline[0, 0] == 40 and (above, below) == (14, 6)


def test_archives_and_folders_of_archives_hold_the_same(corpus, tmp_path):
    (tmp_path / "archives").mkdir()
    shutil.make_archive(tmp_path / "archives" / "one", "tar", corpus)
    for path in (tmp_path / "archives", tmp_path / "archives" / "one.tar"):
        assert [page.id for page in read_layout_pages(path, Skipped())] == ["bills/q1", "letters/p1", "letters/p2"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="holds no layout. Expected ALTO or PAGE"):
        read_layout_pages(tmp_path / "empty", Skipped())


def test_lines_are_scaled_with_their_page(corpus):
    page = scale_lines(read_layout_pages(corpus, Skipped())[0], 10.0)
    assert page.picture.shape == (200, 150)
    (baseline, above, below), *_ = page.lines
    assert (above, below) == (7, 3) and baseline.tolist() == [[20, 30], [130, 30]]
    assert scale_lines(page, 99.0).picture.shape == (200, 150)  # never enlarged


def test_heights_follow_a_line_that_slopes():
    turn = np.array([[np.cos(0.5), np.sin(0.5)], [-np.sin(0.5), np.cos(0.5)]])
    polygon = np.array([[0, -20], [100, -20], [100, 7], [0, 7.0]]) @ turn
    line = TextLine("a", polygon, np.array([[0, 0], [100, 0.0]]) @ turn)
    np.testing.assert_allclose(line_heights(line), (20, 7))
    assert line_heights(TextLine("a", np.zeros((0, 2)), line.baseline)) == (0, 0)


def test_splits_are_fixed_and_copiste_keeps_its_own():
    counts = collections.Counter(split(f"page_{k}") for k in range(2000))
    assert counts["test"] == pytest.approx(400, rel=0.15) and counts["validation"] == pytest.approx(100, rel=0.3)
    assert split("imp_wikitexte_0219_1") == split("imp_wikitexte_0219_2")


def test_sources_are_chosen_by_the_names_of_their_folders(corpus):
    def sources(**names):
        return {page.source for page in read_layout_pages(corpus, Skipped(), **names)}

    assert sources(only=["bills"]) == {"bills"} == sources(leave_out=["letters"])
    assert sources(only=["bills"], leave_out=["bills"]) == set()
    for option in ("only", "leave_out"):
        with pytest.raises(ValueError, match="Expected sources among bills, letters. Received: 'novels'"):
            sources(**{option: ["novels"]})
