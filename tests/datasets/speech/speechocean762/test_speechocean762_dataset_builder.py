import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import load
from seqapp.datasets.speech.speechocean762.speechocean762_dataset_builder import validation_speakers
from tests.small_audio import hum16, write_audio, write_text


@pytest.fixture
def corpus(tmp_path):
    root = tmp_path / "in" / "speechocean762"
    for split, speakers in {"train": range(25), "test": range(30, 32)}.items():
        ids = [(f"{speaker:04d}{number:05d}", f"{speaker:04d}") for speaker in speakers for number in range(2)]
        write_text(root / split / "text", "".join(f"{id}\tWE CALL IT BEAR\n" for id, _ in ids))
        write_text(root / split / "utt2spk", "".join(f"{id} {speaker}\n" for id, speaker in ids))
        write_text(root / split / "wav.scp", "".join(f"{id}\tWAVE/SPEAKER{s}/{id}.opus\n" for id, s in ids))
        for id, speaker in ids:
            write_audio(root / "WAVE" / f"SPEAKER{speaker}" / f"{id}.opus", hum16(0.1), format="OGG", subtype="OPUS")
    return root


def test_every_tenth_speaker_of_train_is_validation(corpus, tmp_path):
    speakers = {}
    for split, size in {"train": 46, "validation": 4, "test": 4}.items():
        rows = list(load("speechocean762", split, corpus.parent, tmp_path / "cache").as_numpy_iterator())
        assert len(rows) == size
        assert {row["text"] for row in rows} == {b"WE CALL IT BEAR"}
        speakers[split] = {row["speaker_id"].decode() for row in rows}
    assert speakers["validation"] == {hashed_name("speechocean762", name) for name in ("0009", "0019")}
    assert not speakers["train"] & (speakers["validation"] | speakers["test"])


def test_the_tenth_is_counted_in_sorted_order_of_the_speakers():
    assert validation_speakers(["b", "a"] * 9 + list("cdefghijklmnopqrstuvwxyz")) == {"j", "t"}
    assert validation_speakers("abc") == set()


def test_another_folder_is_told_what_to_fetch(tmp_path):
    with pytest.raises(ValueError, match="the corpus is not in there.*openslr.org/101"):
        load("speechocean762", "train", tmp_path, tmp_path / "cache")
