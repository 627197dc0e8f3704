"""What works together: sense x decoding x output format x local or remote, on the smallest models.

Every combination either writes its file, which is read back, or is refused in one sentence that names the way out.
"""

import itertools
import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from seqapp.datasets.skipped import Skipped
from seqapp.decoding.config import DecoderConfig, LanguageModelConfig
from seqapp.decoding.ngram import estimate, write_arpa
from seqapp.decoding.sentences import symbol_sentences
from seqapp.evaluation.plots.pictures import save_alignment
from seqapp.input_pipeline.read import read_inputs
from seqapp.transcription.transcripts import FORMATS, transcribe
from tests.pairwise import every_pair, every_value
from tests.small_transcribers import ALPHABET, SENSES, local_transcriber, open_remote, write_inputs, write_pages

DECODINGS = ("greedy", "beam", "language_model", "lexicon", "hotwords")
NO_OPTIONS = {
    "decoder": None, "language_model": [], "alpha": [], "beta": [], "rescorer": [], "rescorer_weight": [],
    "beam_width": None, "lexicon": None, "hotwords": None, "hotword_boost": None, "picture": None,
}  # fmt: skip
PLACES = {"ink": ("char_points",), "speech": ("char_start_s", "char_end_s"), "image": ("char_left", "char_right")}


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    """The configs of all decodings; None decodes greedily."""
    folder = tmp_path_factory.mktemp("context")
    texts = ["ab cad", "dab ab", "acb d", "é ab"]
    write_arpa(estimate(symbol_sentences(texts, ALPHABET), 3), folder / "characters.arpa")
    (folder / "words.txt").write_text("ab\ncad\ndab\nd\n", encoding="utf-8")
    return {
        "greedy": None,
        "beam": DecoderConfig(beam_width=8),
        "language_model": DecoderConfig(
            beam_width=8, language_models=(LanguageModelConfig(str(folder / "characters.arpa")),)
        ),
        "lexicon": DecoderConfig(beam_width=8, lexicon=str(folder / "words.txt")),
        "hotwords": DecoderConfig(beam_width=8, hotwords=("cad",)),
    }


def reader(sense, place, decoding, context, monkeypatch):
    if place == "remote":
        return open_remote(sense, monkeypatch, **NO_OPTIONS | {"decoder": None if decoding == "greedy" else "beam"})
    transcriber, config = local_transcriber(sense), context[decoding]
    return transcriber if config is None else transcriber.with_beam_search(config)


def refusal(sense, place, decoding, format):
    """What the error of a combination says; None for one that works."""
    if place == "remote" and decoding != "greedy":
        return "--server decodes as its model does"
    if format in ("srt", "vtt") and sense != "speech":
        return f"--format {format} is for speech"
    if format == "xml" and sense != "image":
        return "--format xml fills in layouts"
    return None


def check(path, format, sense):
    text = path.read_text(encoding="utf-8")
    if format == "json":
        reading = json.loads(text)
        for name in ("char_frames", "char_confidences", *PLACES[sense]):
            assert len(reading[name]) == len(ALPHABET.split(reading["text"])), name
        assert 0 <= reading["confidence"] <= 1
    elif format == "xml":
        check_layout(text)
    elif format in ("srt", "vtt"):
        times = [float(s) for s in re.findall(r"\d\d:\d\d:(\d\d)[.,]\d\d\d", text)]
        assert times == sorted(times) and ("-->" in text or not text.strip().removeprefix("WEBVTT"))
    else:
        assert text.count("\n") == 1 and path.stem in text


def check_layout(text):
    """Every line has a text; the words of ALTO lie within its line, from left to right."""
    root = ElementTree.fromstring(text)
    lines = [element for element in root.iter() if element.tag.endswith("}TextLine")]
    assert len(lines) == 3
    for line in lines:
        words = [element for element in line if element.tag.endswith("}String")]
        lefts = [float(word.get("HPOS")) for word in words]
        assert lefts == sorted(lefts)
        assert words or any(element.tag.endswith("}TextEquiv") for element in line)


