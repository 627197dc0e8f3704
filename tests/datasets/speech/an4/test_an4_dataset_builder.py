import shutil
import tarfile

import numpy as np
import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import left_out, load
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.an4.reader import find_root, read, transcripts
from tests.small_audio import hum16, write_audio, write_text

TRAIN = [f"an4_clstk/{speaker}/an{number}-{speaker}-b" for speaker in ("zzzz", "fash", "mema") for number in range(40)]
TEST = ["an4test_clstk/fcaw/an406-fcaw-b", "an4test_clstk/mmxg/cen1-mmxg-b"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    root = tmp_path_factory.mktemp("corpora") / "an4"
    for subset, paths in {"train": TRAIN, "test": TEST}.items():
        text = "<s> C H  R I S </s>" if subset == "train" else "C H  R I S"
        lines = [f"{text} ({path.split('/')[-1]})" for path in paths]
        write_text(root / "etc" / f"an4_{subset}.fileids", "\n".join(paths) + "\n")
        write_text(root / "etc" / f"an4_{subset}.transcription", "\n".join(lines) + "\n")
    for number, path in enumerate(TRAIN + TEST):
        write_audio(root / "wav" / f"{path}.flac", hum16(0.05, seed=number))
    return root


def rows(dataset):
    return {row["id"].decode(): row for row in dataset.as_numpy_iterator()}


def test_validation_is_the_first_hundred_in_sorted_order(corpus, tmp_path):
    found = {split: rows(load("an4", split, corpus, tmp_path)) for split in ("train", "validation", "test")}
    ids = [path.split("/")[-1] for path in sorted(TRAIN)]
    assert set(found["validation"]) == set(ids[:100])
    assert set(found["train"]) == set(ids[100:])
    assert set(found["test"]) == {"an406-fcaw-b", "cen1-mmxg-b"}
    row = found["test"]["an406-fcaw-b"]
    assert row["text"] == b"C H R I S" and row["speaker_id"].decode() == hashed_name("an4", "fcaw")
    assert row["samples"].dtype == np.int16
    np.testing.assert_array_equal(row["samples"], hum16(0.05, seed=len(TRAIN)))


def test_an_archive_is_as_good_as_its_folder_and_a_folder_around_it(corpus, tmp_path):
    with tarfile.open(tmp_path / "an4_sphere.tar.gz", "w:gz") as archive:
        archive.add(corpus, "an4")
    for place in (tmp_path / "an4_sphere.tar.gz", tmp_path, corpus.parent):
        assert len(rows(load("an4", "all", place, tmp_path / "cache"))) == 122


def test_sphere_files_as_distributed_are_read_too(tmp_path):
    samples = hum16(0.1)
    write_audio(tmp_path / "wav" / f"{TEST[0]}.sph", samples, format="NIST", subtype="PCM_16")
    (audio,) = read(tmp_path, {TEST[0]: "YES"}, TEST[:1], Skipped())
    np.testing.assert_array_equal(audio.samples, samples)


def test_transcripts_lose_their_marks_and_names(tmp_path):
    lines = "<s> YES </s> (a-x-b)\nERASE  O (b-x-b)\n<s>\tGO </s> (c-x-b)"
    write_text(tmp_path / "etc" / "an4_train.fileids", "s/x/a-x-b\r\ns/x/b-x-b\r\ns/x/c-x-b")
    write_text(tmp_path / "etc" / "an4_train.transcription", lines)
    assert list(transcripts(tmp_path, "train").values()) == ["YES", "ERASE  O", "GO"]


def test_missing_and_broken_audio_is_counted(corpus, tmp_path):
    shutil.copytree(corpus, tmp_path / "an4")
    (tmp_path / "an4" / "wav" / f"{TEST[0]}.flac").unlink()
    write_text(tmp_path / "an4" / "wav" / f"{TEST[1]}.flac", "no audio")
    (tmp_path / "an4" / "wav" / f"{TRAIN[0]}.flac").write_bytes(b"")
    assert len(rows(load("an4", "all", tmp_path / "an4", tmp_path / "cache"))) == 119
    reasons = dict(left_out("an4", tmp_path / "an4", tmp_path / "cache"))
    assert {id: reason.split(":")[0] for id, reason in reasons.items()} == {
        "an406-fcaw-b": "unreadable", "cen1-mmxg-b": "no audio or damaged", "an0-zzzz-b": "empty file"
    }  # fmt: skip


def test_lists_that_disagree_stop_everything(tmp_path):
    write_text(tmp_path / "etc" / "an4_train.fileids", "s/x/a-x-b\ns/x/b-x-b\n")
    write_text(tmp_path / "etc" / "an4_train.transcription", "YES (a-x-b)\n")
    with pytest.raises(ValueError, match="2 file ids, but 1 transcripts"):
        transcripts(tmp_path, "train")
    write_text(tmp_path / "etc" / "an4_train.transcription", "YES (a-x-b)\nNO (c-x-b)\n")
    with pytest.raises(ValueError, match="expected a transcript of 's/x/b-x-b', received 'NO .c-x-b.'"):
        transcripts(tmp_path, "train")
    with pytest.raises(ValueError, match="an4_test.fileids: expected a list of AN4, found nothing"):
        transcripts(tmp_path, "test")
    assert find_root(tmp_path) == tmp_path


def test_another_folder_is_told_what_to_fetch(tmp_path):
    with pytest.raises(ValueError, match="the corpus is not in there.*Fetch AN4"):
        load("an4", "train", tmp_path, tmp_path / "cache")
