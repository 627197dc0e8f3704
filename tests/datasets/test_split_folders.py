import pytest

from seqapp.datasets.split_folders import find_splits


def test_folders_archives_and_files_are_found_by_name(tmp_path):
    (tmp_path / "Train").mkdir()
    (tmp_path / "val.jsonl").touch()
    (tmp_path / "test.tar.gz").touch()
    (tmp_path / "notes.txt").touch()
    found = {split: path.name for split, path in find_splits(tmp_path).items()}
    assert found == {"train": "Train", "validation": "val.jsonl", "test": "test.tar.gz"}


def test_without_names_everything_is_train(tmp_path):
    (tmp_path / "a.json").touch()
    assert find_splits(tmp_path) == {"train": tmp_path}


def test_two_claims_to_a_split_are_refused(tmp_path):
    (tmp_path / "val").mkdir()
    (tmp_path / "valid").mkdir()
    with pytest.raises(ValueError, match="val and valid both name the split 'validation'"):
        find_splits(tmp_path)


@pytest.mark.parametrize("name", ["valid", "val", "dev", "eval", "Validation", "EVAL"])
def test_validation_has_many_names(tmp_path, name):
    (tmp_path / name).mkdir()
    assert find_splits(tmp_path) == {"validation": tmp_path / name}


def test_lists_and_single_examples_are_no_splits(tmp_path):
    for name in ("train.txt", "train.lst", "test.wav", "test.png", "val.csv", ".train"):
        (tmp_path / name).touch()
    assert find_splits(tmp_path) == {"train": tmp_path}
    (tmp_path / "train").mkdir()
    assert find_splits(tmp_path) == {"train": tmp_path / "train"}


def test_a_folder_goes_before_its_archive_and_says_so(tmp_path, caplog):
    (tmp_path / "train").mkdir()
    (tmp_path / "train.zip").touch()
    assert find_splits(tmp_path) == {"train": tmp_path / "train"}
    assert "train/ is read, train.zip is not" in caplog.text
