import json

import numpy as np
import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import left_out, load
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.manifest.reader import find_manifests, read
from tests.small_audio import hum, hum16, write_audio, write_text


def write_manifest(path, *records):
    return write_text(path, "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))


def entry(name, **more):
    return {"audio_filepath": name, "text": "Größe", "duration": 1.0, **more}


@pytest.fixture
def long(tmp_path):
    return write_audio(tmp_path / "audio" / "long.flac", hum16(1.0))


def test_lines_are_utterances(tmp_path, long):
    records = entry("audio/long.flac", id="x", speaker="Jane"), entry(str(long)), entry("audio/long.flac", text=None)
    audio = list(read(write_manifest(tmp_path / "m.jsonl", *records), Skipped()))
    assert [(a.id, a.text) for a in audio] == [("x", "Größe"), ("long-2", "Größe"), ("long-3", "")]
    assert [a.speaker_id for a in audio] == [hashed_name("manifest", "Jane"), "", ""]
    for a in audio:
        np.testing.assert_array_equal(a.samples, hum16(1.0))


def test_an_offset_makes_it_a_part(tmp_path, long):
    records = entry("audio/long.flac", offset=0.25, duration=0.5), entry("audio/long.flac", offset=0.0, duration=0.5)
    parts = [a.samples for a in read(write_manifest(tmp_path / "m.jsonl", *records), Skipped())]
    np.testing.assert_array_equal(parts[0], hum16(1.0)[4_000:12_000])
    np.testing.assert_array_equal(parts[1], hum16(1.0)[:8_000])


def test_without_an_offset_a_rounded_duration_cuts_nothing(tmp_path, long):
    (audio,) = read(write_manifest(tmp_path / "m.jsonl", entry("audio/long.flac", duration=0.9)), Skipped())
    assert audio.seconds == 1.0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"audio_filepath": "audio/long.flac", ', "malformed"),
        ("[1, 2]", "malformed"),
        ('{"text": "x"}', "malformed"),
        ('{"audio_filepath": "audio/long.flac", "offset": "0"}', "malformed"),
        ('{"audio_filepath": "audio/long.flac", "duration": -1}', "malformed"),
        ('{"audio_filepath": "audio/long.flac", "offset": NaN, "duration": 1}', "malformed"),
        ('{"audio_filepath": "audio/long.flac", "offset": 0.5, "duration": 5}', "part beyond the end"),
        ('{"audio_filepath": "audio/long.flac", "offset": 0.5, "duration": 0}', "part"),
        ('{"audio_filepath": "none.wav"}', "unreadable"),
        ('{"audio_filepath": "m.jsonl"}', "no audio or damaged"),
    ],
)
def test_what_is_wrong_is_counted(tmp_path, long, line, reason):
    skipped = Skipped()
    assert not list(read(write_text(tmp_path / "m.jsonl", f"\n{line}\n"), skipped))
    assert dict(skipped.counts()) == {reason: 1}
    assert reason != "malformed" or skipped.items[0][0] == "m.jsonl:2"


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (["train.jsonl", "validation.jsonl", "test.jsonl"], ["train", "validation", "test"]),
        (["train_manifest.json", "dev_manifest.json", "test-manifest.json"], ["train", "validation", "test"]),
        (["manifest.train.ndjson", "VAL.json"], ["train", "validation"]),
        (["everything.jsonl"], ["train"]),
    ],
)
def test_manifests_are_named_after_splits(tmp_path, names, splits):
    for name in names:
        write_text(tmp_path / name, "")
    assert find_manifests(tmp_path) == {split: tmp_path / name for split, name in zip(splits, names, strict=True)}


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "expected manifests named train, validation and test .* found none"),
        (["a.json", "b.json"], "found a.json, b.json"),
        (["train.json", "train_manifest.json"], "train.json and train_manifest.json both name the split 'train'"),
    ],
)
def test_names_that_leave_doubt_are_refused(tmp_path, names, message):
    for name in names:
        write_text(tmp_path / name, "")
    with pytest.raises(ValueError, match=message):
        find_manifests(tmp_path)


