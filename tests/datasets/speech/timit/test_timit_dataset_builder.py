import shutil

import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import left_out, load
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.timit.reader import find_root, read
from seqapp.datasets.speech.timit.splits import CORE_TEST, VALIDATION, split
from tests.small_audio import hum16, write_audio, write_text

SENTENCE = "0 46797 She had your dark suit in greasy wash water all year.\n"


def write_speaker(root, place, sentences=("SA1", "SI1027", "SX37"), suffix=".WAV"):
    for sentence in sentences:
        write_text(root / place / f"{sentence}.TXT", SENTENCE)
        write_text(root / place / f"{sentence}.PHN", "0 46797 h#\n")
        write_audio(root / place / f"{sentence}{suffix}", hum16(0.1), format="NIST", subtype="PCM_16")


@pytest.fixture
def corpus(tmp_path):
    root = tmp_path / "in" / "TIMIT"
    for place in ("TRAIN/DR1/FCJF0", "TRAIN/DR8/MTCS0", "TEST/DR1/FAKS0", "TEST/DR1/FELC0", "TEST/DR1/FDAC1",
                  "TEST/DR2/MABW0"):  # fmt: skip
        write_speaker(root, place)
    return root


def test_the_splits_are_the_fields(corpus, tmp_path):
    speakers = {"train": {"FCJF0", "MTCS0"}, "validation": {"FAKS0", "FDAC1"}, "test": {"FELC0"}}
    for name, expected in speakers.items():
        rows = {
            row["id"].decode(): row for row in load("timit", name, corpus.parent, tmp_path / "c").as_numpy_iterator()
        }
        assert set(rows) == {f"{speaker}_{sentence}" for speaker in expected for sentence in ("SI1027", "SX37")}
        assert {row["text"] for row in rows.values()} == {b"She had your dark suit in greasy wash water all year."}
        assert {row["speaker_id"].decode() for row in rows.values()} == {hashed_name("timit", s) for s in expected}
        assert {len(row["samples"]) for row in rows.values()} == {1_600}


def test_the_lists_have_the_published_sizes():
    assert (len(CORE_TEST), len(VALIDATION), len(CORE_TEST & VALIDATION)) == (24, 50, 0)
    assert sum(name.startswith("f") for name in CORE_TEST) == 8


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (("TRAIN", "FCJF0", "SA2"), None),
        (("TRAIN", "FCJF0", "SI648"), "train"),
        (("train", "mdab0", "sx1"), "train"),
        (("TEST", "MDAB0", "SX139"), "test"),
        (("test", "faks0", "si943"), "validation"),
        (("TEST", "MABW0", "SI1230"), None),
    ],
)
def test_where_a_recording_belongs(place, expected):
    assert split(*place) == expected


def test_other_spellings_read_the_same(corpus, tmp_path):
    lower = tmp_path / "lower"
    for path in corpus.rglob("*.*"):
        target = lower / path.relative_to(corpus).as_posix().lower()
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    doubled = tmp_path / "doubled"
    shutil.copytree(corpus, doubled)
    for path in list(doubled.rglob("*.WAV")):  # converted, the original beside it
        write_audio(path.with_name(f"{path.name}.wav"), hum16(0.1))
        path.write_bytes(b"")
    names = [audio.id for audio in read(corpus, "train", Skipped())]
    for root in (lower, doubled):
        assert find_root(root) == root
        skipped = Skipped()
        assert [audio.id for audio in read(root, "train", skipped)] == names
        assert not skipped


def test_what_is_broken_is_counted(corpus, tmp_path):
    folder = corpus / "TRAIN" / "DR1" / "FCJF0"
    (folder / "SI1027.WAV").unlink()
    write_text(folder / "SX37.TXT", "She had your dark suit\n")
    (corpus / "TRAIN" / "DR8" / "MTCS0" / "SX37.WAV").write_bytes(b"NIST_1A\n   1024\nsample_count -i 1600\n")
    load("timit", "train", corpus, tmp_path / "cache")
    reasons = {id: reason.split(":")[0] for id, reason in left_out("timit", corpus, tmp_path / "cache")}
    assert reasons == {
        "FCJF0_SI1027": "no audio file", "FCJF0_SX37": "malformed", "MTCS0_SX37": "truncated"
    }  # fmt: skip


def test_another_folder_is_told_what_to_bring(tmp_path):
    with pytest.raises(ValueError, match="the corpus is not in there.*licensed by the LDC"):
        load("timit", "train", tmp_path, tmp_path / "cache")
