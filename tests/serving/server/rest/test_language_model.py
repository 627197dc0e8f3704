"""Language model of one request: a name in its form or query, by which a file is read; others are refused."""

import io

import pytest
import soundfile
from starlette.testclient import TestClient

from seqapp.decoding.config import DecoderConfig
from seqapp.models import Transcriber
from seqapp.serving.server import Settings
from seqapp.serving.server.application import application
from seqapp.serving.server.loaded_models.repository import Repository
from tests.small_speech import RATE_HZ, say

PATH = "/v1/models/talk:transcribe"


@pytest.fixture(scope="module")
def named_client(talk, letters):
    """A server with a decoder of its own."""
    repository = Repository(talk.parent, Settings(num_parallel=1, decoders={"talk": {"letters": letters}}))
    repository.refresh()
    yield TestClient(application(repository, repository.settings), raise_server_exceptions=False)
    repository.close()


@pytest.fixture(scope="module")
def wav():
    file = io.BytesIO()
    soundfile.write(file, say("cad dab"), RATE_HZ, format="WAV")
    return file.getvalue()


def test_a_file_is_read_with_the_language_model_that_a_form_or_query_names(named_client, talk, letters, wav):
    plain = named_client.post(PATH, content=wav).json()
    expected = Transcriber.load(talk).with_beam_search(DecoderConfig.load(letters)).transcribe([say("cad dab")])[0].text
    form = [("language_model", (None, "letters")), ("file", ("a.wav", wav, "audio/wav"))]
    for response in (
        named_client.post(PATH, content=wav, params={"language_model": "letters"}),
        named_client.post(PATH, files=form),
        named_client.post(PATH, files=form, params={"language_model": " letters "}),
    ):
        found = response.json()
        assert response.status_code == 200 and found["language_model"] == "letters"
        assert found["text"] == expected != plain["text"]
    none = named_client.post(PATH, content=wav, params={"language_model": "none"}).json()
    assert none == plain | {"language_model": "none"}
    assert named_client.post(PATH, content=wav, params={"language_model": ""}).json() == plain


def test_hotwords_are_minded_beside_it(named_client, talk, letters, wav):
    found = named_client.post(PATH, content=wav, params={"language_model": "letters", "hotwords": "ch a"}).json()
    transcriber = Transcriber.load(talk).with_beam_search(DecoderConfig.load(letters)).with_hotwords(["ch a"])[0]
    assert found["text"] == transcriber.transcribe([say("cad dab")])[0].text and found["ignored_hotwords"] == []


def test_an_unknown_name_and_two_names_are_refused(named_client, wav):
    unknown = named_client.post(PATH, content=wav, params={"language_model": "latin"})
    message = "Expected language_model: none, letters. Received: 'latin'."
    assert unknown.status_code == 400 and unknown.json()["error"] == message
    two = named_client.post(PATH, content=wav, params=[("language_model", "none"), ("language_model", "letters")])
    assert two.status_code == 400 and two.json()["error"] == "Expected one language_model. Received: letters, none."


def test_the_list_of_live_models_tells_the_names(named_client):
    (model,) = named_client.get("/live").json()["models"]
    assert model["language_models"] == ["none", "letters"]
