"""Hotwords, lexicon and language model beside the rows or columns of :predict: as those of :transcribe and gRPC."""

import json

import numpy as np
import pytest

from seqapp.decoding.config import DecoderConfig
from seqapp.models import Transcriber
from seqapp.models.transcriber.padding import pad
from tests.small_speech import say

PATH = "/v1/models/talk:predict"
SPOKEN = say("cad dab"), say("bc")


@pytest.fixture(scope="module")
def transcriber(talk):
    return Transcriber.load(talk)


@pytest.fixture(scope="module")
def columns(transcriber):
    waveform, lengths = pad(SPOKEN, transcriber.sense)
    return {"waveform": np.asarray(waveform).tolist(), "lengths": np.asarray(lengths).tolist()}


@pytest.fixture
def post(lettered_client, columns):
    return lambda **fields: lettered_client.post(PATH, content=json.dumps({"inputs": columns, **fields}))


def texts_of(transcriber):
    return [reading.text for reading in transcriber.transcribe(SPOKEN)]


def test_rows_are_read_with_hotwords_and_those_left_out_are_named(lettered_client, post, columns, transcriber):
    hot, left_out = transcriber.with_hotwords(["ch a", "\u4f60\u597d"])
    answer = post(hotwords=["ch a", "\u4f60\u597d", 7]).json()
    assert answer["outputs"]["text"] == texts_of(hot) != texts_of(transcriber)
    assert set(answer["ignored_hotwords"]) == {*left_out, "7"} and "ignored_lexicon" not in answer
    rows = [dict(zip(columns, row)) for row in zip(*columns.values())]
    by_row = lettered_client.post(PATH, content=json.dumps({"instances": rows, "hotwords": ["ch a"]})).json()
    assert [row["text"] for row in by_row["predictions"]] == texts_of(hot) and by_row["ignored_hotwords"] == []


def test_rows_are_read_with_the_language_model_and_the_lexicon_that_are_named(post, transcriber, letters):
    own = transcriber.with_beam_search(DecoderConfig.load(letters))
    assert post(language_model="letters").json()["outputs"]["text"] == texts_of(own) != texts_of(transcriber)
    both = post(language_model="letters", lexicon=["cha"]).json()
    assert both["outputs"]["text"] == texts_of(own.with_lexicon(["cha"])[0]) and both["ignored_lexicon"] == []


@pytest.mark.parametrize("fields", [{}, {"hotwords": [], "language_model": ""}, {"lexicon": None}])
def test_empty_fields_and_the_model_s_own_language_model_change_nothing(post, fields):
    plain, other = (post(**more).json() for more in (fields, {"language_model": "none"}))
    assert plain == other and set(plain) == {"outputs"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"hotwords": "ch a"}, "Expected hotwords: a list"),
        ({"lexicon": ["a"] * 20_001}, "Expected lexicon: at most 20000"),
        ({"language_model": ["none"]}, "Expected language_model: a name"),
        ({"language_model": "latin"}, "Expected language_model: none, letters. Received: 'latin'."),
        ({"hotwords": ["a"], "signature_name": "log_probs"}, "hotwords: expected serving_default of a recogniser"),
    ],
)
def test_fields_that_cannot_be_used_are_refused(post, fields, message):
    response = post(**fields)
    assert response.status_code == 400 and response.json()["error"].startswith(message)
