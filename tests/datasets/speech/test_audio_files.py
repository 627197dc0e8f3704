import json
import zipfile

import numpy as np
import pytest

from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio_files import read_audio
from tests.small_audio import hum16, write_audio, write_text


def test_a_file_is_one_audio_named_after_it(tmp_path):
    path = write_audio(tmp_path / "Interview 3.flac")
    (audio,) = read_audio(path, Skipped())
    assert (audio.id, audio.text, audio.speaker_id, audio.sample_rate_hz) == ("Interview 3", "", "", 16_000)
    np.testing.assert_array_equal(audio.samples, hum16())
    write_text(path.with_suffix(".txt"), "what was\nsaid\n")
    (audio,) = read_audio(str(path), Skipped())
    assert audio.text == "what was said"


def test_a_folder_may_mix_formats_and_its_archive_reads_the_same(tmp_path):
    folder = tmp_path / "mixed"
    for name in ("b.wav", "a.flac", "sub/a.ogg", "sub/deep/c.sph", "sub/d.MP3", ".hidden.wav"):
        suffix = name.rpartition(".")[2].lower()
        write_audio(folder / name, format={"sph": "NIST"}.get(suffix, suffix.upper()))
    write_text(folder / "a.txt", "with a text")
    write_text(folder / "broken.wav", "no audio")
    with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as archive:
        for path in folder.rglob("*.*"):
            archive.write(path, path.relative_to(tmp_path))
    skipped = Skipped()
    found = {audio.id: audio for audio in read_audio(folder, skipped)}
    assert list(found) == ["a", "b", "sub/a", "sub/d", "sub/deep/c"]
    assert [audio.text for audio in found.values()] == ["with a text", "", "", "", ""]
    assert [id for id, _ in skipped.items] == ["broken"] and dict(skipped.counts()) == {"no audio or damaged": 1}
    packed = {audio.id: audio for audio in read_audio(tmp_path / "mixed.zip", Skipped())}
    assert list(packed) == [f"mixed/{id}" for id in found]
    for id, audio in found.items():
        np.testing.assert_array_equal(packed[f"mixed/{id}"].samples, audio.samples)


def test_a_kaldi_directory_and_a_manifest_are_read_as_such(tmp_path):
    write_audio(tmp_path / "a.wav", hum16(1.0))
    write_text(tmp_path / "text", "u1 hello\n")
    write_text(tmp_path / "wav.scp", "u1 a.wav\n")
    assert [(audio.id, audio.text) for audio in read_audio(tmp_path, Skipped())] == [("u1", "hello")]
    record = {"audio_filepath": "a.wav", "text": "bye", "offset": 0.5, "duration": 0.25}
    write_text(tmp_path / "m.jsonl", json.dumps(record))
    (audio,) = read_audio(tmp_path / "m.jsonl", Skipped())
    assert (audio.text, audio.seconds) == ("bye", 0.25)


def test_the_longest_accepted_is_asked_for(tmp_path):
    path = write_audio(tmp_path / "a.wav", hum16(2.0))
    assert len(list(read_audio(path, Skipped(), max_seconds=2.0))) == 1
    with pytest.raises(ValueError, match="too long: a.wav: 2.0 s, more than the 1 allowed"):
        list(read_audio(path, Skipped(), max_seconds=1.0))
    skipped = Skipped()
    assert not list(read_audio(tmp_path, skipped, max_seconds=1.0))
    assert dict(skipped.counts()) == {"too long": 1}


def test_nothing_there_and_nothing_in_there(tmp_path):
    with pytest.raises(ValueError, match="expected a file, folder or archive of audio, found nothing"):
        list(read_audio(tmp_path / "none", Skipped()))
    with pytest.raises(ValueError, match="no audio in there. Supported: audio files .WAV, FLAC"):
        list(read_audio(tmp_path, Skipped()))
    write_audio(tmp_path / "in" / "a.wav")
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.write(tmp_path / "in" / "a.wav", "a.wav")
    (tmp_path / "in" / "a.wav").unlink()
    with pytest.raises(ValueError, match="no audio in there. Give one of the archives in there by its name: mine.zip"):
        list(read_audio(tmp_path, Skipped()))


def test_a_broken_file_alone_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="no audio or damaged: letter.wav"):
        list(read_audio(write_text(tmp_path / "letter.wav", "Dear Sir"), Skipped()))
    write_audio(tmp_path / "a.wav")
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    with pytest.raises(ValueError, match="not UTF-8: a.txt"):
        list(read_audio(tmp_path / "a.wav", Skipped()))


def test_files_that_differ_in_the_suffix_alone_are_both_read(tmp_path):
    for name in ("a.wav", "a.flac", "b.wav"):
        write_audio(tmp_path / name, format=name.rpartition(".")[2].upper())
    skipped = Skipped()
    assert [audio.id for audio in read_audio(tmp_path, skipped)] == ["a.flac", "a.wav", "b"] and not skipped
