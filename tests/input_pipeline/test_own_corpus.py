"""Splits of a folder of one's own: those it names, and held-out ones, for training and for scoring."""

import json
import logging
import shutil

import pytest

from seqapp.input_pipeline.read import read, read_training
from seqapp.recipe import DataConfig, Recipe

TRAINED_ON_FILES = Recipe(data=DataConfig(dataset="files"))
TRAINED_ON_INK = Recipe(data=DataConfig(dataset="json_ink"))


def write_inks(folder, count, name="ink", writers=0):
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        record = {"text": f"{name} {number}", "strokes": [[[0, 0], [number, 9]]]}
        if writers:
            record["writer_id"] = f"w{number % writers}"
        (folder / f"{name}{number}.json").write_text(json.dumps(record))
    return folder


def ids_of(split, folder, recipe=None, name="files"):
    examples, _ = read(name, split, recipe or Recipe(), folder, folder.parent / "cache")
    return examples.ids.tolist()


@pytest.mark.parametrize("validation", ["validation", "val", "valid", "dev", "eval", "Dev"])
def test_a_named_split_is_the_folder_of_that_name(tmp_path, validation):
    folder = tmp_path / "mine"
    for split, count in (("train", 5), (validation, 2), ("test", 3)):
        write_inks(folder / split, count, split.lower()[:2])
    assert ids_of("test", folder) == ["test/te0", "test/te1", "test/te2"]
    assert ids_of("validation", folder) == [f"{validation}/{validation.lower()[:2]}{n}" for n in (0, 1)]
    assert len(ids_of("train", folder)) == 5 and len(ids_of("all", folder)) == 10


def test_an_archive_around_the_splits_is_as_good(tmp_path):
    for split in ("train", "test"):
        write_inks(tmp_path / "around" / "mine" / split, 3)
    shutil.make_archive(str(tmp_path / "mine"), "zip", tmp_path / "around")
    assert ids_of("test", tmp_path / "mine.zip") == ["test/ink0", "test/ink1", "test/ink2"]


def test_files_of_many_examples_are_splits_and_one_called_test_is_an_example(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    for split in ("train", "dev_ink", "test"):
        lines = [json.dumps({"id": f"{split} {n}", "text": "a", "strokes": [[[0, 0]]]}) for n in range(2)]
        (folder / f"{split}.jsonl").write_text("\n".join(lines))
    assert ids_of("validation", folder) == ["dev_ink 0", "dev_ink 1"]
    other = write_inks(tmp_path / "other", 4)
    (other / "ink0.json").rename(other / "test.json")
    assert len(ids_of("all", other)) == 4 and len(ids_of("test", other)) == 4


@pytest.mark.parametrize("recipe", [TRAINED_ON_FILES, TRAINED_ON_INK])
def test_a_folder_without_splits_is_divided_by_writer_for_training_and_scoring(tmp_path, caplog, recipe):
    folder = write_inks(tmp_path / "mine", 40, writers=20)
    with caplog.at_level(logging.WARNING):
        train, _, validation, _ = read_training(recipe, folder, tmp_path / "cache")
    assert "held out by writer: 30 train, 4 validation, 6 test" in caplog.text
    test, _ = read(recipe.data.dataset, "test", recipe, folder, tmp_path / "cache")
    assert [len(part) for part in (train, validation, test)] == [30, 4, 6]
    writers = [set(part.group_ids.tolist()) for part in (train, validation, test)]
    assert not (writers[0] & writers[1] or writers[0] & writers[2] or writers[1] & writers[2])


def test_a_folder_without_splits_is_all_test_for_a_model_of_another_corpus(tmp_path, caplog):
    folder = write_inks(tmp_path / "mine", 12)
    assert len(ids_of("test", folder)) == 12 and "no split folders: all of it is test" in caplog.text
    assert len(ids_of("validation", folder)) == 4, "tuning leaves the rest alone"


def test_validation_is_held_out_of_train_where_only_test_has_a_folder(tmp_path, caplog):
    folder = tmp_path / "mine"
    write_inks(folder / "train", 20)
    write_inks(folder / "test", 3)
    train, validation, test = (set(ids_of(split, folder)) for split in ("train", "validation", "test"))
    assert (len(train), len(validation), len(test)) == (17, 3, 3) and not train & validation
    assert "no folder of validation: held out by example" in caplog.text


def test_a_split_that_is_not_there_is_named_with_those_that_are(tmp_path):
    folder = tmp_path / "mine"
    write_inks(folder / "train", 4)
    write_inks(folder / "val", 2)
    with pytest.raises(ValueError, match="expected a split of train, validation, all, received 'test'"):
        ids_of("test", folder)


def test_what_lies_beside_the_splits_is_told(tmp_path, caplog):
    folder = tmp_path / "mine"
    write_inks(folder / "test", 2)
    write_inks(folder, 1, "loose")
    assert ids_of("test", folder) == ["test/ink0", "test/ink1"]
    assert "beside the splits, and not read: loose0.json" in caplog.text


@pytest.mark.parametrize("name", ["test", "dev"])
def test_a_split_given_alone_is_scored_whole_whatever_the_model_was_trained_on(tmp_path, name):
    folder = write_inks(tmp_path / name, 12)
    for recipe in (Recipe(), TRAINED_ON_FILES):
        assert len(ids_of("test", folder, recipe)) == len(ids_of("validation", folder, recipe)) == 12
        assert len(ids_of("all", folder, recipe)) == 12


def test_expressions_of_tfds_go_on_to_work(tmp_path):
    folder = write_inks(tmp_path / "mine", 10)
    assert len(ids_of("train[:40%]", folder, TRAINED_ON_INK, "json_ink")) == 4


def test_splits_inside_of_a_folder_that_is_called_like_one_are_read(tmp_path):
    folder = tmp_path / "test"
    for split, count in (("train", 5), ("validation", 2), ("test", 3)):
        write_inks(folder / split, count)
    assert [len(ids_of(split, folder)) for split in ("train", "validation", "test")] == [5, 2, 3]


def write_lines(file, count):
    lines = [json.dumps({"id": f"{n}", "text": "a", "strokes": [[[0, 0], [n, 9]]]}) for n in range(count)]
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(lines))


def test_several_files_of_one_split_are_joined_and_files_of_none_are_named(tmp_path, caplog):
    folder = tmp_path / "mine"
    for name, count in (("train_a", 5), ("train_b", 6), ("test", 8), ("extra", 4)):
        write_lines(folder / f"{name}.jsonl", count)
    assert ids_of("test", folder) == [str(n) for n in range(8)]
    assert "beside the splits, and not read: extra.jsonl" in caplog.text
    held_out = ids_of("validation", folder)
    train = ids_of("train", folder)
    assert len(train) + len(held_out) == 11 and "train_b/0" in train + held_out


def test_inks_named_after_their_text_are_no_splits(tmp_path):
    folder = write_inks(tmp_path / "mine", 4)
    for number, name in enumerate(("the_train", "a_train", "my_test")):
        (folder / f"ink{number}.json").rename(folder / f"{name}.json")
    assert len(ids_of("all", folder)) == 4 and len(ids_of("test", folder)) == 4
