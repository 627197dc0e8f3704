"""Recognitions to facts, with numbers that can be counted by hand."""

import random

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.evaluation import Confusion
from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.summarise import summarise
from seqapp.text.alphabet import Alphabet
from seqapp.text.error_rates import ErrorCounts

LINES = [
    Recognition("l1", "ann", "the cat", "the cat", 0.9),
    Recognition("l2", "ann", "a", "b", 0.95),
    Recognition("l3", "bob", "hat", "haat", 0.8),
    Recognition("l4", "bob", "mat on it", "mat n it", 0.7),
]


def many_lines(num_lines, num_groups, seed=0):
    generator = random.Random(seed)
    lines = []
    for i in range(num_lines):
        text = "".join(generator.choices("abcde ", k=generator.randint(1, 20)))
        read = "".join(generator.choice("xyz") if generator.random() < 0.1 else c for c in text)
        lines.append(Recognition(f"l{i}", f"w{i % num_groups}", text, read, generator.random()))
    return lines


def test_corpus_rates_are_sums_over_lines():
    evaluation = summarise(LINES)
    assert evaluation.characters == ErrorCounts(substitutions=1, deletions=1, insertions=1, hits=18)
    assert evaluation.characters.rate == 3 / 20
    assert evaluation.words == ErrorCounts(substitutions=3, hits=4)
    assert evaluation.num_wrong_examples == 3


def test_writers_are_summed_apart():
    ann, bob = summarise(LINES).groups
    assert (ann.group_id, ann.num_examples, ann.num_wrong_examples) == ("ann", 2, 1)
    assert ann.characters == ErrorCounts(substitutions=1, hits=7)
    assert bob.characters == ErrorCounts(deletions=1, insertions=1, hits=11)
    assert ann.interval.unit == bob.interval.unit == "line"


def test_intervals_resample_writers_where_all_are_known():
    assert summarise(LINES).cer_interval.unit == "writer"
    assert summarise(LINES).cer_interval.num_units == 2
    one_unknown = [*LINES, Recognition("l5", "", "a", "a")]
    assert summarise(one_unknown).cer_interval.unit == "line"
    assert summarise(LINES[:2]).wer_interval.unit == "line"  # one writer tells nothing of another
    assert summarise(LINES[:1]).cer_interval is None


def test_units_are_called_as_the_sense_calls_them():
    spoken = summarise(LINES[:2], group="speaker", unit="utterance")
    assert spoken.cer_interval.unit == spoken.groups[0].interval.unit == spoken.unit == "utterance"
    assert summarise(LINES, group="speaker", unit="utterance").cer_interval.unit == "speaker"


def test_writers_who_differ_widen_the_interval():
    careful = [Recognition(f"c{i}", "ann", "abcde", "abcde") for i in range(50)]
    hasty = [Recognition(f"h{i}", "bob", "abcde", "abxye") for i in range(50)]
    by_group = summarise([*careful, *hasty]).cer_interval
    by_line = summarise([Recognition(r.id, "", r.reference, r.hypothesis) for r in careful + hasty]).cer_interval
    assert (by_group.low, by_group.high) == (0.0, 0.4)
    assert by_line.high - by_line.low < 0.2 < by_group.high - by_group.low


def test_order_of_the_recognitions_does_not_matter():
    lines = many_lines(60, 7)
    shuffled = random.Random(1).sample(lines, len(lines))
    assert summarise(shuffled) == summarise(lines)


def test_confusions_are_counted_by_kind():
    assert summarise(LINES).confusions() == [
        Confusion("", "a", 1),
        Confusion("a", "b", 1),
        Confusion("o", "", 1),
    ]
    assert [confusion.kind for confusion in summarise(LINES).confusions()] == [
        "insertion",
        "substitution",
        "deletion",
    ]


def test_most_frequent_confusion_comes_first_and_hits_do_not_count():
    lines = [Recognition("a", "", "eee aa", "ccc ab")]
    assert summarise(lines).confusions(1) == [Confusion("e", "c", 3)]
    assert summarise(lines).pairs[("a", "a")] == 1


def test_best_are_long_and_right_and_worst_are_wrong():
    evaluation = summarise(LINES)
    assert [line.recognition.id for line in evaluation.best(2)] == ["l1", "l4"]
    assert [line.recognition.id for line in evaluation.worst(2)] == ["l2", "l3"]
    assert len(evaluation.median(2)) == 2 and len(evaluation.median(9)) == 4


def test_doubtful_are_bad_lines_read_with_confidence():
    unsure = Recognition("l0", "ann", "ab", "cd")  # no confidence known: cannot be doubted
    assert [line.recognition.id for line in summarise([*LINES, unsure]).doubtful()] == ["l2"]


