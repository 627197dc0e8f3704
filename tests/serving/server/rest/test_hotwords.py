"""Hotwords and lexicon of one request, in the form or the query: bad ones are named, too many are refused."""

import io
import json

import pytest
import soundfile

from seqapp.models import Transcriber
from seqapp.serving.server.hotwords import LONGEST_PHRASE, MOST_PHRASES, MOST_WORDS, Phrases, expect_phrases
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.bodies import MAX_FIELD, texts_of
from tests.small_speech import RATE_HZ, say

PATH = "/v1/models/talk:transcribe"
WORDS = ["ch a", "ae\u0301"]  # the last decomposed


@pytest.fixture(scope="module")
def wav():
    file = io.BytesIO()
    soundfile.write(file, say("cad dab"), RATE_HZ, format="WAV")
    return file.getvalue()


def post(client, wav, *fields, query=()):
    files = [*(("hotwords", (None, field)) for field in fields), ("file", ("a.wav", wav, "audio/wav"))]
    return client.post(PATH, files=files, params=[("hotwords", phrase) for phrase in query])


def test_a_file_is_read_with_the_hotwords_of_its_form_or_query(client, talk, wav):
    transcriber, _ = Transcriber.load(talk).with_hotwords(WORDS)
    expected = transcriber.transcribe([say("cad dab")])[0].text
    plain = client.post(PATH, content=wav).json()
    assert "ignored_hotwords" not in plain and plain == post(client, wav, " ").json()
    responses = [
        post(client, wav, *WORDS),
        post(client, wav, json.dumps(WORDS)),
        post(client, wav, WORDS[0], query=WORDS[1:]),
        client.post(PATH, content=wav, params=[("hotwords", phrase) for phrase in WORDS]),
    ]
    for response in responses:
        found = response.json()
        assert response.status_code == 200 and found["text"] == expected and found["ignored_hotwords"] == []
        assert found.keys() - plain.keys() == {"ignored_hotwords"}


def test_hotwords_that_cannot_be_written_are_named_and_the_others_minded(client, wav):
    both, one = post(client, wav, "ch a", "\u4f60\u597d").json(), post(client, wav, "ch a").json()
    assert both["ignored_hotwords"] == ["\u4f60\u597d"] and both["text"] == one["text"]
    none, plain = post(client, wav, "\u4f60\u597d").json(), client.post(PATH, content=wav).json()
    assert none["ignored_hotwords"] == ["\u4f60\u597d"] and none["text"] == plain["text"]


@pytest.mark.parametrize("field", ["[", '["a', "[" * 100_000, json.dumps(["a"] * (MOST_PHRASES + 1))])
def test_lists_of_hotwords_that_are_none_or_too_long_are_refused(client, wav, field):
    response = post(client, wav, field)
    assert response.status_code == 400 and response.json()["error"]


def test_one_bad_hotword_is_named_and_the_others_minded(client, wav):
    bad = [1, None, {"a": [1] * 99}, "a" * 201, "\ud800"]
    response = post(client, wav, json.dumps(["ch a", *bad]))
    found = response.json()
    assert response.status_code == 200 and found["text"] == post(client, wav, "ch a").json()["text"]
    assert [name[:2] for name in found["ignored_hotwords"]] == ["1", "No", "{'", "aa", "\\u"]
    assert max(map(len, found["ignored_hotwords"])) <= 60


def words_in(text):
    return set(text.replace("\U0001d11e", " ").split())  # a mark is free


def test_a_file_is_read_with_the_words_of_its_lexicon_alone(client, talk, wav):
    words = ["ae\u0301", "cha", "\u4f60\u597d"]  # the first is decomposed, the last cannot be written
    transcriber, left_out = Transcriber.load(talk).with_lexicon(["a\u00e9", *words[1:]])
    expected = transcriber.transcribe([say("cad dab")])[0].text
    assert left_out == ("\u4f60\u597d",) and words_in(expected) <= {"a\u00e9", "cha"}
    response = client.post(PATH, files=[("lexicon", (None, json.dumps(words))), ("file", ("a.wav", wav, "audio/wav"))])
    found = response.json()
    assert found["text"] == expected and "ignored_hotwords" not in found
    assert found["ignored_lexicon"] == words[2:]
    both = client.post(PATH, content=wav, params={"lexicon": "cha", "hotwords": "a"}).json()
    assert words_in(both["text"]) <= {"cha"} and both["ignored_hotwords"] == both["ignored_lexicon"] == []
    many = json.dumps(["a"] * (MOST_WORDS + 1))
    response = client.post(PATH, files=[("lexicon", (None, many)), ("file", ("a.wav", wav, "audio/wav"))])
    assert response.status_code == 400 and "Expected lexicon: at most 20000" in response.json()["error"]


def test_the_fields_of_a_form_are_told_by_name():
    head = '--b\r\nContent-Disposition: form-data; name="hotwords"'
    body = f'{head}\r\n\r\nné\r\n{head}; filename="x"\r\n\r\n1\r\n--b\r\nname=xhotwords\r\n\r\n2\r\n--b--\r\n'.encode()
    assert texts_of("multipart/form-data; boundary=b", body, "hotwords") == ["né"]
    assert texts_of("audio/wav", body, "hotwords") == []
    for wrong in (b"\xff", b"a" * (MAX_FIELD + 1)):
        with pytest.raises(Refusal, match="hotwords"):
            texts_of("multipart/form-data; boundary=b", body.replace("né".encode(), wrong), "hotwords")


def test_phrases_are_texts_within_bounds_and_the_names_of_others():
    assert expect_phrases(["a", "[unk]", "b c"], "x") == (("a", "b c"), ()) and not expect_phrases([], "x")
    long = "a" * (LONGEST_PHRASE + 1)
    assert expect_phrases([1, long, "a", "\udc80"], "x") == Phrases(("a",), ("1", f"{'a' * 57}...", "\\udc80"))
    for wrong in ("a", None, {"a": 1}, ["a"] * (MOST_PHRASES + 1)):
        with pytest.raises(ValueError, match="Expected x"):
            expect_phrases(wrong, "x")