def test_a_corpus_with_one_bad_file_in_a_hundred_is_prepared_and_says_which(tmp_path):
    """The bad audio of the field: empty, cut, renamed, NaN, six hours; odd but good: 8 bits, 7 channels, 192 kHz."""
    bad = {"empty", "cut", "letter", "nan", "hours"}
    good = [f"good-{number}" for number in range(92)] + ["bits", "channels", "rate"]
    for name in good[:92]:
        write_audio(tmp_path / f"{name}.wav", hum16(0.05))
    write_audio(tmp_path / "bits.wav", hum16(0.05), subtype="PCM_U8")
    write_audio(tmp_path / "channels.wav", hum(0.05, channels=7))
    write_audio(tmp_path / "rate.wav", hum(0.05, 192_000), 192_000)
    write_text(tmp_path / "empty.wav", "")
    write_text(tmp_path / "letter.wav", "Dear Sir or Madam")
    whole = write_audio(tmp_path / "cut.wav").read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[:-1_000])
    write_audio(tmp_path / "nan.wav", np.float32([0.0, np.nan] * 400), subtype="FLOAT")
    write_audio(tmp_path / "hours.flac", np.zeros(4_000 * 3_600, np.int16), 4_000)  # one will do
    records = [entry(f"{name}.flac" if name == "hours" else f"{name}.wav", id=name) for name in [*good, *sorted(bad)]]
    write_manifest(tmp_path / "train.jsonl", *records)
    rows = list(load("manifest", "train", tmp_path, tmp_path / "cache").as_numpy_iterator())
    assert {row["id"].decode() for row in rows} == set(good)
    assert {len(row["samples"]) for row in rows} == {800}
    reasons = {id: reason.split(":")[0] for id, reason in left_out("manifest", tmp_path, tmp_path / "cache")}
    assert reasons == {
        "empty": "empty file", "cut": "truncated", "letter": "no audio or damaged", "nan": "NaN", "hours": "too long"
    }  # fmt: skip


def test_a_changed_audio_file_is_seen(tmp_path):
    write_manifest(tmp_path / "train.jsonl", entry("a.wav"))
    write_audio(tmp_path / "a.wav", hum16(0.1))
    first = list(load("manifest", "train", tmp_path, tmp_path / "cache").as_numpy_iterator())
    write_audio(tmp_path / "a.wav", hum16(0.2))
    second = list(load("manifest", "train", tmp_path, tmp_path / "cache").as_numpy_iterator())
    assert [len(first[0]["samples"]), len(second[0]["samples"])] == [1_600, 3_200]


@pytest.mark.parametrize("indent", [None, 1])
def test_a_list_of_objects_is_a_manifest(tmp_path, long, indent):
    records = [entry("audio/long.flac", text=text) for text in ("x", "y", "z")]
    skipped = Skipped()
    for path in (write_text(tmp_path / "m.json", json.dumps(records, indent=indent)),):
        assert [a.text for a in read(path, skipped)] == ["x", "y", "z"] and not skipped


def test_of_a_list_that_is_cut_whole_lines_are_read(tmp_path, long):
    lines = [json.dumps(entry("audio/long.flac", text=text)) for text in "xy"]
    skipped = Skipped()
    path = write_text(tmp_path / "m.json", "[\n" + ",\n".join(lines) + ',\n{"audio_file')
    assert [a.text for a in read(path, skipped)] == ["x", "y"]
    assert dict(skipped.counts()) == {"malformed": 1}


def test_a_stated_channel_is_the_one_that_is_read(tmp_path):
    write_audio(tmp_path / "call.wav", np.stack([hum16(0.5, seed=1), hum16(0.5, seed=2)], axis=1))
    records = [entry("call.wav", channel=channel) for channel in (0, 1, [1], 2, "A")]
    skipped = Skipped()
    first, second, listed = read(write_manifest(tmp_path / "m.jsonl", *records), skipped)
    np.testing.assert_array_equal(first.samples, hum16(0.5, seed=1))
    np.testing.assert_array_equal(second.samples, hum16(0.5, seed=2))
    np.testing.assert_array_equal(listed.samples, second.samples)
    assert dict(skipped.counts()) == {"channel": 1, "malformed": 1}


@pytest.mark.parametrize("key", ["text", "transcript", "transcription", "sentence"])
def test_a_transcript_has_several_names(tmp_path, long, key):
    path = write_manifest(tmp_path / "m.jsonl", {"audio_filepath": "audio/long.flac", key: "x"})
    assert [a.text for a in read(path, Skipped())] == ["x"]


def test_hidden_manifests_are_none(tmp_path):
    for name in ("train.json", "._train.json"):
        write_text(tmp_path / name, "")
    assert find_manifests(tmp_path) == {"train": tmp_path / "train.json"}
