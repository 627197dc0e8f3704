"""The table: its width, its columns and its honesty."""

import pytest

from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.report import WIDTH, to_text
from seqapp.evaluation.summarise import summarise
from seqapp.text.alphabet import Alphabet

LINES = [
    Recognition("l1", "ann", "the cat", "the cat", 0.9),
    Recognition("l2", "bob", "a hat", "a hot", 0.95),
    Recognition("l3", "bob", "on it", "n it", 0.7),
]


def row(text, name):
    (found,) = [line for line in text.splitlines() if line.split("|")[0].strip() == name]
    return [column.split() for column in found.split("|")[1:]]


def test_writer_rows_hold_sclites_columns():
    text = to_text(summarise(LINES))
    # 10 characters: 8 hits, 1 substitution (a > o), 1 deletion (o); 4 words, 2 wrong; both lines wrong
    assert row(text, "bob") == [
        ["2", "10"],
        ["80.0", "10.0", "10.0", "0.0", "20.0"],
        ["4", "50.0"],
        ["100.0"],
    ]
    assert row(text, "ann") == [["1", "7"], ["100.0", "0.0", "0.0", "0.0", "0.0"], ["2", "0.0"], ["0.0"]]


def test_sum_row_is_the_corpus_and_mean_row_the_average_of_writers():
    text = to_text(summarise(LINES))
    assert row(text, "Sum/Avg")[1][-1] == "11.8"  # 2 of 17 characters
    assert row(text, "Mean")[1][-1] == "10.0"  # of 20 and 0 percent
    assert row(text, "Median")[1][-1] == "10.0"
    assert row(text, "S.D.")[1][-1] == "14.1"  # sqrt(2 * 10^2)


def test_summary_tells_rates_and_how_they_came_about():
    text = to_text(summarise(LINES, [("x", "too short: 3 < 4"), ("y", "too short: 2 < 9")], Alphabet("thecaon ")))
    assert text.startswith("CER    11.76 %")
    assert "1 sub + 1 del + 0 ins of 17 characters" in text
    assert "2 of 3 lines hold an error" in text
    assert "bootstrap over 2 writers" in text
    assert "Skipped, not scored: 2 (2 too short)" in text
    assert "Never seen in training: 1 characters: i:1" in text
    assert "jiwer" in text and "NFC" in text


def test_utterances_are_not_called_lines():
    text = to_text(summarise(LINES, group="speaker", unit="utterance"))
    assert "2 of 3 utterances hold an error" in text and "Worst utterances" in text
    assert "bootstrap over 2 speakers" in text and "line" not in text


def test_samples_show_where_the_errors_are():
    lines = to_text(summarise(LINES)).splitlines()
    at = lines.index("    ref a hat")
    assert lines[at + 1 : at + 3] == ["    hyp a hot", " " * 11 + "S"]
    at = lines.index("    hyp ·n it")
    assert lines[at + 1] == " " * 8 + "D"


@pytest.mark.parametrize("length", [1, 90, 200])
def test_no_line_is_wider_than_promised(length):
    lines = [
        Recognition("i" * length, f"{number}" * length, "word " * length, "ward" * length, 0.5) for number in range(30)
    ]
    text = to_text(summarise(lines, [("x", "reason " * length)], Alphabet("w")), num_groups=7)
    assert max(map(len, text.splitlines())) <= WIDTH < 100
    assert "the worst 7 of 30" in text


def test_nothing_to_score_is_said_and_not_called_perfect():
    text = to_text(summarise([]))
    assert text.startswith("CER        - %") and "0 of 0 lines" in text
    assert "0.00" not in text


def test_pages_have_a_table_of_their_own():
    lines = [
        Recognition(f"p{n}/l", f"w{n // 2}", "abc", "abd" if n else "abc", page_id=f"the-book-of-hours-page-{n}")
        for n in range(4)
    ]
    text = to_text(summarise(lines))
    assert "By writer" in text and "By page" in text
    assert row(text, "the-book-…urs-page-3")[1][-1] == "33.3"


def test_samples_that_run_leftwards_stay_in_their_columns():
    text = to_text(summarise([Recognition("a", "", "\u05d0\u05d1\u05d2", "\u05d0\u05d2")]))
    reference = next(line for line in text.splitlines() if line.startswith("    ref "))
    assert reference == "    ref \u202d\u05d0\u05d1\u05d2\u202c" and "         D" in text.splitlines()


def test_texts_not_seen_in_training_have_a_line_of_their_own():
    text = to_text(summarise(LINES, training_texts=["the cat", "the hat"]))
    # by hand: 2 of 10 characters and 2 of 4 words of the two other lines, both by bob: the interval is over lines
    new = summarise(LINES[1:])
    low, high = (f"{100 * end:.2f}" for end in (new.cer_interval.low, new.cer_interval.high))
    assert f"Texts seen in training: 1; not seen: 2, CER 20.00 % [{low}, {high}], WER 50.00 %" in text
    assert "seen in training" not in to_text(summarise(LINES))


def test_where_every_text_was_seen_in_training_no_rate_is_claimed():
    text = to_text(summarise(LINES, training_texts=[line.reference for line in LINES]))
    assert "Texts seen in training: 3; not seen: 0, CER - %, WER - %" in text
