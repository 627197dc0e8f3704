import tarfile

import numpy as np
import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import BUILDERS, load
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.spoken_digits.spoken_digits_dataset_builder import SPEAKERS
from seqapp.datasets.speech.spoken_digits.strings import PASSES, join_strings
from seqapp.datasets.speech.spoken_digits.takes import WORDS, Take, find_takes, split
from tests.small_audio import hum, write_audio, write_text

NAMES = ("george", "theo", "o_neil")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    root = tmp_path_factory.mktemp("in") / "free-spoken-digit-dataset-1.0.9"
    write_text(root / "recordings" / "README.txt", "no recording")
    for place, name in enumerate(NAMES):
        for digit in range(10):
            for number in range(12):
                seed = 1_000 * place + 100 * digit + number
                write_audio(root / "recordings" / f"{digit}_{name}_{number}.wav", hum(0.06, 8_000, seed), 8_000)
    return root


def rows(*arguments):
    return {row["id"].decode(): row for row in load(*arguments).as_numpy_iterator()}


def test_takes_0_to_4_are_the_test_set(corpus, tmp_path):
    sizes = {}
    for name in ("train", "validation", "test"):
        found = rows("spoken_digits", name, corpus, tmp_path)
        sizes[name] = len(found)
        numbers = {int(id.split("_")[2]) for id in found}
        assert numbers == {"train": {10, 11}, "validation": set(range(5, 10)), "test": set(range(5))}[name]
        for id, row in found.items():
            assert row["text"].decode() == WORDS[int(id[0])]
            assert row["speaker_id"].decode().endswith(id.split("_")[1])
            assert len(row["samples"]) == 960  # 60 ms, resampled
        assert not any(name in " ".join(found) for name in NAMES)
    assert sizes == {"train": 60, "validation": 150, "test": 150}


def test_who_is_left_out_is_the_test_set(corpus, tmp_path):
    speakers = {}
    for name in ("train", "validation", "test"):
        found = rows("spoken_digits/leave_out_theo", name, corpus, tmp_path)
        speakers[name] = {row["speaker_id"].decode() for row in found.values()}
        assert len(found) == {"train": 2 * 70, "validation": 2 * 50, "test": 120}[name]
    theo = hashed_name("spoken_digits", "theo")
    assert speakers["test"] == {theo} and theo not in speakers["train"] | speakers["validation"]


def test_strings_are_of_one_speaker_and_one_split(corpus, tmp_path):
    for name, takes in {"train": 60, "validation": 150, "test": 150}.items():
        found = rows("spoken_digits/strings", name, corpus, tmp_path)
        words = [row["text"].decode().split() for row in found.values()]
        assert sum(map(len, words)) == PASSES * takes
        assert {len(string) for string in words} == set(range(1, 8))
        for id, row in found.items():
            assert id.split("_")[:2] == [row["speaker_id"].decode().split("/")[1], name]
            num_words = len(row["text"].split())
            pauses = len(row["samples"]) / 16_000 - 0.06 * num_words
            assert 0.03 * (num_words + 1) - 0.001 <= pauses <= 0.25 * (num_words + 1)
    tested = rows("spoken_digits/strings_leave_out_george", "test", corpus, tmp_path)
    assert {row["speaker_id"].decode() for row in tested.values()} == {hashed_name("spoken_digits", "george")}
    assert sum(len(row["text"].split()) for row in tested.values()) == PASSES * 120


def test_an_archive_reads_the_same(corpus, tmp_path):
    with tarfile.open(tmp_path / "free-spoken-digit-dataset-1.0.9.tar.gz", "w:gz") as archive:
        archive.add(corpus, corpus.name)
    assert len(rows("spoken_digits", "all", tmp_path, tmp_path / "cache")) == 360


def test_an_absent_speaker_cannot_be_left_out(corpus, tmp_path):
    with pytest.raises(ValueError, match="leave_out: expected one of george, o_neil, theo, received 'lucas'"):
        load("spoken_digits/leave_out_lucas", "train", corpus, tmp_path)


def take(text, length=800, level=1_000, seed=0):
    samples = np.random.default_rng(seed).normal(0, level, length)
    samples[160:320] /= 10  # the softest 10 ms
    return Audio(f"{text}-{seed}", samples.astype(np.int16), text=text, speaker_id="s/1")


def test_strings_hold_their_takes_untouched_and_in_order():
    takes = [take(word, seed=seed) for seed, word in enumerate(WORDS)]
    of_word = {t.text: t.samples for t in takes}
    used = []
    for string in join_strings(takes, "train"):
        position = 0
        for word in string.text.split():
            samples = of_word[word]
            windows = np.lib.stride_tricks.sliding_window_view(string.samples[position:], len(samples))
            place = int(np.flatnonzero((windows == samples).all(axis=1))[0])
            position += place + len(samples)
            used.append(word)
    assert sorted(used) == sorted(WORDS * PASSES)


def test_pauses_are_as_soft_as_the_softest_of_a_take():
    (string, *_) = join_strings([take("one")], "train")
    pause = string.samples[:480].astype(float)  # the shortest pause is 30 ms
    assert np.sqrt(np.square(pause).mean()) == pytest.approx(100, rel=0.25)


def test_the_draw_is_the_same_for_everybody_and_another_for_each_split_and_speaker():
    takes = [take(word, seed=seed) for seed, word in enumerate(WORDS)]
    texts = [string.text for string in join_strings(takes, "train")]
    assert texts == [string.text for string in join_strings(takes, "train")]
    assert texts != [string.text for string in join_strings(takes, "test")]
    assert texts[:2] == ["two one six four three nine zero", "seven"]  # fixed: published numbers hang on it
    assert not list(join_strings([], "train"))


def test_takes_are_named_by_digit_speaker_and_number(corpus):
    takes = find_takes(corpus)
    assert len(takes) == 360 and len({take.id for take in takes}) == 360
    assert {take.speaker for take in takes} == set(NAMES)


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "test"), (4, "test"), (5, "validation"), (9, "validation"), (10, "train")]
)
def test_splits_by_take(number, expected):
    assert split(Take(1, "theo", number, None)) == expected
    assert split(Take(1, "theo", number, None), leave_out="theo") == "test"
    assert split(Take(1, "jackson", number, None), leave_out="theo") == ("validation" if 5 <= number < 10 else "train")


def test_every_speaker_can_be_left_out_by_name():
    for speaker in SPEAKERS:
        for config in (f"leave_out_{speaker}", f"strings_leave_out_{speaker}"):
            assert BUILDERS[f"spoken_digits/{config}"] == ("speech.spoken_digits", config)