def test_lengths_fall_into_their_bins():
    bins = summarise(LINES).length_bins
    assert [(b.low, b.num_examples) for b in bins] == [(0, 2), (6, 2), (11, 0), (21, 0), (41, 0), (81, 0)]
    assert sum((b.characters for b in bins), ErrorCounts()) == summarise(LINES).characters
    long = summarise([Recognition("a", "", "a" * 5000, "a")])
    assert long.length_bins[-1].num_examples == 1


def test_characters_never_seen_in_training_are_counted():
    evaluation = summarise(LINES, alphabet=Alphabet(tuple("abcdeht ")))
    assert evaluation.unseen == {"i": 1, "m": 1, "n": 1, "o": 1}
    assert summarise(LINES).unseen == {}
    assert summarise(LINES, alphabet=Alphabet(())).unseen["t"] == 5


def test_both_texts_are_spelled_alike_before_scoring():
    lines = [Recognition("a", "", "cafe\u0301  noir ", "café noir")]
    assert summarise(lines).characters.errors == 0
    assert summarise(lines, normalization="NFD").characters.reference_length == 10
    punctuated = [Recognition("a", "", "school .", "school.")]
    assert summarise(punctuated).characters.errors == 1
    assert summarise(punctuated, join_punctuation=True).characters.errors == 0
    assert "punctuation" in summarise(punctuated, join_punctuation=True).normalization


def test_frames_are_dropped_with_the_characters_that_normalising_removes():
    (line,) = summarise([Recognition("a", "", "b", " b", 0.5, [1, 2], [0.5, 0.5])]).examples
    assert line.recognition.hypothesis == "b" and line.recognition.char_frames == ()


def test_skipped_examples_are_kept_but_not_scored():
    evaluation = summarise(LINES, skipped=[("x", "no points")])
    assert evaluation.skipped == Skipped([("x", "no points")])
    assert evaluation.characters == summarise(LINES).characters


def test_nothing_to_score_is_no_error():
    evaluation = summarise([])
    assert evaluation.characters == ErrorCounts() and evaluation.cer_interval is None
    assert evaluation.groups == () and evaluation.confusions() == [] and evaluation.worst() == []


def test_pages_are_summed_where_they_tell_more_than_writers():
    def line(id, writer, page, hypothesis):
        return Recognition(id, writer, "abcd", hypothesis, page_id=page)

    lines = [line("a", "ann", "p1", "abcd"), line("b", "ann", "p2", "abc"), line("c", "bob", "p3", "")]
    evaluation = summarise(lines)
    assert [(page.group_id, page.characters.errors) for page in evaluation.pages] == [("p1", 0), ("p2", 1), ("p3", 4)]
    assert len(evaluation.groups) == 2 and evaluation.cer_interval.unit == "writer"
    assert summarise(lines[1:]).pages == ()  # a page each: the same table twice
    assert summarise(LINES).pages == ()


RECURRING = [
    Recognition("a1", "ann", "to school .", "to school ."),
    Recognition("a2", "ann", "cafe\u0301", "cafe"),
    Recognition("b1", "bob", "one two", "one too"),
    Recognition("b2", "bob", "six", "sex"),
]


def in_training(evaluation):
    return [example.recognition.id for example in evaluation.examples if example.recognition.text_in_training]


def test_texts_are_compared_with_training_texts_as_they_are_scored():
    texts = ["to school.", " caf\u00e9 ", "one  two", "One two six"]
    assert in_training(summarise(RECURRING, training_texts=texts)) == ["a2", "b1"]
    assert in_training(summarise(RECURRING, training_texts=texts, join_punctuation=True)) == ["a1", "a2", "b1"]


def test_the_part_that_is_not_in_training_is_as_if_it_had_been_scored_alone():
    whole = summarise(RECURRING, [("x", "no points")], Alphabet(tuple("tosch wnex")), training_texts=["six", "cafe"])
    alone = summarise(RECURRING[:3], (), Alphabet(tuple("tosch wnex")))
    part = whole.texts_not_in_training
    assert [example.recognition.id for example in part.examples] == ["a1", "a2", "b1"]
    assert (part.characters, part.words, part.unseen) == (alone.characters, alone.words, alone.unseen)
    assert (part.cer_interval, part.wer_interval) == (alone.cer_interval, alone.wer_interval)
    assert part.cer_interval.unit == "writer" and part.texts_not_in_training is None and not part.skipped
    assert whole.cer_interval == summarise(RECURRING).cer_interval


def test_without_training_texts_nobody_says_which_texts_are_new():
    evaluation = summarise(RECURRING)
    assert evaluation.texts_not_in_training is None and in_training(evaluation) == []
    assert len(summarise(RECURRING, training_texts=[]).texts_not_in_training.examples) == 4, "looked, found none"
