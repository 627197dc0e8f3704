"""The builders of speech on the real corpora: published counts, disjoint speakers, nothing skipped."""

import functools
import os
from pathlib import Path

import pytest

from seqapp.datasets.load import left_out, load

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif("SEQAPP_DATA" not in os.environ, reason="SEQAPP_DATA names no folder of corpora"),
]
DIGITS = "free-spoken-digit-dataset-1.0.9.tar.gz"
CORPORA = {  # name: archive, {split: (utterances, speakers, seconds)}
    "an4": ("an4.tar", {"train": (848, 66, 2_283), "validation": (100, 8, 264), "test": (130, 10, 357)}),
    "speechocean762": (
        "speechocean762.tar", {"train": (2_260, 113, 9_359), "validation": (240, 12, 995), "test": (1_220, 61, 4_438)}
    ),
    "ljspeech_layout": (
        "kathleen.tar", {"train": (982, 1, 2_937), "validation": (50, 1, 169), "test": (100, 1, 348)}
    ),
    "spoken_digits": (DIGITS, {"train": (2_000, 5, 822), "validation": (250, 5, 102), "test": (250, 5, 101)}),
    "spoken_digits/leave_out_theo": (
        DIGITS, {"train": (1_800, 4, 746), "validation": (200, 4, 85), "test": (500, 1, 194)}
    ),
    "spoken_digits/strings": (DIGITS, {"train": (1_990, 5, 4_687), "validation": (249, 5, 583), "test": (260, 5, 582)}),
}  # fmt: skip
ALPHABETS = {
    "an4": set("ABCDEFGHIJKLMNOPQRSTUVWXYZ "),
    "speechocean762": set("ABCDEFGHIJKLMNOPQRSTUVWXYZ' "),
    "ljspeech_layout": set("abcdefghijklmnopqrstuvwxyz' "),
    "spoken_digits": set("efghinorstuvwxz"),
    "spoken_digits/leave_out_theo": set("efghinorstuvwxz"),
    "spoken_digits/strings": set("efghinorstuvwxz "),
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return os.environ.get("SEQAPP_CACHE") or tmp_path_factory.mktemp("cache")


def archive_of(name):
    return Path(os.environ["SEQAPP_DATA"]) / CORPORA[name][0]


@functools.cache
def facts(name, split, cache):
    """Number of utterances, speakers, seconds and characters of a split, which takes long to read."""
    count, speakers, samples, characters = 0, set(), 0, set()
    for row in load(name, split, archive_of(name), cache).as_numpy_iterator():
        count, samples = count + 1, samples + len(row["samples"])
        speakers.add(row["speaker_id"])
        characters |= set(row["text"].decode())
    return count, frozenset(speakers), round(samples / 16_000), frozenset(characters)


@pytest.mark.parametrize("name", CORPORA)
def test_counts_speakers_seconds_and_characters(name, cache):
    characters = set()
    for split, expected in CORPORA[name][1].items():
        count, speakers, seconds, of_split = facts(name, split, cache)
        assert (count, len(speakers), seconds) == expected
        characters |= of_split
    assert characters == ALPHABETS[name]
    assert not left_out(name, archive_of(name), cache)


@pytest.mark.parametrize("name", ["an4", "speechocean762"])
def test_no_speaker_is_in_two_splits(name, cache):
    speakers = [facts(name, split, cache)[1] for split in CORPORA[name][1]]
    assert sum(map(len, speakers)) == len(frozenset.union(*speakers))
