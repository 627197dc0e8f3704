"""TFDS's own corpora of speech: features of each and their conversion to audio."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.spoken_digits.takes import WORDS, Take, split
from seqapp.datasets.speech.waveform import to_waveform

Row = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Original:
    """How to read one of them.

    Args:
        splits: {our split: theirs}.
        to_audio: From a row, its place in the split and the names of the labels; ValueError where it has no transcript.
        split_of: Our split of a row, where theirs hold several of ours.
    """

    splits: Mapping[str, str]
    to_audio: Callable[[Row, str, list[str]], Audio]
    split_of: Callable[[Row], str] | None = None


def _librispeech(row: Row, place: str, labels: list[str]) -> Audio:
    samples = to_waveform(row["speech"], 16_000)
    text = row["text"].decode()
    return Audio(row["id"].decode(), samples, text=text, speaker_id=hashed_name("librispeech", str(row["speaker_id"])))


def _take(row: Row) -> Take:
    digit, speaker, number = Path(row["audio/filename"].decode()).stem.split("_")
    return Take(int(digit), speaker, int(number), Path())


def _spoken_digit(row: Row, place: str, labels: list[str]) -> Audio:
    take = _take(row)
    return Audio(take.id, to_waveform(row["audio"], 8_000), text=WORDS[row["label"]], speaker_id=take.speaker_id)


def _speech_commands(row: Row, place: str, labels: list[str]) -> Audio:
    text = labels[row["label"]].replace("_silence_", "")
    if text == "_unknown_":  # one of 25 other words: TFDS does not say which
        raise ValueError("no transcript: label _unknown_")
    return Audio(place, to_waveform(row["audio"], 16_000), text=text)  # TFDS does not keep the speakers


ORIGINALS = {
    "librispeech": Original(
        {
            "train": "train_clean100+train_clean360+train_other500",
            "validation": "dev_clean",
            "test": "test_clean",
            "validation_other": "dev_other",
            "test_other": "test_other",
        },
        _librispeech,
    ),
    "speech_commands": Original({"train": "train", "validation": "validation", "test": "test"}, _speech_commands),
    "spoken_digit": Original(
        {"train": "train", "validation": "train", "test": "train"}, _spoken_digit, lambda row: split(_take(row))
    ),
}
