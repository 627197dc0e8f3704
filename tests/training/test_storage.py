"""A training that reads from disk ends with the weights of one that has all in memory, killed and resumed or not."""

import dataclasses
import json
import logging

import numpy as np
import pytest

import seqapp.recipe
from seqapp.input_pipeline import Examples, RecordExamples
from seqapp.input_pipeline import read as reading
from seqapp.input_pipeline.corpus_index import fingerprint
from seqapp.input_pipeline.read import read, read_training
from seqapp.input_pipeline.record_examples import joined
from seqapp.senses import sense_of
from seqapp.training.make_training import make_training
from tests.small_audio import write_audio
from tests.small_speech import say, sentences, speech_recipe

RECIPE = seqapp.recipe.override(
    speech_recipe(data={"dataset": "manifest"}),
    ["training.steps=6", "training.checkpoint_every=3", "training.evaluate_every=6", "training.warmup_steps=0",
     "training.average_decay=0.9", "encoder.dropout=0.2", "output.loss=sparse",
     "encoder.cell=simple", "encoder.bidirectional=False"],
)  # fmt: skip


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A manifest of made-up speech, one utterance without a text and one without a sample, and a folder for TFDS."""
    folder = tmp_path_factory.mktemp("corpus")
    for split, count in {"train": 14, "validation": 4}.items():
        lines = []
        for i, text in enumerate(sentences(count, seed=len(split))):
            text = "" if split == "train" and i == 3 else text
            write_audio(folder / "audio" / f"{split}{i}.wav", say(text, i), subtype="PCM_16")
            lines.append({"audio_filepath": f"audio/{split}{i}.wav", "text": text, "speaker": f"s{i % 3}"})
        (folder / f"{split}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return {"data_dir": folder, "prepared_dir": tmp_path_factory.mktemp("prepared")}


def with_storage(storage, *changes):
    return seqapp.recipe.override(RECIPE, [f"data.storage={storage}", *changes])


def variables(training):
    state = training._state
    return [v.numpy() for v in (*state.model_variables, *state.optimizer_variables, *state.averages, state.step)]


@pytest.fixture(scope="module")
def in_memory(places, tmp_path_factory):
    training = make_training(with_storage("memory"), tmp_path_factory.mktemp("memory") / "w", **places)
    training.run()
    return training


def test_from_disk_and_from_memory_all_variables_are_equal(in_memory, places, tmp_path):
    training = make_training(with_storage("disk"), tmp_path / "w", **places)
    training.run()
    for expected, received in zip(variables(in_memory), variables(training), strict=True):
        np.testing.assert_array_equal(received, expected)
    assert training.objective._data.skipped == in_memory.objective._data.skipped
    assert len(training.objective._data.skipped["train"]) == 1


@pytest.mark.slow
def test_killed_and_resumed_from_disk_all_variables_are_equal(in_memory, places, tmp_path):
    killed = make_training(with_storage("disk"), tmp_path / "w", **places)
    killed._lost_patience = lambda: killed.step == 5  # what came after the checkpoint of step 3 is lost
    killed.run()
    resumed = make_training(with_storage("disk"), tmp_path / "w", **places)
    resumed.run()
    for expected, received in zip(variables(in_memory), variables(resumed), strict=True):
        np.testing.assert_array_equal(received, expected)


def test_the_index_has_what_the_examples_say_and_is_made_once(places, caplog):
    memory = read_training(with_storage("memory"), **places)
    disk = read_training(with_storage("disk"), **places)
    sense = sense_of(RECIPE)
    assert isinstance(memory[0], Examples) and isinstance(disk[0], RecordExamples)
    for expected, received in ((memory[0], disk[0]), (memory[2], disk[2])):
        raw = received.in_memory(sense)
        for name in ("ids", "group_ids", "texts"):
            assert getattr(received, name).tolist() == getattr(expected, name).tolist()
        np.testing.assert_array_equal(raw.raw, expected.raw)
        np.testing.assert_array_equal(raw.splits, expected.splits)
        measured = RecordExamples.of(expected, sense)
        assert received.num_frames.tolist() == measured.num_frames.tolist()
        assert received.faults.tolist() == measured.faults.tolist()
    (index,) = disk[0].folder.glob(f"index-train-{fingerprint(RECIPE)}.npz")
    written = index.stat().st_mtime_ns
    read_training(with_storage("disk"), **places)
    assert index.stat().st_mtime_ns == written
    index.write_bytes(b"cut")
    with caplog.at_level(logging.WARNING):
        again = read_training(with_storage("disk"), **places)[0]
    assert "is made again" in caplog.text and again.texts.tolist() == disk[0].texts.tolist()


def test_another_feature_limit_or_spelling_is_another_index_and_another_network_is_not():
    of = [fingerprint(with_storage("disk", *changes)) for changes in (
        (), ("features.max_seconds=9.0",), ("features.num_mel_bins=24",), ("data.letter_case=upper",),
        ("encoder.units=99", "data.max_frames=7", "data.storage=memory"),
    )]  # fmt: skip
    assert len(set(of[:4])) == 4 and of[4] == of[0]
    assert with_storage("disk") == with_storage("memory"), "a workdir goes on from wherever its examples lie"


def test_one_rule_by_bytes_says_what_it_decides(places, monkeypatch, caplog):
    with caplog.at_level(logging.INFO):
        assert isinstance(read_training(with_storage("auto"), **places)[0], Examples)
    assert "stay in memory (data.storage=auto" in caplog.text
    monkeypatch.setattr(reading, "MOST_BYTES_IN_MEMORY", 1000)
    with caplog.at_level(logging.INFO):
        assert isinstance(read_training(with_storage("auto"), **places)[0], RecordExamples)
    assert "are read from disk, batch by batch (data.storage=auto" in caplog.text


def test_examples_in_memory_stand_beside_those_on_disk(places):
    sense = sense_of(RECIPE)
    disk, _, memory, _ = read_training(with_storage("disk"), **places)
    memory = memory.in_memory(sense)
    both = joined(disk, memory, sense)
    assert both.ids.tolist() == [*disk.ids, *memory.ids] and len(both.sources) == 2
    chosen = both.select([len(disk), 2, len(both) - 1])
    expected = [memory.raw_of(0), disk.in_memory(sense).raw_of(2), memory.raw_of(len(memory) - 1)]
    for i, raw in enumerate(expected):
        np.testing.assert_array_equal(chosen.in_memory(sense).raw_of(i), raw)


def test_a_corpus_without_a_validation_split_holds_out_the_same_ones(places, tmp_path):
    folder = tmp_path / "corpus"
    (folder / "audio").mkdir(parents=True)
    for file in (places["data_dir"] / "audio").iterdir():
        (folder / "audio" / file.name).hardlink_to(file)
    (folder / "train.jsonl").write_text((places["data_dir"] / "train.jsonl").read_text())
    own = {"data_dir": folder, "prepared_dir": tmp_path / "prepared"}
    memory, disk = (read_training(with_storage(storage), **own) for storage in ("memory", "disk"))
    for part in (0, 2):
        assert disk[part].ids.tolist() == memory[part].ids.tolist() and len(disk[part])


def test_what_an_older_version_prepared_is_read_as_before(places, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("seqapp.datasets.load.file_format", lambda: "tfrecord")
    old = {**places, "prepared_dir": tmp_path}
    with caplog.at_level(logging.WARNING):
        train = read_training(with_storage("disk"), **old)[0]
    assert isinstance(train, Examples) and "not prepared as records" in caplog.text
    new = read("manifest", "train", dataclasses.replace(RECIPE), **places)[0]
    assert train.ids.tolist() == new.ids.tolist()
    np.testing.assert_array_equal(train.raw, new.raw)
