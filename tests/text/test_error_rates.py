"""Error counts against cases counted by hand and against an independent edit distance."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.text.error_rates import ErrorCounts, align_characters, character_errors, word_errors

QUICK = settings(deadline=None, max_examples=150)
TEXTS = st.text("ab \u0301é👩", max_size=12)


def edit_distance(reference, hypothesis):
    """Wagner and Fischer's table, one row at a time."""
    row = list(range(len(hypothesis) + 1))
    for i, written in enumerate(reference, 1):
        previous, row = row, [i]
        for j, read in enumerate(hypothesis, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (written != read)))
    return row[-1]


@pytest.mark.parametrize(
    ("reference", "hypothesis", "expected"),
    [
        ("cat", "cat", ErrorCounts(hits=3)),
        ("cat", "cut", ErrorCounts(substitutions=1, hits=2)),
        ("cat", "ct", ErrorCounts(deletions=1, hits=2)),
        ("cat", "cart", ErrorCounts(insertions=1, hits=3)),
        ("abc", "", ErrorCounts(deletions=3)),
        ("", "abc", ErrorCounts(insertions=3)),
        ("", "", ErrorCounts()),
        (" a", "a", ErrorCounts(deletions=1, hits=1)),  # spaces count, also at the ends
        ("é", "e\u0301", ErrorCounts(substitutions=1, insertions=1)),  # hence: normalise first
    ],
)
def test_character_errors_counted_by_hand(reference, hypothesis, expected):
    assert character_errors(reference, hypothesis) == expected


@pytest.mark.parametrize(
    ("reference", "hypothesis", "expected"),
    [
        ("the cat sat on the mat", "the cat sat on the mat", ErrorCounts(hits=6)),
        ("the cat sat", "the  hat\nsat ", ErrorCounts(substitutions=1, hits=2)),  # any whitespace separates
        ("the cat sat", "the sat", ErrorCounts(deletions=1, hits=2)),
        ("the cat", "the the cat", ErrorCounts(insertions=1, hits=2)),
        ("", "a b", ErrorCounts(insertions=2)),
        (" ", "", ErrorCounts()),
    ],
)
def test_word_errors_counted_by_hand(reference, hypothesis, expected):
    assert word_errors(reference, hypothesis) == expected


@QUICK
@given(TEXTS, TEXTS)
def test_errors_are_the_edit_distance(reference, hypothesis):
    characters, words = character_errors(reference, hypothesis), word_errors(reference, hypothesis)
    assert characters.errors == edit_distance(reference, hypothesis)
    assert words.errors == edit_distance(reference.split(), hypothesis.split())
    assert characters.reference_length == len(reference)
    assert words.reference_length == len(reference.split())
    assert characters.hits + characters.substitutions + characters.insertions == len(hypothesis)


@QUICK
@given(TEXTS, TEXTS)
def test_alignment_spells_both_texts_and_holds_the_counted_errors(reference, hypothesis):
    pairs = align_characters(reference, hypothesis)
    assert "".join(written for written, _ in pairs) == reference
    assert "".join(read for _, read in pairs) == hypothesis
    assert sum(written != read for written, read in pairs) == character_errors(reference, hypothesis).errors
    assert ("", "") not in pairs


def test_rate_of_a_corpus_is_summed_and_not_averaged():
    short, long = character_errors("a", "b"), character_errors("abcdefghi", "abcdefghi")
    assert (short + long).rate == 1 / 10  # the average of the rates is 1 / 2
    assert sum([short, long], ErrorCounts()) == short + long == long + short


def test_rate_is_not_clipped():
    assert character_errors("a", "bcd").rate == 3.0


def test_empty_reference_counts_insertions_against_a_length_of_one():
    assert character_errors("", "").rate == 0.0
    assert character_errors("", "abc").rate == 3.0
    assert (character_errors("", "abc") + character_errors("abcdef", "abcdef")).rate == 3 / 6
