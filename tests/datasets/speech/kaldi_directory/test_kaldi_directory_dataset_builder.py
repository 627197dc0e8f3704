import tarfile

import numpy as np
import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import left_out, load
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.kaldi_directory.reader import read
from seqapp.datasets.speech.kaldi_directory.recording import channel_of_command, find_recording
from seqapp.datasets.speech.kaldi_directory.table import read_table
from tests.small_audio import hum16, write_audio, write_text


@pytest.fixture
def directory(tmp_path):
    """Three utterances, paths relative to the corpus as Kaldi's scripts write them."""
    folder = tmp_path / "corpus" / "data" / "train"
    for number in range(3):
        write_audio(tmp_path / "corpus" / "audio" / f"{number}.flac", hum16(1.0, seed=number))
    write_text(folder / "text", "u0 HELLO WORLD\nu1\tGrüße  dich\nu2\n")
    write_text(folder / "wav.scp", "u0 audio/0.flac\nu1 audio/1.flac\nu2 audio/2.flac\n")
    write_text(folder / "utt2spk", "u0 jane\nu1 jane\nu2 john\n")
    return folder


def found(folder):
    skipped = Skipped()
    return list(read(folder, skipped)), skipped


def test_utterances_are_whole_files(directory):
    audio, skipped = found(directory)
    assert [(a.id, a.text) for a in audio] == [("u0", "HELLO WORLD"), ("u1", "Grüße dich"), ("u2", "")]
    assert [a.speaker_id for a in audio] == [hashed_name("kaldi_directory", name) for name in ("jane", "jane", "john")]
    for number, a in enumerate(audio):
        np.testing.assert_array_equal(a.samples, hum16(1.0, seed=number))
    assert not skipped


def test_segments_cut_recordings(directory):
    write_text(directory / "segments", "u0 u2 0.25 0.5\nu1 u2 0.5 -1\nu2 u0 0.9 1.05\n")
    audio, _ = found(directory)
    long = hum16(1.0, seed=2)
    np.testing.assert_array_equal(audio[0].samples, long[4_000:8_000])
    np.testing.assert_array_equal(audio[1].samples, long[8_000:])
    np.testing.assert_array_equal(audio[2].samples, hum16(1.0)[14_400:])


def test_speakers_may_be_unknown(directory):
    (directory / "utt2spk").unlink()
    assert {a.speaker_id for a in found(directory)[0]} == {""}


@pytest.mark.parametrize(
    ("table", "content", "reasons"),
    [
        ("wav.scp", "u0 sph2pipe -f wav audio/0.sph |\nu1 audio/1.flac\nu2 audio/2.flac", {"command in wav.scp": 1}),
        ("wav.scp", "u0 /raw/wav.ark:4711\nu1 audio/1.flac\nu2 audio/2.flac", {"archive in wav.scp": 1}),
        ("wav.scp", "u0 audio/none.flac\nu1 audio/1.flac\nu2", {"no audio file": 1, "not in wav.scp": 1}),
        ("segments", "u0 u0 0 0.5\nu1 u1 0.5 0.2\nu2 u2 3 4", {"part": 1, "part beyond the end": 1}),
        ("segments", "u0 u0 zero 1\nu1 u1 0\nu2 u9 0 1", {"segments": 2, "not in wav.scp": 1}),
        ("segments", "u0 u0 nan 1\nu1 u1 0 inf", {"part": 2, "segments": 1}),
    ],
)
def test_what_cannot_be_used_is_counted(directory, table, content, reasons):
    write_text(directory / table, content)
    audio, skipped = found(directory)
    assert dict(skipped.counts()) == reasons
    assert len(audio) + len(skipped) == 3


def test_commands_and_archives_are_refused_with_the_way_out(tmp_path):
    with pytest.raises(
        ValueError, match=r"command in wav.scp: 'flac -cds a.flac \|'. Write the path of the audio file"
    ):
        find_recording("flac -cds a.flac |", tmp_path)
    with pytest.raises(ValueError, match="archive in wav.scp: 'raw.ark:12'. Copy it to audio files first"):
        find_recording("raw.ark:12", tmp_path)
    with pytest.raises(ValueError, match="no audio file: 'a.wav'. Give an absolute path, or one relative to"):
        find_recording("a.wav", tmp_path)


def test_a_corpus_of_commands_says_so(directory, tmp_path):
    write_text(directory / "wav.scp", "\n".join(f"u{n} sox audio/{n}.flac -t wav - speed 1.1 |" for n in range(3)))
    with pytest.raises(ValueError, match="at least one usable audio.* 3 .3 command in wav.scp.*Write the path"):
        load("kaldi_directory", "train", directory.parent, tmp_path / "cache")


