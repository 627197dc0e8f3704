"""Everything that has a label is scored, hard or not; the rest is named."""

import numpy as np
import pytest

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.evaluate import evaluate, evaluate_corpus
from seqapp.input_pipeline import Examples
from seqapp.models import Reading
from seqapp.recipe import DataConfig, Recipe
from seqapp.senses import InkSense
from seqapp.text import Alphabet

RECORDS = [  # id, writer, label, what the fake transcriber reads
    ("right", "w1", "abba", "abba"),
    ("wrong", "w1", "abc", "ac"),
    ("unlabelled", "w2", "", "whatever"),
    ("hard", "w2", "cab ab", ""),
]


def make_examples(records=RECORDS):
    """An ink of as many points as its place in RECORDS, from 1."""
    return Examples.from_iterable(
        (
            {"id": name, "writer_id": writer, "text": text, "points": np.ones([1 + i, 4])}
            for i, (name, writer, text, _) in enumerate(records)
        ),
        InkSense,
    )


class FakeTranscriber:
    """Knows an ink by its number of points."""

    alphabet, sense = Alphabet(tuple(" abc")), InkSense

    def __init__(self):
        self.batch_sizes = []

    def transcribe(self, inks, batch_size):
        self.batch_sizes.append(batch_size)
        texts = [RECORDS[len(ink) - 1][3] for ink in inks]
        return [Reading(text, 0.5, tuple(range(len(text))), (0.5,) * len(text)) for text in texts]


def test_an_example_without_a_label_is_skipped_and_named():
    evaluation = evaluate(FakeTranscriber(), make_examples())
    assert evaluation.skipped == Skipped([("unlabelled", "no label")])
    assert [example.recognition.id for example in evaluation.examples] == ["hard", "right", "wrong"]


def test_what_the_reader_left_out_is_reported_too():
    evaluation = evaluate(FakeTranscriber(), make_examples(), skipped=Skipped([("broken", "malformed")]))
    assert evaluation.skipped == Skipped([("broken", "malformed"), ("unlabelled", "no label")])


def test_an_ink_that_the_model_cannot_read_counts_in_full():
    evaluation = evaluate(FakeTranscriber(), make_examples())
    # By hand: one deletion of 3, six of 6, none of 4; words: 0 of 1, 1 of 1, 2 of 2.
    assert (evaluation.characters.errors, evaluation.characters.reference_length) == (7, 13)
    assert evaluation.characters.rate == pytest.approx(7 / 13) and evaluation.words.rate == pytest.approx(3 / 4)


def test_readings_stay_beside_their_labels_and_writers():
    examples = evaluate(FakeTranscriber(), make_examples()).examples
    found = {(r.id, r.group_id, r.reference, r.hypothesis) for r in (example.recognition for example in examples)}
    assert found == {record for record in RECORDS if record[2]}
    wrong = next(e.recognition for e in examples if e.recognition.id == "wrong")
    assert (wrong.confidence, wrong.char_frames, wrong.char_confidences) == (0.5, (0, 1), (0.5, 0.5))


def test_characters_outside_the_alphabet_are_counted_as_never_read_right():
    evaluation = evaluate(FakeTranscriber(), make_examples([("odd", "w", "ax", "")]))
    assert dict(evaluation.unseen) == {"x": 1}


def test_batch_size_reaches_the_transcriber():
    transcriber = FakeTranscriber()
    evaluate(transcriber, make_examples(), batch_size=7)
    assert transcriber.batch_sizes == [7]


def test_a_corpus_without_labels_is_an_evaluation_of_nothing():
    evaluation = evaluate(FakeTranscriber(), make_examples(RECORDS[2:3]))
    assert not evaluation.examples and len(evaluation.skipped) == 1


@pytest.mark.parametrize("name, wanted", [("recipe", "trained_on"), ("another", "another")])
def test_a_corpus_may_be_that_of_the_models_recipe(name, wanted, monkeypatch):
    asked, transcriber = [], FakeTranscriber()
    transcriber.recipe = Recipe(data=DataConfig(dataset="trained_on", normalization="NFD"))

    def read(*arguments):
        asked.append(arguments)
        return make_examples(), Skipped([("broken", "no points")])

    monkeypatch.setattr("seqapp.evaluation.evaluate.read_stored", read)
    examples, evaluation = evaluate_corpus(transcriber, name, "test", "data", "prepared", 2)
    assert asked == [(wanted, "test", transcriber.recipe, "data", "prepared")] and transcriber.batch_sizes == [2]
    assert len(examples) == len(RECORDS) and ("broken", "no points") in list(evaluation.skipped)


@pytest.mark.parametrize("files, wanted", [((), [True, True, False]), (None, [None, None, None])])
def test_texts_of_the_models_own_corpus_are_looked_up_unless_nobody_asks(files, wanted, monkeypatch):
    transcriber = FakeTranscriber()
    transcriber.recipe = Recipe(data=DataConfig(dataset="trained_on"))
    monkeypatch.setattr("seqapp.evaluation.evaluate.read_stored", lambda *_: (make_examples(), Skipped()))
    monkeypatch.setattr("seqapp.evaluation.training_texts.read_labels", lambda *_: ["abba", "cab  ab"])
    _, evaluation = evaluate_corpus(transcriber, "recipe", "test", training_files=files)
    assert [example.recognition.text_in_training for example in evaluation.examples] == wanted  # hard, right, wrong
    assert (evaluation.texts_not_in_training is None) == (files is None)
