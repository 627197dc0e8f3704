"""A model that is exported with a decoder reads as its search does, whole and in a stream, and greedily as before."""

import argparse
import contextlib
import dataclasses
import json
import shutil

import numpy as np
import pytest
import tensorflow as tf

import seqapp.serving.export
from seqapp.decoding.config import DecoderConfig, LanguageModelConfig
from seqapp.decoding.ngram import estimate, quantised, read_arpa, read_compact, write_arpa
from seqapp.decoding.options import add_decoder_options
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.decoding.sentences import symbol_sentences
from seqapp.models import GREEDY, Transcriber
from seqapp.models.model_folder import CONTEXT_MODEL, METADATA, ModelFolder
from seqapp.models.transcriber.padding import pad
from seqapp.senses import sense_of
from seqapp.serving.export import export
from seqapp.serving.model_card import CONTEXT_TITLE
from seqapp.transcription.model import Model
from seqapp.transcription.open_transcriber import open_transcriber
from tests.small_models import ALPHABET
from tests.small_speech import say

pytestmark = pytest.mark.slow

ROWS = (say("ab cad dab"), say("bc"), say("d")[:900], np.zeros(0, np.int16))
LETTERS = estimate(symbol_sentences(["é aé", "aé é", "éé a", "ché 𝄞a"], ALPHABET), 3)
ALONE = {"serving_default", "log_probs", "beam", "score_text", "stream_init", "stream_step"}


@pytest.fixture(scope="module")
def decoder(tmp_path_factory):
    path = tmp_path_factory.mktemp("decoder") / "letters.arpa"
    write_arpa(LETTERS, path)
    model = LanguageModelConfig(str(path), 0.8, 0.5)
    return DecoderConfig((model,), beam_width=8, confidence=ReadingConfidence(-0.5, -0.7, -1.0, 0.3, rivals=-0.4))


@pytest.fixture(scope="module")
def plain(streaming_version):
    """The version that an export without a decoder makes."""
    return streaming_version


@pytest.fixture(scope="module")
def exported(plain, decoder, tmp_path_factory):
    """The version that is made of the other one with a decoder."""
    return export(plain, tmp_path_factory.mktemp("saved_models") / "told", decoder=decoder)


@pytest.fixture(scope="module")
def without(plain):
    return Transcriber.load(plain)


@pytest.fixture(scope="module")
def transcriber(exported):
    return Transcriber.load(exported)


def outputs(transcriber, signature):
    waveform, lengths = pad(ROWS, sense_of(transcriber.recipe))
    found = transcriber._owner.signatures[signature](waveform=tf.constant(waveform), lengths=tf.constant(lengths))
    return {name: tensor.numpy() for name, tensor in found.items()}


def texts_of(column):
    return [text.decode("utf-8") for text in column]


def test_a_model_without_context_has_the_signatures_that_it_had(without, transcriber, plain):
    assert set(without._owner.signatures) == ALONE and without.context is None
    assert set(transcriber._owner.signatures) == ALONE | {"greedy"}
    assert ModelFolder(plain).context is None and CONTEXT_TITLE not in (plain / "MODEL_CARD.md").read_text()


def test_a_saved_model_is_a_source_that_gives_the_same_bits(without, transcriber):
    received, expected = outputs(transcriber, "log_probs"), outputs(without, "log_probs")
    assert received.keys() == expected.keys()
    for name, tensor in expected.items():
        np.testing.assert_array_equal(received[name], tensor, err_msg=name)


def test_greedy_reads_as_the_model_without_context(without, transcriber):
    received, expected = outputs(transcriber, "greedy"), outputs(without, "serving_default")
    assert received.keys() == expected.keys() and "is_sure" in received
    for name, tensor in expected.items():
        if tensor.dtype.kind == "f":
            np.testing.assert_allclose(received[name], tensor, atol=1e-6, err_msg=name)
        else:
            np.testing.assert_array_equal(received[name], tensor, err_msg=name)
    for reading, other in zip(transcriber.with_decoding(GREEDY).transcribe(ROWS), without.transcribe(ROWS)):
        assert (reading.text, reading.char_frames) == (other.text, other.char_frames)
        np.testing.assert_allclose(reading.char_confidences, other.char_confidences, atol=1e-6)


