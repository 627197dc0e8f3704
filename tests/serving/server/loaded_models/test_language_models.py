"""Names of language models: of a graph, of the server's decoders, and none; each gives the transcriber of that name."""

import json

import pytest

from seqapp.decoding.config import DecoderConfig
from seqapp.models import LocalTranscriber, SpeechToText
from seqapp.models.model_folder import ModelFolder
from seqapp.serving.server import Settings
from seqapp.serving.server.loaded_models.language_models import LanguageModels, name_in_graph
from seqapp.serving.server.loaded_models.repository import Repository
from seqapp.serving.server.refusal import Refusal
from tests.serving.server.live.small_live import speech_transcriber
from tests.small_models import ALPHABET
from tests.small_speech import say, speech_model

WAVEFORM = say("cad dab")


def text(transcriber):
    return transcriber.transcribe([WAVEFORM])[0].text


@pytest.fixture(scope="module")
def with_context(letters):
    """A transcriber that says of its graph that it reads with letters."""
    recognizer, recipe = speech_model(ALPHABET, look_ahead=2)
    module = SpeechToText(recognizer, recipe, ALPHABET)
    return LocalTranscriber(
        module.recognize, module.log_probs, recipe, ALPHABET, "talk/1", module,
        greedy=module.recognize, context=DecoderConfig.load(letters),
    )  # fmt: skip


def test_a_model_without_context_reads_greedily_unless_a_decoder_is_named(letters):
    transcriber = speech_transcriber()
    named = LanguageModels(transcriber, decoders={"letters": letters})
    assert named.names == ("none", "letters")
    assert named.transcriber() is named.transcriber("none") is transcriber
    expected = transcriber.with_beam_search(DecoderConfig.load(letters))
    assert text(named.transcriber("letters")) == text(expected) != text(transcriber)
    assert named.n_best("letters") is named.transcriber("letters")
    assert named.n_best().transcribe([WAVEFORM])[0].alternatives


def test_a_model_with_context_reads_greedily_where_none_is_named(with_context, letters):
    named = LanguageModels(with_context, "english", {"letters": letters})
    assert named.names == ("english", "none", "letters")
    assert named.transcriber() is named.transcriber("english") is with_context
    assert with_context.signature == "serving_default" and named.transcriber("none").signature == "greedy"
    assert named.transcriber("letters").signature is None
    # Alternatives and words are searched for with the language model that is named, or without one.
    own, alone = text(named.n_best()), text(named.n_best("none"))
    assert own == text(named.transcriber("letters")) != alone
    hot = with_context.with_beam_search(DecoderConfig(hotwords=("ch a",)))
    assert text(named.transcriber("none").with_hotwords(["ch a"])[0]) == text(hot)


@pytest.mark.parametrize("name", ["latin", "None", "letters.json", "x" * 400])
def test_an_unknown_name_is_refused_with_the_names_that_there_are(letters, name):
    named = LanguageModels(speech_transcriber(), decoders={"letters": letters})
    for ask in (named.transcriber, named.n_best, named.expect):
        with pytest.raises(Refusal, match="Expected language_model: none, letters. Received: ") as caught:
            ask(name)
        assert caught.value.code == "INVALID_ARGUMENT" and len(caught.value.message) < 200


@pytest.mark.parametrize("name", ["none", "english"])
def test_a_decoder_may_not_take_the_name_of_what_is_there(letters, name):
    with pytest.raises(ValueError, match=f"Expected other names of decoders .*, english, none. Received: {name}"):
        LanguageModels(speech_transcriber(), "english", {name: letters})


def test_the_name_in_a_graph_is_that_of_the_file_that_it_was_made_of(tmp_path, letters):
    (tmp_path / "saved_model.pb").touch()
    assets = tmp_path / "assets.extra"
    assets.mkdir()
    assert name_in_graph(ModelFolder(tmp_path)) == ""
    DecoderConfig.load(letters).save(assets / "context.json")
    assert name_in_graph(ModelFolder(tmp_path)) == "letters"  # of exports that did not say
    (assets / "metadata.json").write_text(json.dumps({"context": {"language_model": "english.npz"}}))
    assert name_in_graph(ModelFolder(tmp_path)) == "english"


def test_a_model_with_a_decoder_that_does_not_fit_is_not_loaded(talk, tmp_path):
    (tmp_path / "broken.json").write_text('{"language_models": [{"file": "nowhere.arpa"}]}')
    decoders = {"talk": {"broken": tmp_path / "broken.json"}}
    repository = Repository(talk.parent, Settings(num_parallel=1, decoders=decoders))
    repository.refresh()
    (status,) = repository.statuses("talk")
    assert status.state == "END" and "nowhere.arpa" in status.error_message
    repository.close()
