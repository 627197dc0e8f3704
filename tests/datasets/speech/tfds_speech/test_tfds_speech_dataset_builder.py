"""TFDS's own corpora, with rows of their documented features in place of their downloads."""

import types

import numpy as np
import pytest
import tensorflow_datasets as tfds

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import left_out, load
from seqapp.datasets.speech.tfds_speech import tfds_speech_dataset_builder
from seqapp.datasets.speech.waveform import to_waveform
from tests.small_audio import hum, hum16

LABELS = ["down", "yes", "_silence_", "_unknown_"]
SPLITS = {
    "librispeech": ["dev_clean", "test_clean", "train_clean100", "train_clean360"],
    "speech_commands": ["test", "train", "validation"],
    "spoken_digit": ["train"],
}


def eight_khz(seed):
    return np.rint(hum(0.1, 8_000, seed) * 32_768).astype(np.int64)  # TFDS keeps this corpus as int64


def all_rows(name, split):
    """Rows as the original's documentation describes them."""
    if name == "spoken_digit":
        names = [f"{digit}_{who}_{take}.wav" for digit in range(2) for who in ("theo", "george") for take in range(12)]
        return [
            {"audio": eight_khz(n), "audio/filename": file.encode(), "label": np.int64(file[0])}
            for n, file in enumerate(names)
        ]
    if name == "speech_commands":
        return [{"audio": hum16(0.1, seed), "label": np.int64(seed)} for seed in range(len(LABELS))]
    subsets = [part.strip() for part in split.split("+")]
    return [
        {
            "speech": hum16(0.1, seed), "text": b"GO DO YOU HEAR", "speaker_id": np.int64(84),
            "chapter_id": np.int64(121123), "id": f"84-{place}-{seed:04d}".encode(),
        }
        for place, _ in enumerate(subsets) for seed in range(2)
    ]  # fmt: skip


@pytest.fixture
def originals(monkeypatch):
    def builder(name, manual_dir, own_dir):
        def as_dataset(split, shuffle_files):
            assert set(split.split("+")) <= set(SPLITS[name]) and not shuffle_files
            return types.SimpleNamespace(as_numpy_iterator=lambda: iter(all_rows(name, split)))

        label = types.SimpleNamespace(names=LABELS)
        info = types.SimpleNamespace(
            splits=SPLITS[name], features={"label": label} if name == "speech_commands" else {"text": None}
        )
        return types.SimpleNamespace(info=info, as_dataset=as_dataset)

    monkeypatch.setattr(tfds_speech_dataset_builder, "_original_builder", builder)


def rows(name, split, folder):
    return {row["id"].decode(): row for row in load(name, split, folder, folder / "cache").as_numpy_iterator()}


def test_spoken_digit_is_divided_by_take_and_resampled(originals, tmp_path):
    found = {split: rows("tfds:spoken_digit", split, tmp_path) for split in ("train", "validation", "test")}
    assert {split: len(found[split]) for split in found} == {"train": 8, "validation": 20, "test": 20}
    theo = hashed_name("spoken_digits", "theo")
    row = found["test"][f"0_{theo.split('/')[1]}_0"]
    assert (row["text"], row["speaker_id"].decode()) == (b"zero", theo)
    np.testing.assert_array_equal(row["samples"], to_waveform(eight_khz(0), 8_000))


def test_librispeech_trains_on_all_that_is_there(originals, tmp_path):
    train = rows("tfds:librispeech", "train", tmp_path)
    assert len(train) == 4 and len(rows("tfds:librispeech", "validation", tmp_path)) == 2
    row = train["84-0-0001"]
    assert (row["text"], row["speaker_id"].decode()) == (b"GO DO YOU HEAR", hashed_name("librispeech", "84"))
    np.testing.assert_array_equal(row["samples"], hum16(0.1, 1))
    with pytest.raises(ValueError, match="expected a split of .*received 'test_other'"):
        rows("tfds:librispeech", "test_other", tmp_path)


def test_speech_commands_without_a_word_are_skipped_and_silence_is_empty(originals, tmp_path):
    assert sorted(row["text"] for row in rows("tfds:speech_commands", "test", tmp_path).values()) == [
        b"",
        b"down",
        b"yes",
    ]
    skipped = left_out("tfds:speech_commands", tmp_path, tmp_path / "cache")
    assert sorted(skipped) == [
        (f"{split}/000003", "no transcript: label _unknown_") for split in SPLITS["speech_commands"]
    ]


def test_a_package_that_tfds_forgets_to_require_is_named(tmp_path, monkeypatch):
    class Original:
        def is_prepared(self):
            return False

        def download_and_prepare(self, **_):
            raise ModuleNotFoundError("No module named 'pydub'", name="pydub")

    monkeypatch.setattr(tfds, "builder", lambda *_, **__: Original())
    with pytest.raises(ValueError, match="spoken_digit: TFDS needs the package 'pydub' to prepare it. pip install it"):
        load("tfds:spoken_digit", "train", tmp_path, tmp_path / "cache")
