import tarfile

import numpy as np

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import left_out, load
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio_folder.reader import read
from tests.small_audio import hum16, write_audio, write_text


def test_text_lies_beside_audio_and_folders_are_speakers(tmp_path):
    for name, format in {"a.wav": "WAV", "Jane Doe/b.FLAC": "FLAC", "Jane Doe/c.mp3": "MP3"}.items():
        path = write_audio(tmp_path / name, format=format)
        write_text(path.with_suffix(".TXT" if format == "FLAC" else ".txt"), f"\ufeffsaid in\n{format}\n")
    audio = list(read(tmp_path, Skipped()))
    assert [(a.id, a.text) for a in audio] == [
        ("Jane Doe/b", "said in FLAC"), ("Jane Doe/c", "said in MP3"), ("a", "said in WAV")
    ]  # fmt: skip
    assert [a.speaker_id for a in audio] == [hashed_name("audio_folder", "Jane Doe")] * 2 + [""]
    np.testing.assert_array_equal(audio[0].samples, hum16())


def test_what_cannot_be_used_is_counted(tmp_path):
    write_audio(tmp_path / "silent" / "without.wav")
    write_text(tmp_path / "renamed.wav", "no audio")
    write_text(tmp_path / "renamed.txt", "text")
    write_audio(tmp_path / "latin.wav")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    skipped = Skipped()
    assert not list(read(tmp_path, skipped))
    assert [(id, reason.split(":")[0]) for id, reason in skipped.items] == [
        ("latin", "not UTF-8"), ("renamed", "no audio or damaged"), ("silent/without", "no transcript")
    ]  # fmt: skip


def test_audio_without_text_is_read_where_none_is_needed(tmp_path):
    write_audio(tmp_path / "a.wav")
    assert [audio.text for audio in read(tmp_path, Skipped(), needs_text=False)] == [""]


def test_folders_are_splits_packed_or_not(tmp_path):
    corpus = tmp_path / "corpus"
    for split, number in {"train": 2, "dev": 1, "test": 1}.items():
        for place in range(number):
            write_text(write_audio(corpus / split / "s1" / f"{place}.wav").with_suffix(".txt"), split)
    write_audio(corpus / "train" / "no_text.wav")
    with tarfile.open(tmp_path / "mine.tar.gz", "w:gz") as archive:
        archive.add(corpus, "corpus")
    for place in (corpus, tmp_path / "mine.tar.gz"):
        for split, texts in {"train": [b"train"] * 2, "validation": [b"dev"], "test": [b"test"]}.items():
            rows = list(load("audio_folder", split, place, tmp_path / "cache").as_numpy_iterator())
            assert [row["text"] for row in rows] == texts
        assert [id for id, _ in left_out("audio_folder", place, tmp_path / "cache")] == ["no_text"]


def test_copies_in_hidden_folders_do_not_train_and_what_is_not_read_is_told(tmp_path, caplog):
    for place in (".", ".ipynb_checkpoints", "@eaDir", "__MACOSX"):
        write_audio(tmp_path / place / "a.wav")
        write_text(tmp_path / place / "a.txt", "text")
    for name in ("b.wave", "c.WAV"):
        write_audio(tmp_path / name, format="WAV")
        write_text(tmp_path / f"{name[0]}.txt", "text")
    (tmp_path / "d.ape").touch()
    assert [audio.id for audio in read(tmp_path, Skipped())] == ["a", "b", "c"]
    assert "not read: 1 .ape" in caplog.text
