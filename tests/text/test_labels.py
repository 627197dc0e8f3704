"""Labels of corpora that spell differently come out alike."""

import pytest

from seqapp.recipe import DataConfig
from seqapp.recipe.rules import COMMON
from seqapp.text.labels import CASES, label_of

WORDS = DataConfig(letter_case="lower", punctuation=False)


@pytest.mark.parametrize(
    "text, label",
    [
        ("WE CALL IT BEAR", "we call it bear"),
        ("Author of the danger trail, Philip Steels, etc.", "author of the danger trail philip steels etc"),
        ("well-known", "well known"),
        ("Isn\u2019t it 5 o'clock?", "isn't it 5 o'clock"),
        ("'quoted' and the boys' own", "quoted and the boys own"),
        ("cafe\u0301 $5", "caf\u00e9 5"),
        ("...", ""),
    ],
)
def test_words_alone(text, label):
    assert label_of(text, WORDS) == label


def test_by_default_a_label_is_the_text_in_its_unicode_form():
    assert label_of(" Cafe\u0301,  au lait! ", DataConfig()) == "Caf\u00e9, au lait!"


def test_upper_case():
    assert label_of("stra\u00dfe", DataConfig(letter_case="upper")) == "STRASSE"


def test_the_cases_of_recipes_are_known_here():
    assert set(COMMON.choices["data.letter_case"]) == set(CASES)