def test_absolute_paths_with_blanks_are_found(tmp_path):
    path = write_audio(tmp_path / "my files" / "a: 1.wav")
    assert find_recording(str(path), tmp_path / "elsewhere") == path


def test_tables_are_utf8_with_single_keys(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"\xef\xbb\xbfu1 a b \r\n\nu2\tc\n  \nu3\n")
    assert read_table(path) == {"u1": "a b", "u2": "c", "u3": ""}
    path.write_bytes(b"u1 a\nu2 b\nu1 c\n")
    with pytest.raises(ValueError, match="line 3: 'u1' comes twice"):
        read_table(path)
    path.write_bytes(b"u1 caf\xe9\n")
    with pytest.raises(ValueError, match="not UTF-8"):
        read_table(path)


def test_folders_are_splits_packed_or_not_and_one_alone_is_train(directory, tmp_path):
    corpus = tmp_path / "corpus"
    for split in ("dev", "test"):
        for name in ("text", "wav.scp"):
            write_text(corpus / "data" / split / name, (directory / name).read_text("utf-8").splitlines()[0])
    with tarfile.open(tmp_path / "mine.tar", "w") as archive:
        archive.add(corpus, "corpus")
    sizes = {"train": 3, "validation": 1, "test": 1}
    for split, size in sizes.items():
        assert len(list(load("kaldi_directory", split, corpus / "data", tmp_path / "cache"))) == size
    assert len(list(load("kaldi_directory", "all", directory, tmp_path / "cache"))) == 3
    assert not left_out("kaldi_directory", corpus / "data", tmp_path / "cache")
    with pytest.raises(ValueError, match="expected the files text and wav.scp"):
        load("kaldi_directory", "train", corpus / "audio", tmp_path / "cache")


@pytest.mark.parametrize(
    ("command", "channel"),
    [
        ("sph2pipe -f wav -p a.wav |", None),
        ("/opt/kaldi/tools/sph2pipe -f wav -p -c 2 a.wav|", 1),
        ("flac -c -d -s a.wav |", None),
        ("sox a.wav -t wav -r 16000 -b 16 - |", None),
        ("sox a.wav -t wav - remix 1 |", 0),
        ("ffmpeg -nostdin -loglevel error -i 'a.wav' -ac 1 -ar 16k -f wav - |", None),
        ("cat a.wav |", None),
    ],
)
def test_a_command_that_only_decodes_one_file_is_that_file(tmp_path, command, channel):
    path = write_audio(tmp_path / "a.wav")
    assert find_recording(command, tmp_path) == path and channel_of_command(command) == channel


@pytest.mark.parametrize(
    "command",
    [
        "sox a.wav -t wav - speed 1.1 |", "sox -m a.wav b.wav -t wav - |", "ffmpeg -ss 3 -i a.wav -f wav - |",
        "cat a.wav | sox -t wav - -t wav - |", "rm a.wav |", "sox 'a.wav -t wav - |", "gunzip -c a.wav |",
        "sox a.wav -t wav - remix 1,2 |",
    ],
)  # fmt: skip
def test_a_command_that_does_more_is_refused_and_never_run(tmp_path, command):
    for name in ("a.wav", "b.wav"):
        write_audio(tmp_path / name)
    with pytest.raises(ValueError, match="command in wav.scp"):
        find_recording(command, tmp_path)
    assert (tmp_path / "a.wav").is_file()


def test_two_sides_of_a_call_are_two_recordings(tmp_path):
    write_audio(tmp_path / "call.wav", np.stack([hum16(1.0, seed=1), hum16(1.0, seed=2)], axis=1))
    write_text(tmp_path / "text", "u1 x\nu2 y\nu3 z\n")
    write_text(tmp_path / "wav.scp", "c-A call.wav\nc-B call.wav\nc sph2pipe -f wav -c 2 call.wav |\n")
    write_text(tmp_path / "segments", "u1 c-A 0 1\nu2 c-B 0 1\nu3 c 0 1\n")
    write_text(tmp_path / "reco2file_and_channel", "c-A call A\nc-B call B\n")
    first, second, piped = found(tmp_path)[0]
    np.testing.assert_array_equal(first.samples, hum16(1.0, seed=1))
    np.testing.assert_array_equal(second.samples, hum16(1.0, seed=2))
    np.testing.assert_array_equal(piped.samples, second.samples)
    write_text(tmp_path / "reco2file_and_channel", "c-A call left\n")
    with pytest.raises(ValueError, match="with channel A or B, received 'left'"):
        found(tmp_path)
