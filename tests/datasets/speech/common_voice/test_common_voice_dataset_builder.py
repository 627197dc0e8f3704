import tarfile

import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.load import left_out, load
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.common_voice.reader import find_root, read
from tests.small_audio import hum, write_audio, write_text

OLD = "client_id\tpath\tsentence\tup_votes\tdown_votes\tage\tgender\taccent\tlocale\tsegment"  # 6.1
NEW = (  # 17.0
    "client_id\tpath\tsentence_id\tsentence\tsentence_domain\tup_votes\tdown_votes\tage\tgender\taccents\tvariant\t"
    "locale\tsegment"
)


def line(header, clip, sentence, client="abc123"):
    values = {"client_id": client, "path": clip, "sentence": sentence, "locale": "de"}
    return "\t".join(values.get(name, "") for name in header.split("\t"))


def write_language(root, header=OLD, sentences=('"Ja', "Größe?", 'sagte er: "nein"')):
    for split, name in {"train": "train", "validation": "dev", "test": "test"}.items():
        clips = [f"common_voice_de_{split}_{number}.mp3" for number in range(len(sentences))]
        lines = [line(header, clip, text) for clip, text in zip(clips, sentences)]
        write_text(root / f"{name}.tsv", "\n".join([header, *lines]) + "\n")
        for clip in clips:
            write_audio(root / "clips" / clip, hum(0.5, 32_000), 32_000, format="MP3")
    return root


@pytest.mark.parametrize("header", [OLD, NEW])
def test_columns_are_found_by_name_and_quotes_are_text(tmp_path, header):
    root = write_language(tmp_path / "de", header)
    audio = list(read(root, "validation", Skipped()))
    assert [a.text for a in audio] == ['"Ja', "Größe?", 'sagte er: "nein"']
    assert [a.id for a in audio] == [f"common_voice_de_validation_{number}" for number in range(3)]
    assert {a.speaker_id for a in audio} == {hashed_name("common_voice", "abc123")}
    assert {len(a.samples) for a in audio} == {8_000}


def test_splits_are_the_official_lists_packed_or_not(tmp_path):
    release = tmp_path / "in" / "cv-corpus-17.0-2024-03-15"
    write_language(release / "de", NEW)
    with tarfile.open(tmp_path / "cv-corpus-17.0-2024-03-15-de.tar.gz", "w:gz") as archive:
        archive.add(release, release.name)
    for place in (release / "de", tmp_path / "in", tmp_path):
        for split in ("train", "validation", "test"):
            rows = list(load("common_voice", split, place, tmp_path / "cache").as_numpy_iterator())
            assert {row["id"].decode().split("_")[3] for row in rows} == {split}


def test_several_languages_leave_the_choice_to_the_user(tmp_path):
    for language in ("de", "fr"):
        write_language(tmp_path / language)
    with pytest.raises(ValueError, match="expected one language of Common Voice, found de, fr. Give the folder of one"):
        find_root(tmp_path)
    assert find_root(tmp_path / "fr") == tmp_path / "fr"


def test_what_is_broken_is_counted(tmp_path):
    root = write_language(tmp_path / "de")
    (root / "clips" / "common_voice_de_train_0.mp3").unlink()
    (root / "clips" / "common_voice_de_train_1.mp3").write_bytes(b"")
    load("common_voice", "train", root, tmp_path / "cache")
    reasons = {id: reason.split(":")[0] for id, reason in left_out("common_voice", root, tmp_path / "cache")}
    assert reasons == {"common_voice_de_train_0": "unreadable", "common_voice_de_train_1": "empty file"}


def test_short_and_empty_lines_are_no_crash(tmp_path):
    root = write_language(tmp_path / "de")
    write_text(root / "train.tsv", f"{OLD}\nabc\n\nabc\tcommon_voice_de_train_0\tohne Endung\n")
    skipped = Skipped()
    assert [audio.text for audio in read(root, "train", skipped)] == ["ohne Endung"]
    assert len(skipped) == 1


def test_a_list_without_sentences_is_named(tmp_path):
    root = write_language(tmp_path / "de", OLD.replace("sentence", "text"))
    with pytest.raises(ValueError, match="train.tsv: expected columns .*found no sentence"):
        list(read(root, "train", Skipped()))
    (root / "train.tsv").unlink()
    assert not list(read(root, "train", Skipped()))


def test_a_delta_release_is_split_by_speaker(tmp_path):
    clients = [f"client {number}" for number in range(40)]
    lines = [line(OLD, f"{number}.mp3", "Ja", client) for number, client in enumerate(clients)]
    write_text(tmp_path / "validated.tsv", "\n".join([OLD, *lines]) + "\n")
    write_audio(tmp_path / "clips" / "0.mp3", hum(0.1), format="MP3")
    for number in range(1, 40):
        (tmp_path / "clips" / f"{number}.mp3").write_bytes((tmp_path / "clips" / "0.mp3").read_bytes())
    assert find_root(tmp_path) == tmp_path
    ids = [[audio.id for audio in read(tmp_path, split, Skipped())] for split in ("train", "validation", "test")]
    assert sum(map(len, ids)) == 40 and all(ids) and len(ids[0]) > 25
