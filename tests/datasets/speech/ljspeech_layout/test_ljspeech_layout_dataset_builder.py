import hashlib
from collections import Counter

import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import load
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.ljspeech_layout.reader import SPOKEN, WRITTEN, find_root, read
from seqapp.datasets.speech.ljspeech_layout.splits import split
from tests.small_audio import hum16, write_audio, write_text


@pytest.fixture
def corpus(tmp_path):
    root = tmp_path / "in" / "jane"
    lines = []
    for prompt in ("a0001", "b0389", "b0390", "b0439", "b0440", "b0539"):
        lines.append(f'arctic_{prompt}_15|"Mr. 3" said {prompt}|"mister three" said {prompt}')
        write_audio(root / "wavs" / f"arctic_{prompt}_15.opus", hum16(0.1), format="OGG", subtype="OPUS")
    write_text(root / "metadata.csv", "\n".join(lines))
    return root


def test_readings_of_arctic_are_split_by_prompt(corpus, tmp_path):
    expected = {"train": {"a0001", "b0389"}, "validation": {"b0390", "b0439"}, "test": {"b0440", "b0539"}}
    for name, prompts in expected.items():
        rows = list(load("ljspeech_layout", name, tmp_path / "in", tmp_path / "cache").as_numpy_iterator())
        assert {row["id"].decode() for row in rows} == {f"arctic_{prompt}_15" for prompt in prompts}
        assert {row["text"].decode() for row in rows} == {f'"mister three" said {prompt}' for prompt in prompts}
        assert {row["speaker_id"].decode() for row in rows} == {hashed_name("ljspeech_layout", "jane")}


def test_the_written_text_is_a_config(corpus, tmp_path):
    row = next(load("ljspeech_layout/written", "train", corpus, tmp_path / "cache").as_numpy_iterator())
    assert row["text"].decode().startswith('"Mr. 3" said')


def test_other_ids_are_split_by_their_hash():
    ids = [f"LJ{chapter:03d}-{number:04d}" for chapter in range(1, 51) for number in range(1, 263)]
    counts = Counter(map(split, ids))
    assert 0.04 < counts["validation"] / len(ids) < 0.06 and 0.04 < counts["test"] / len(ids) < 0.06
    for id in ids[:200]:
        rest = int(hashlib.sha1(id.encode()).hexdigest(), 16) % 20
        assert split(id) == ("validation" if rest == 0 else "test" if rest == 1 else "train")


def test_arctic_prompts_know_no_voice():
    assert split("arctic_b0450") == split("arctic_b0450_1592528737") == "test"
    assert split("arctic_a0450") == split("arctic_b0300") == "train"


def test_two_columns_suffixes_in_ids_and_any_format_are_read(tmp_path):
    write_text(tmp_path / "metadata.csv", "\ufeffarctic_a1111.wav|one\r\narctic_a1112|two | zwei \n\n")
    write_audio(tmp_path / "wavs" / "arctic_a1111.wav")
    write_audio(tmp_path / "wavs" / "arctic_a1112.flac")
    for column, texts in {SPOKEN: ["one", "zwei"], WRITTEN: ["one", "two"]}.items():
        assert [audio.text for audio in read(tmp_path, "train", Skipped(), column)] == texts


def test_what_is_broken_is_counted(tmp_path):
    write_text(tmp_path / "metadata.csv", "arctic_a0001\narctic_a0002|gone|gone\narctic_a0003|text|text\n")
    write_text(tmp_path / "wavs" / "arctic_a0003.wav", "no audio")
    skipped = Skipped()
    assert not list(read(tmp_path, "train", skipped))
    assert dict(skipped.counts()) == {"malformed": 1, "unreadable": 1, "no audio or damaged": 1}


def test_a_table_in_another_encoding_is_named(tmp_path):
    (tmp_path / "metadata.csv").write_bytes(b"a|caf\xe9|caf\xe9\n")
    with pytest.raises(ValueError, match="metadata.csv: not UTF-8"):
        list(read(tmp_path, "train", Skipped()))


def test_a_table_without_audio_is_no_such_corpus(tmp_path):
    write_text(tmp_path / "metadata.csv", "a|b|b")
    assert find_root(tmp_path) is None
    with pytest.raises(ValueError, match="the corpus is not in there.*metadata.csv and wavs/"):
        load("ljspeech_layout", "train", tmp_path, tmp_path / "cache")


@pytest.mark.parametrize("line", ["1|good day|", "1|good day", "1|good day| ", "1||good day", "1|good day|good day"])
def test_an_empty_column_gives_way_to_the_one_before_it(tmp_path, line):
    write_audio(tmp_path / "wavs" / "1.wav")
    write_text(tmp_path / "metadata.csv", line)
    texts = [audio.text for name in ("train", "validation", "test") for audio in read(tmp_path, name, Skipped())]
    assert texts == ["good day"]
