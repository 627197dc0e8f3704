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