def test_it_reads_as_the_search_beside_the_graph(without, transcriber):
    readings = transcriber.transcribe(ROWS)
    searched = transcriber.with_beam_search().transcribe(ROWS)
    assert [r.text for r in readings] == [r.text for r in searched]
    assert [r.text for r in readings] != [r.text for r in without.transcribe(ROWS)] and readings[0].text
    assert readings[3].text == ""
    # By the confidence that was fitted to readings with context, of the text's probability and of its rivals'.
    np.testing.assert_allclose([r.confidence for r in readings[:3]], [r.confidence for r in searched[:3]], atol=1e-4)
    assert abs(readings[0].confidence - without.transcribe(ROWS)[0].confidence) > 1e-3
    beam, default = outputs(transcriber, "beam"), outputs(transcriber, "serving_default")
    assert texts_of(beam["texts"][:, 0]) == texts_of(default["text"]) == [r.text for r in readings]
    assert beam["texts"].shape == beam["scores"].shape == (len(ROWS), 8)
    assert (beam["scores"][:, :-1] >= beam["scores"][:, 1:]).all()
    for row, reading in enumerate(searched):
        scores = [alternative.score for alternative in reading.alternatives][:8]
        np.testing.assert_allclose(beam["scores"][row, : len(scores)], scores, atol=1e-3)
    assert default.keys() == outputs(without, "serving_default").keys()


@pytest.mark.parametrize("size", [640, 2_560, 50_000])
def test_a_stream_ends_as_the_whole_however_it_is_cut(transcriber, size):
    readings = transcriber.transcribe(ROWS[:3])
    stream = transcriber.stream()
    for samples, whole in zip(ROWS[:3], readings):
        for start in range(0, len(samples), size):
            stream.push(samples[start : start + size])
        (reading,) = stream.finish()
        assert (reading.text, reading.char_frames) == (whole.text, whole.char_frames)
        assert reading.is_sure == whole.is_sure
        assert reading.confidence == pytest.approx(whole.confidence, abs=1e-4)
        for column in ("char_confidences", "char_start_s", "char_end_s"):
            np.testing.assert_allclose(getattr(reading, column), getattr(whole, column), atol=1e-4)


def test_the_steps_of_the_graph_give_the_text_of_the_whole(transcriber):
    signatures, size = transcriber._owner.signatures, 3_000
    waveform, lengths = (np.asarray(x) for x in pad(ROWS, sense_of(transcriber.recipe)))
    state, texts, is_over = signatures["stream_init"](batch_size=tf.constant(len(ROWS))), [""] * len(ROWS), False
    for start in range(0, waveform.shape[1], size):
        left = np.clip(lengths - start, 0, size).astype(np.int32)
        final = (lengths <= start + size) & ~np.array(is_over)
        is_over = lengths <= start + size
        chunk = {"waveform": waveform[:, start : start + size], "lengths": left, "final": final}
        found = signatures["stream_step"](**{name: tf.constant(value) for name, value in chunk.items()}, **state)
        state = {name: found[name] for name in state}
        texts = [text + more for text, more in zip(texts, texts_of(found["text"].numpy()))]
        assert all(partial == "" for partial, end in zip(texts_of(found["partial_text"].numpy()), is_over) if end)
    assert texts == [reading.text for reading in transcriber.transcribe(ROWS)]


