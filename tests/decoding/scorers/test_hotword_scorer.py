"""A hotword's boost is kept where it was read whole, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.scorers.hotword_scorer import HotwordScorer
from seqapp.text import Alphabet
from tests.decoding.scorers.scoring import score_of

ALPHABET = Alphabet((" ", "a", "b", "A", "n"))


@settings(max_examples=200, deadline=None)
@given(st.text("abAn ", max_size=14))
def test_every_word_that_is_a_hotword_is_boosted_and_no_other(text):
    scorer = HotwordScorer(["anna", "ab"], ALPHABET, boost=2.0)
    expected = sum(2.0 * len(word) for word in text.lower().split(" ") if word in ("anna", "ab"))
    assert score_of(scorer, text, ALPHABET) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text, characters",
    [
        ("ab an", 5),
        ("ab", 2),
        ("ab a", 2),
        ("ab b", 2),
        ("ab an an", 5),
        ("xab", 0),
        ("b ab an", 5),
        ("ab  an", 2),
        ("ab ab an", 7),
        ("ab a ab", 4),
    ],
)
def test_phrases_and_their_beginnings(text, characters):
    alphabet = Alphabet((" ", "a", "b", "n", "x"))
    assert score_of(HotwordScorer(["ab an", "ab"], alphabet, 1.0), text, alphabet) == pytest.approx(characters)


@pytest.mark.parametrize("hotword", ["axe", " "])
def test_what_cannot_be_written_is_refused(hotword):
    with pytest.raises(ValueError, match="cannot be written with the model's alphabet"):
        HotwordScorer([hotword], ALPHABET)
