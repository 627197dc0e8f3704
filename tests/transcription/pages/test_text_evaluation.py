"""Whole pages are scored by their text in reading order, beside the true layout."""

import numpy as np
import pytest

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.pages.page_texts import PageTexts, pages_to_text, score_pages
from seqapp.models.line_finder.found_line import FoundLine
from seqapp.transcription.pages.text_evaluation import evaluate_page_texts
from tests.drawn_pages import TEXTS, KnownLines
from tests.small_lines import BELOW, draw_page, write_page
from tests.small_transcribers import local_transcriber


def test_errors_of_pages_are_summed_and_missed_lines_count():
    pages = [
        PageTexts("a", "abcd\nef", "abcd\nef", "abcd", 2, 1, 1.0),
        PageTexts("b", "abc", "abx", "abx\nabc", 1, 2, 2.0, "abx", 1),
    ]
    score = score_pages(pages)
    assert (score.by_layout.errors, score.found.errors, score.found.reference_length) == (1, 3 + 4, 10)
    assert score.ratio == pytest.approx(7.0)
    assert score.found_in_layout.errors == 3 + 1 and score.ratio_in_layout == pytest.approx(4.0)
    text = pages_to_text(score)
    assert "2 pages, 3 lines with a text, 3 lines found" in text and "70.00 % (7.00 x)" in text
    assert "1 found lines lie on none of the layout" in text and "40.00 % (4.00 x)" in text
    assert "1.5 s of processor time a page" in text and "+3 errors: a" in text


def test_found_lines_and_the_layout_are_read_in_one_order(tmp_path):
    write_page(tmp_path, "b", texts=TEXTS)
    write_page(tmp_path, "a", texts=[*TEXTS[:3], "", *TEXTS[4:]])
    finder, skipped = KnownLines(), Skipped()
    score = evaluate_page_texts(local_transcriber("image"), finder, tmp_path, "all", skipped)
    first, second = score.pages
    assert (first.num_lines, first.num_found, second.num_lines, second.num_found) == (5, 5, 6, 6)
    assert second.reference.split("\n") == list(TEXTS) and len(skipped) == 0
    assert finder.num_pages == 2 and all(page.seconds > 0 for page in score.pages)
    with pytest.raises(ValueError, match="none of split nothing"):
        evaluate_page_texts(local_transcriber("image"), finder, tmp_path, "nothing", skipped)


class LinesAndPrint:
    """Stands for a line finder: the lines of a page of `TEXTS`, as its layout has them, and one above all of them."""

    name = "print/1"

    def find(self, picture):
        lines = [FoundLine(np.array(baseline, float), 36.0, BELOW, 0.9) for _, baseline in draw_page(TEXTS)[1]]
        return [FoundLine(lines[0].baseline - (0, 40), 10.0, 2.0, 0.9), *lines]


def test_lines_that_the_layout_leaves_out_are_told_apart(tmp_path):
    write_page(tmp_path, "a", texts=TEXTS)
    (page,) = evaluate_page_texts(local_transcriber("image"), LinesAndPrint(), tmp_path, "all", Skipped()).pages
    assert (page.num_beyond, page.num_found) == (1, len(TEXTS) + 1)
    assert page.found.endswith(page.found_in_layout)