def test_what_stands_in_the_graph_stands_beside_it(exported, transcriber, decoder):
    folder = ModelFolder(exported)
    model = read_compact(folder.file(CONTEXT_MODEL))
    assert folder.file(CONTEXT_MODEL).stat().st_size < 2_000  # its columns are the graph's variables
    same = quantised(read_arpa(decoder.language_models[0].file))
    for name in ("tokens", "order", "token", "suffix", "first_child", "log_prob", "backoff"):
        np.testing.assert_array_equal(getattr(model, name), getattr(same, name), err_msg=name)
    (settings,) = folder.context.language_models
    assert settings == dataclasses.replace(decoder.language_models[0], file=str(folder.file(CONTEXT_MODEL)))
    assert transcriber.context == folder.context and folder.context.beam_width == 8
    facts = json.loads(folder.file(METADATA).read_text(encoding="utf-8"))
    assert facts["name"] == "told" and "greedy" in facts["signatures"]
    assert facts["context"] == {
        "language_model": "letters.arpa", "order": 3, "num_ngrams": len(LETTERS) - 1, "weight": 0.8, "bonus": 0.5,
        "beam_width": 8,
    }  # fmt: skip
    card = (exported / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card.count(CONTEXT_TITLE) == 1 and "character 3-gram model" in card and "letters.arpa" in card


@pytest.fixture
def cheap(monkeypatch, exported):
    """Exports that copy a graph instead of tracing and writing one: the files beside it are looked at."""

    class Module:
        def __init__(self, *_):
            pass

        def functions(self):
            return {"serving_default": None}

    @contextlib.contextmanager
    def new_version(target, module, functions):
        shutil.copytree(exported, target / "1")
        shutil.rmtree(target / "1" / "assets.extra")
        (target / "1" / "assets.extra").mkdir()
        yield target / "1"

    monkeypatch.setattr(seqapp.serving.export, "to_text_class", lambda _: Module)
    monkeypatch.setattr(seqapp.serving.export, "new_version", new_version)


def test_another_export_replaces_the_context_and_its_section(cheap, exported, plain, decoder, tmp_path):
    own = ModelFolder(exported).context
    louder = dataclasses.replace(own, language_models=(dataclasses.replace(own.language_models[0], weight=0.25),))
    again = export(exported, tmp_path / "louder", decoder=louder)
    card = (again / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card.count(CONTEXT_TITLE) == 1 and "weight 0.25" in card and "weight 0.8" not in card
    assert ModelFolder(again).context.language_models[0].weight == 0.25
    bare = export(again, tmp_path / "bare")
    assert ModelFolder(bare).context is None and not ModelFolder(bare).file(CONTEXT_MODEL).exists()
    assert (bare / "MODEL_CARD.md").read_text() == (plain / "MODEL_CARD.md").read_text()
    facts = [json.loads(ModelFolder(path).file(METADATA).read_text()) for path in (bare, plain)]
    for each in facts:
        del each["name"], each["signatures"]
    assert facts[0] == facts[1]


def options(*arguments):
    parser = argparse.ArgumentParser()
    add_decoder_options(parser)
    return parser.parse_args(arguments)


def test_scripts_read_with_context_unless_they_are_asked_not_to(exported, transcriber, without, monkeypatch):
    monkeypatch.setattr(tf.saved_model, "load", lambda path: transcriber._owner)  # once is enough
    text, greedy = (t.transcribe(ROWS[:1])[0].text for t in (transcriber, without))
    assert open_transcriber(exported, options()).transcribe(ROWS[:1])[0].text == text
    assert open_transcriber(exported, options("--decoder", "greedy")).transcribe(ROWS[:1])[0].text == greedy
    hot = open_transcriber(exported, options("--hotwords", "𝄞𝄞"))._decoding.decoder.config
    assert hot.language_models == transcriber.context.language_models and hot.hotwords == ("𝄞𝄞",)
    beam = open_transcriber(exported, options("--decoder", "beam"))._decoding.decoder.config
    assert beam.language_models == ()


def test_the_python_api_searches_with_the_language_model_that_the_model_has(transcriber):
    model = Model(transcriber).with_beam_search()
    samples = ROWS[0].astype(np.float32) / 2**15
    (reading,) = model.transcribe(samples, sample_rate_hz=16_000)
    assert reading.text == transcriber.transcribe(ROWS[:1])[0].text and len(reading.alternatives) > 1
