"""A split that stays on disk has the examples, and the scores, of one in memory."""

import json

import numpy as np
import pytest

import seqapp.recipe
from seqapp.evaluation import evaluate as evaluating
from seqapp.input_pipeline import Examples
from seqapp.input_pipeline import read as reading
from seqapp.input_pipeline.read import read, read_stored
from seqapp.input_pipeline.stored_split import StoredSplit
from seqapp.models import Reading
from seqapp.senses import sense_of
from seqapp.text import Alphabet
from tests.small_audio import write_audio
from tests.small_speech import say, sentences, speech_recipe

RECIPE = seqapp.recipe.override(speech_recipe(data={"dataset": "manifest"}), ["data.normalization=NFC"])


class LengthReader:
    """Reads of a sound its length alone."""

    alphabet, sense, recipe = Alphabet(tuple("0123456789")), sense_of(RECIPE), RECIPE

    def __init__(self):
        self.sizes = []

    def transcribe(self, examples, batch_size):
        self.sizes.append(len(examples))
        return [Reading(str(len(raw)), 0.5, (), ()) for raw in examples]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    for split, count in {"train": 3, "validation": 5}.items():
        lines = []
        for i, text in enumerate(sentences(count, seed=len(split))):
            write_audio(folder / "audio" / f"{split}{i}.wav", say(text, i), subtype="PCM_16")
            text = "" if i == 1 else text
            lines.append({"audio_filepath": f"audio/{split}{i}.wav", "text": text, "speaker": f"s{i % 3}"})
        (folder / f"{split}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return {"data_dir": folder, "prepared_dir": tmp_path_factory.mktemp("prepared")}


def test_a_large_split_is_read_one_by_one_and_scored_likewise(corpus, monkeypatch):
    whole, skipped = read("manifest", "validation", RECIPE, **corpus)
    assert isinstance(read_stored("manifest", "validation", RECIPE, **corpus)[0], Examples)
    monkeypatch.setattr(reading, "MOST_BYTES_IN_MEMORY", 1000)
    stored, same_skipped = read_stored("manifest", "validation", RECIPE, **corpus)
    assert isinstance(stored, StoredSplit) and len(stored) == len(whole) and list(same_skipped) == list(skipped)
    for name in ("ids", "group_ids", "texts"):
        np.testing.assert_array_equal(getattr(stored, name), getattr(whole, name))
    for index in range(len(whole)):
        raw = stored.raw_of(index)
        assert raw.dtype == whole.raw_of(index).dtype
        np.testing.assert_array_equal(raw, whole.raw_of(index))
    monkeypatch.setattr(evaluating, "BATCHES_AT_ONCE", 1)
    at_once, in_parts = LengthReader(), LengthReader()
    expected = evaluating.evaluate(at_once, whole, skipped, 3)
    evaluation = evaluating.evaluate(in_parts, stored, skipped, 3)
    assert (at_once.sizes, in_parts.sizes) == ([4], [3, 1])
    assert [e.recognition for e in evaluation.examples] == [e.recognition for e in expected.examples]


def test_splits_that_are_held_out_and_all_of_them_are_read_as_before(corpus, monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES_IN_MEMORY", 1000)
    assert isinstance(read_stored("manifest", "all", RECIPE, **corpus)[0], Examples)
    assert isinstance(read_stored("files", "all", RECIPE, corpus["data_dir"])[0], Examples)
