"""Every input of the field reports gives what its list calls right: read, or named with the reason."""

import shutil
import tarfile

import numpy as np
import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.image.line_files import read_lines
from seqapp.datasets.ink.ink_files import read_ink
from seqapp.datasets.load import load
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio_files import read_audio
from seqapp.datasets.speech.librispeech.reader import read as read_librispeech
from seqapp.datasets.speech.ljspeech_layout.reader import read as read_ljspeech
from seqapp.datasets.speech.manifest.reader import find_manifests
from seqapp.datasets.speech.waveform import read_waveform
from seqapp.input_pipeline.input_names import input_prefixes
from seqapp.models.reading import Reading
from seqapp.transcription.transcripts import write_transcripts

pytestmark = pytest.mark.corpus


@pytest.fixture
def cases(corpora_dir, tmp_path):
    with tarfile.open(corpora_dir / "field-cases.tar") as archive:
        archive.extractall(tmp_path / "cases", filter="data")
    return tmp_path / "cases"


@pytest.fixture
def ink(cases):
    return cases / "ink_pages"


@pytest.fixture
def corpora(cases):
    return cases / "corpora"


def examples(read, path):
    skipped = Skipped()
    return {example.id: example for example in read(path, skipped)}, skipped


def tone_hz(samples):
    return round(np.abs(np.fft.rfft(samples)).argmax() * 16_000 / len(samples))


@pytest.mark.parametrize("name", ["up.json", "abs.json", "long.jsonl"])
def test_paths_made_of_ids_of_ink_stay_below_the_output(ink, tmp_path, name):
    found, _ = examples(read_ink, ink / "01_path" / name)
    check_written(found, tmp_path)


@pytest.mark.parametrize("name", ["ids.jsonl", "nul.jsonl", "long.jsonl", "half_pair.jsonl"])
def test_paths_made_of_ids_of_speech_stay_below_the_output(corpora, tmp_path, name):
    found, skipped = examples(read_audio, corpora / name)
    assert len(found) == 2 and not skipped
    check_written(found, tmp_path)


def check_written(found, tmp_path):
    output = tmp_path / "around" / "output"
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    write_transcripts([(id, Reading("x", 1.0, (), ())) for id in found], "txt", output)
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path not in before]
    assert len(written) == len(found) > 0 and all(path.is_relative_to(output) for path in written)


def test_two_inputs_of_one_name_are_two_files(ink, corpora):
    pairs = [ink / "02_same" / name / "line.json" for name in "ab"], [corpora / d / "talk.wav" for d in ("mon", "tue")]
    for paths in pairs:
        assert len({*input_prefixes(paths)}) == 2


def test_line_ids_that_recur_are_lines_of_their_own(ink):
    for name in ("03_dupids", "08_alto_2pages"):
        lines, skipped = examples(read_lines, ink / name)
        assert list(lines) == ["p/l1", "p/l1_2"] and not skipped
        first, second = lines.values()
        assert len(first.columns) != len(second.columns)


def test_a_picture_of_a_neighbour_is_none(ink):
    lines, skipped = examples(read_lines, ink / "04_neighbour")
    assert not lines and dict(skipped.counts()) == {"no image": 1}


def test_a_foreign_xml_is_named(ink):
    lines, skipped = examples(read_lines, ink / "05_foreign_xml")
    assert list(lines) == ["p/l1"] and dict(skipped.counts()) == {"unknown layout": 1}


def test_a_prediction_is_no_ground_truth(ink, tmp_path):
    with pytest.raises(ValueError, match="1 .1 prediction.*TextEquiv of index 1"):
        load("page_lines", "train", ink / "06_index1", tmp_path / "cache")


def test_other_units_are_scaled(ink):
    lines, _ = examples(read_lines, ink / "07_alto_mm10")
    same, _ = examples(read_lines, ink / "03_dupids")
    np.testing.assert_array_equal(lines["p/l1"].columns, same["p/l1"].columns)


def test_an_orientation_that_sizes_do_not_decide_is_told(ink, caplog):
    lines, _ = examples(read_lines, ink / "09_exif3")
    assert list(lines) == ["p/l1"] and "turned by its EXIF orientation" in caplog.text