FACTORS = ("sense", "place", "decoding", "format")
COMBINATIONS = list(itertools.product(SENSES, ["local", "remote"], DECODINGS, [*FORMATS, "xml"]))


@pytest.mark.parametrize(FACTORS, [case for case in COMBINATIONS if refusal(*case)])
def test_a_combination_is_refused(sense, place, decoding, format, context, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=refusal(sense, place, decoding, format)):
        transcribe(
            reader(sense, place, decoding, context, monkeypatch),
            write_inputs(sense, tmp_path),
            format,
            tmp_path / "out",
        )


@every_pair(FACTORS, [case for case in COMBINATIONS if not refusal(*case)])
def test_a_combination_is_written(sense, place, decoding, format, context, tmp_path, monkeypatch):
    paths = [write_pages(tmp_path / "in")] if format == "xml" else write_inputs(sense, tmp_path / "in")
    output = tmp_path / "out"
    examples = transcribe(reader(sense, place, decoding, context, monkeypatch), paths, format, output)
    files = sorted(path for path in output.rglob("*") if path.is_file())
    assert len(files) == (2 if format == "xml" else len(examples)) and len(examples) >= 2
    for path in files:
        check(path, format, sense)


@pytest.mark.parametrize("sense", SENSES)
def test_a_server_reads_what_the_model_on_disk_reads(sense, tmp_path, monkeypatch):
    transcriber = local_transcriber(sense)
    examples = read_inputs(write_inputs(sense, tmp_path / "in"), transcriber.sense, Skipped())
    raw = [examples.raw_of(i) for i in range(len(examples))]
    remote = open_remote(sense, monkeypatch, **NO_OPTIONS).transcribe(raw)
    for here, there in zip(transcriber.transcribe(raw), remote, strict=True):
        assert type(here) is type(there) and (here.text, here.char_frames) == (there.text, there.char_frames)
        for name in ("confidence", "char_confidences", *PLACES[sense]):
            np.testing.assert_allclose(getattr(there, name), getattr(here, name), rtol=1e-5, atol=1e-5)


@every_value(("sense", "decoding"), itertools.product(SENSES, DECODINGS))
def test_every_decoding_has_its_picture(sense, decoding, context, tmp_path, monkeypatch):
    transcriber = reader(sense, "local", decoding, context, monkeypatch)
    examples = read_inputs(write_inputs(sense, tmp_path / "in"), transcriber.sense, Skipped())
    save_alignment(transcriber, examples, 0, tmp_path / "alignment.png")
    assert (tmp_path / "alignment.png").stat().st_size > 1_000


@pytest.mark.parametrize("sense", SENSES)
def test_what_a_server_does_not_tell_is_refused(sense, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="--picture shows posteriors, which --server does not give"):
        open_remote(sense, monkeypatch, **NO_OPTIONS | {"picture": tmp_path / "a.png"})
    transcriber = open_remote(sense, monkeypatch, **NO_OPTIONS)
    examples = read_inputs(write_inputs(sense, tmp_path / "in"), transcriber.sense, Skipped())
    with pytest.raises(ValueError, match="gives texts only, and no posteriors"):
        save_alignment(transcriber, examples, 0, tmp_path / "alignment.png")
    with pytest.raises(ValueError, match="cannot stream"):
        transcriber.stream()


@pytest.mark.parametrize("decoding", DECODINGS)
@pytest.mark.parametrize("sense", SENSES)
def test_speech_is_streamed_with_every_decoding_and_other_senses_say_why_not(
    sense, decoding, context, monkeypatch, tmp_path
):
    transcriber = reader(sense, "local", decoding, context, monkeypatch)
    if sense != "speech":
        with pytest.raises(ValueError, match="cannot stream: expected a model of speech"):
            transcriber.stream()
        return
    examples = read_inputs(write_inputs(sense, tmp_path / "in"), transcriber.sense, Skipped())
    (whole,) = transcriber.transcribe([examples.raw_of(0)])
    stream = transcriber.stream()
    for start in range(0, len(examples.raw_of(0)), 2_560):
        stream.push(examples.raw_of(0)[start : start + 2_560])
    assert stream.finish()[-1].text == whole.text
