"""Predictions are printed as documented, and what is typed says itself whether a word has ended."""

import json

from seqapp.language.prediction import Prediction, to_json, to_text, typed

FOUND = [Prediction("mat", 0.5), Prediction("café", 0.12345)]


def test_a_line_a_word_and_an_empty_one():
    assert to_text(FOUND) == "mat\t0.5000\ncafé\t0.1235\n\n" and to_text([]) == "\n"


def test_json_is_one_line():
    (line,) = to_json("on the", FOUND, True).splitlines()
    assert json.loads(line) == {
        "context": "on the",
        "words": [{"word": "mat", "probability": 0.5}, {"word": "café", "probability": 0.12345}],
        "is_exact": True,
    }


def test_a_space_ends_a_word():
    assert list(typed(["the ca\n", "the cat \n", "\n"], "On ")) == [
        ("On the ca", True), ("the cat ", False), ("", False)
    ]  # fmt: skip