def test_white_on_black_is_read_like_black_on_white(ink):
    (negative,) = read_lines(ink / "10_inverted.png", Skipped())
    (positive,) = read_lines(ink / "10_normal.png", Skipped())
    np.testing.assert_array_equal(negative.columns, positive.columns)


def test_milliseconds_are_recognised_and_pressure_is_no_time(ink, caplog):
    (seconds,) = read_ink(ink / "11_sec.json", Skipped())
    (milliseconds,) = read_ink(ink / "11_ms.json", Skipped())
    np.testing.assert_allclose(milliseconds.points, seconds.points, atol=1e-6)
    (shipped,) = read_ink(ink / "35_ms_shipped_sample.json", Skipped())
    assert shipped.points[-1, 2] == pytest.approx(10.825)
    pressure, _ = examples(read_ink, ink / "34_pressure_shipped_sample.json")
    assert not any(example.points[:, 2].any() for example in pressure.values())
    assert "taken for milliseconds" in caplog.text and "no times" in caplog.text


def test_stacked_words_are_lines(ink):
    lines, _ = examples(read_ink, ink / "33_stacked_words_of_shipped_sample.json")
    tops = [line.points[:, 1].mean() for line in lines.values()]
    assert len(lines) == 5 and tops == sorted(tops)


def test_hidden_folders_are_skipped(ink, corpora):
    lines, _ = examples(read_lines, ink / "12_hidden")
    assert {id: line.text for id, line in lines.items()} == {"a": "new"}
    audio, _ = examples(read_audio, corpora / "hidden")
    assert {id: a.text for id, a in audio.items()} == {"a": "right"}


def test_dots_and_versions_are_one_example_each(ink, tmp_path):
    rows = list(load("line_pairs", "train", ink / "13_dots", tmp_path / "cache").as_numpy_iterator())
    assert [(row["id"], row["text"]) for row in rows] == [(b"page.1", b"one")]
    lines, skipped = examples(read_lines, ink / "29_triple")
    assert list(lines) == ["x"] and dict(skipped.counts()) == {"another version of one line": 2}


def test_a_cut_line_costs_itself_and_null_is_no_id(ink):
    cut, skipped = examples(read_ink, ink / "14_cut.jsonl")
    assert list(cut) == ["a", "b"] and dict(skipped.counts()) == {"broken JSON": 1}
    null, _ = examples(read_ink, ink / "16_null.jsonl")
    assert {id: example.text for id, example in null.items()} == {"16_null/0": "", "16_null/1": "", "z": "0"}


def test_inkml_of_other_writers(ink):
    (twice,) = read_ink(ink / "17_dupid.inkml", Skipped())
    assert [len(stroke) for stroke in twice.strokes()] == [2, 2]
    (prefixed,) = read_ink(ink / "18_ns0.inkml", Skipped())
    assert len(prefixed.points) == 2


def test_a_line_break_in_a_label_of_unipen_is_a_blank(ink):
    (labelled,) = read_ink(ink / "20_unipen.dat", Skipped())
    assert labelled.text == "two lines"


def test_a_suffix_in_capitals_is_a_layout(ink):
    for path in (ink / "21_upper", ink / "21_upper" / "p.XML"):
        assert list(examples(read_lines, path)[0]) == ["p/l1"]


def test_a_list_beside_a_split_folder_is_no_split(ink, tmp_path):
    rows = list(load("line_pairs", "train", ink / "23_lists", tmp_path / "cache").as_numpy_iterator())
    assert [row["text"] for row in rows] == [b"a"]


def test_lines_of_a_baseline_or_of_words_alone_are_read(ink, tmp_path):
    assert list(examples(read_lines, ink / "25_baseline")[0]) == ["p/l1"]
    rows = list(load("page_lines", "train", ink / "26_words", tmp_path / "cache").as_numpy_iterator())
    assert [row["text"] for row in rows] == [b"two words"]


def test_two_layouts_of_one_page_are_one_page(ink):
    lines, skipped = examples(read_lines, ink / "27_both")
    assert list(lines) == ["page/p/l1"] and dict(skipped.counts()) == {"page read from another layout": 1}


