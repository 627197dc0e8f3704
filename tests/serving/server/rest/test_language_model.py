"""Language model of one request: a name in its form or query, by which a file is read; others are refused."""

import io

import pytest
import soundfile

from seqapp.decoding.config import DecoderConfig
from seqapp.models import Transcriber
from tests.small_speech import RATE_HZ, say

PATH = "/v1/models/talk:transcribe"


@pytest.fixture(scope="module")
def wav():
    file = io.BytesIO()
    soundfile.write(file, say("cad dab"), RATE_HZ, format="WAV")
    return file.getvalue()


def test_a_file_is_read_with_the_language_model_that_a_form_or_query_names(lettered_client, talk, letters, wav):
    plain = lettered_client.post(PATH, content=wav).json()
    expected = Transcriber.load(talk).with_beam_search(DecoderConfig.load(letters)).transcribe([say("cad dab")])[0].text
    form = [("language_model", (None, "letters")), ("file", ("a.wav", wav, "audio/wav"))]
    for response in (
        lettered_client.post(PATH, content=wav, params={"language_model": "letters"}),
        lettered_client.post(PATH, files=form),
        lettered_client.post(PATH, files=form, params={"language_model": " letters "}),
    ):
        found = response.json()
        assert response.status_code == 200 and found["language_model"] == "letters"
        assert found["text"] == expected != plain["text"]
    none = lettered_client.post(PATH, content=wav, params={"language_model": "none"}).json()
    assert none == plain | {"language_model": "none"}
    assert lettered_client.post(PATH, content=wav, params={"language_model": ""}).json() == plain


def test_hotwords_are_minded_beside_it(lettered_client, talk, letters, wav):
    found = lettered_client.post(PATH, content=wav, params={"language_model": "letters", "hotwords": "ch a"}).json()
    transcriber = Transcriber.load(talk).with_beam_search(DecoderConfig.load(letters)).with_hotwords(["ch a"])[0]
    assert found["text"] == transcriber.transcribe([say("cad dab")])[0].text and found["ignored_hotwords"] == []


def test_an_unknown_name_and_two_names_are_refused(lettered_client, wav):
    unknown = lettered_client.post(PATH, content=wav, params={"language_model": "latin"})
    message = "Expected language_model: none, letters. Received: 'latin'."
    assert unknown.status_code == 400 and unknown.json()["error"] == message
    two = lettered_client.post(PATH, content=wav, params=[("language_model", "none"), ("language_model", "letters")])
    assert two.status_code == 400 and two.json()["error"] == "Expected one language_model. Received: letters, none."


def test_the_list_of_live_models_tells_the_names(lettered_client):
    (model,) = lettered_client.get("/live").json()["models"]
    assert model["language_models"] == ["none", "letters"]
