import tarfile

import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import load
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.librispeech.librispeech_dataset_builder import Builder
from seqapp.datasets.speech.librispeech.reader import SUBSETS, read
from tests.small_audio import write_audio, write_text


def write_subset(root, subset, speaker="84", chapter="121123", number=2):
    folder = root / subset / speaker / chapter
    ids = [f"{speaker}-{chapter}-{place:04d}" for place in range(number)]
    write_text(folder / f"{speaker}-{chapter}.trans.txt", "".join(f"{id} GO DO YOU HEAR\n" for id in ids))
    for id in ids:
        write_audio(folder / f"{id}.flac")
    return root / subset


@pytest.fixture
def corpus(tmp_path):
    root = tmp_path / "in" / "LibriSpeech"
    for number, subset in enumerate(("train-clean-100", "train-other-500", "dev-clean", "test-clean", "test-other")):
        write_subset(root, subset, speaker=str(100 + number), number=number + 1)
    write_text(root / "SPEAKERS.TXT", "; no names are needed\n")
    return root


def ids(*arguments):
    return sorted(row["id"].decode() for row in load(*arguments).as_numpy_iterator())


def test_subsets_that_are_there_make_up_the_splits(corpus, tmp_path):
    cache = tmp_path / "cache"
    assert ids("librispeech", "train", corpus, cache) == ["100-121123-0000"]
    assert ids("librispeech/all_960", "train", corpus.parent, cache) == [
        "100-121123-0000",
        "101-121123-0000",
        "101-121123-0001",
    ]
    assert len(ids("librispeech/clean_100", "validation", corpus, cache)) == 3
    assert len(ids("librispeech/clean_100", "test", corpus, cache)) == 4
    assert len(ids("librispeech/clean_100", "test_other", corpus, cache)) == 5
    with pytest.raises(ValueError, match="expected a split of .*received 'validation_other'"):
        ids("librispeech/clean_100", "validation_other", corpus, cache)


def test_what_train_lacks_of_its_config_is_logged(corpus, tmp_path, caplog):
    load("librispeech/all_960", "train", corpus, tmp_path / "cache")
    assert "train is without train-clean-360" in caplog.text


def test_utterances_are_those_of_the_transcripts(tmp_path):
    subset = write_subset(tmp_path, "dev-clean", number=3)
    (subset / "84" / "121123" / "84-121123-0001.flac").unlink()
    write_text(subset / "84" / "121123" / "84-121123-0002.flac", "no audio")
    skipped = Skipped()
    (audio,) = read(subset, skipped)
    assert (audio.id, audio.text) == ("84-121123-0000", "GO DO YOU HEAR")
    assert audio.speaker_id == hashed_name("librispeech", "84")
    assert dict(skipped.counts()) == {"unreadable": 1, "no audio or damaged": 1}


def test_archives_are_read_as_they_are_downloaded(tmp_path):
    for subset in ("train-clean-5", "dev-clean-2"):
        write_subset(tmp_path / "made" / "LibriSpeech", subset, speaker=subset[-1])
        (tmp_path / "in").mkdir(exist_ok=True)
        with tarfile.open(tmp_path / "in" / f"{subset}.tar.gz", "w:gz") as archive:
            archive.add(tmp_path / "made" / "LibriSpeech" / subset, f"LibriSpeech/{subset}")
    assert len(ids("librispeech/mini", "train", tmp_path / "in", tmp_path / "cache")) == 2
    assert len(ids("librispeech/mini", "validation", tmp_path / "in", tmp_path / "cache")) == 2
    assert len(ids("librispeech/mini", "train", tmp_path / "in" / "train-clean-5.tar.gz", tmp_path / "cache")) == 2


def test_one_subset_is_enough_to_evaluate(tmp_path):
    subset = write_subset(tmp_path, "test-clean")
    assert len(ids("librispeech/clean_460", "test", subset, tmp_path / "cache")) == 2


def test_configs_name_nothing_but_subsets():
    used = {subset for config in Builder.BUILDER_CONFIGS for subsets in config.splits.values() for subset in subsets}
    assert used == set(SUBSETS)


def test_another_folder_is_told_what_to_fetch(corpus, tmp_path):
    with pytest.raises(ValueError, match="no subset of mini in there.*openslr.org/12"):
        load("librispeech/mini", "train", corpus, tmp_path / "cache")


def test_what_a_mac_leaves_beside_a_chapter_is_no_chapter(tmp_path):
    subset = write_subset(tmp_path, "train-clean-100")
    (subset / "84" / "121123" / "._84-121123.trans.txt").write_bytes(b"\x00\x05\x16\x07\xff")
    assert len(list(read(subset, Skipped()))) == 2