def test_a_pdf_is_named(ink, caplog):
    with pytest.raises(ValueError, match="PDF: 28_scan.pdf is not read. Make images of its pages"):
        list(read_lines(ink / "28_scan.pdf", Skipped()))
    shutil.copy(ink / "28_scan.pdf", ink / "13_dots")
    list(read_lines(ink / "13_dots", Skipped()))
    assert "not read: 1 .pdf" in caplog.text


@pytest.mark.parametrize(
    ("name", "seconds", "remark"),
    [
        ("joined.mp3", 3.0, "2 recordings joined"),
        ("joined.opus", 3.0, "2 recordings joined"),
        ("two_tags.mp3", 2.0, ""),
        ("zeros_behind_tag.mp3", 2.0, "zeros behind its tag"),
        ("size_0.wav", 2.0, "a wrong size"),
        ("size_36.wav", 2.0, "a wrong size"),
        ("size_in_samples.wav", 2.0, "a wrong size"),
        ("size_plus_44.wav", 2.0, "a wrong size"),
        ("size_twice.wav", 2.0, "a wrong size"),
        ("list_without_pad.wav", 2.0, "without its padding"),
        ("whole.au", 2.0, ""),
        ("whole.aiff", 2.0, ""),
    ],
)
def test_all_of_an_odd_audio_file_is_heard_and_what_is_odd_is_told(cases, caplog, name, seconds, remark):
    samples = read_waveform(cases / "audio" / name)
    assert len(samples) / 16_000 == pytest.approx(seconds, abs=0.1)  # a bare MP3 holds its encoder's delay
    assert remark in caplog.text and bool(caplog.text) == bool(remark)


@pytest.mark.parametrize("name", ["half.au", "half.aiff"])
def test_half_a_file_is_truncated(cases, name):
    with pytest.raises(ValueError, match=f"truncated: {name}"):
        read_waveform(cases / "audio" / name)


def test_the_stated_channel_counts_else_the_loudest(cases, corpora):
    np.testing.assert_array_equal(
        read_waveform(cases / "audio" / "one_of_eight.wav"), read_waveform(cases / "audio" / "one.wav")
    )
    left, right = (tone_hz(read_waveform(corpora / "call.wav", channel=channel)) for channel in (0, 1))
    assert left != right and tone_hz(read_waveform(corpora / "call.wav")) in (left, right)
    calls, _ = examples(read_audio, corpora / "kaldi")
    assert [tone_hz(call.samples) for call in calls.values()] == [left, right]
    shutil.copy(corpora / "call.wav", corpora / "channel")
    (stated,) = read_audio(corpora / "channel" / "train.jsonl", Skipped())
    assert tone_hz(stated.samples) == right


def test_a_list_is_a_manifest(corpora):
    audio, skipped = examples(read_audio, corpora / "list" / "train.json")
    assert [a.text for a in audio.values()] == ["x", "y", "z"] and not skipped


def test_labels_of_other_types(corpora):
    audio, skipped = examples(read_audio, corpora / "labels" / "train.jsonl")
    assert [a.text for a in audio.values()] == ["0", "x"] and len(skipped) == 2
    assert all(reason.startswith("text: expected a text") for _, reason in skipped)


def test_files_of_a_mac_lose_nothing(corpora):
    assert find_manifests(corpora / "mac") == {"train": corpora / "mac" / "train.json"}
    (audio,) = read_librispeech(corpora / "libri" / "LibriSpeech" / "train-clean-100", Skipped())
    assert (audio.text, audio.speaker_id) == ("X", hashed_name("librispeech", "1"))


def test_an_empty_third_column_gives_the_second(corpora):
    splits = ("train", "validation", "test")
    (audio,) = (audio for split in splits for audio in read_ljspeech(corpora / "bar", split, Skipped()))
    assert audio.text == "good day"


def test_audio_of_other_suffixes_is_read(corpora):
    audio, _ = examples(read_audio, corpora / "unseen")
    assert list(audio) == ["a", "b", "c", "d"]
