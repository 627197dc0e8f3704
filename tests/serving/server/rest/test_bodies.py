"""Bodies as clients wrap them: gzip within the bound after inflation, forms of files, base64 of all kinds."""

import base64
import gzip
import io
import json
import zlib

import numpy as np
import pytest
import soundfile
import tensorflow as tf
from starlette.testclient import TestClient

from seqapp.serving.server.application import application
from seqapp.serving.server.budget import Budget
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.bodies import MAX_PARTS, UNSUSPECTED_BYTES, file_of
from seqapp.serving.server.rest.inflating import PIECE, Inflater
from seqapp.serving.server.rest.json_arrays import from_array, to_array
from seqapp.serving.server.settings import Settings
from tests.small_speech import RATE_HZ, say

PREDICT = "/v1/models/toolbox:predict"
BODY = json.dumps({"instances": [1.0, 2.0]}).encode()


@pytest.mark.parametrize("encoding, pack", [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)])
def test_a_compressed_body_is_inflated(client, encoding, pack):
    response = client.post(PREDICT, content=pack(BODY), headers={"Content-Encoding": encoding})
    assert response.json() == {"predictions": [2.5, 3.0]}


def test_a_body_is_bounded_after_inflation(client):
    bomb = gzip.compress(b'{"instances": [' + b" " * 50_000_000 + b"1]}")
    assert len(bomb) < 100_000
    response = client.post(PREDICT, content=bomb, headers={"Content-Encoding": "gzip"})
    assert response.status_code == 413 and "at most 0.2 MB" in response.json()["error"]


def test_what_unpacks_to_a_thousand_times_its_size_is_refused_long_before_its_bound(repository):
    settings = Settings(num_parallel=1, max_request_mb=50)
    client = TestClient(application(repository, settings))
    for number, status in ((UNSUSPECTED_BYTES - 100, 400), (20_000_000, 413)):
        body = gzip.compress(b'{"instances": [' + b" " * number)
        response = client.post(PREDICT, content=body, headers={"Content-Encoding": "gzip"})
        assert response.status_code == status, response.text
    assert "more than 100 times its size" in response.json()["error"]
    numbers = np.random.default_rng(0).normal(size=300_000).astype(str).tolist()
    body = gzip.compress(json.dumps({"instances": [*map(float, numbers)]}).encode())
    response = client.post(PREDICT, content=body, headers={"Content-Encoding": "gzip"})
    assert "times its size" not in response.text  # whatever else bounds so many numbers


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(BODY)[:-12], b""], ids=["no gzip", "cut", "empty"])
def test_a_compressed_body_that_is_damaged_is_told(client, content):
    response = client.post(PREDICT, content=content, headers={"Content-Encoding": "gzip"})
    assert response.status_code == 400 and "gzip" in response.json()["error"]
    assert client.post(PREDICT, content=BODY, headers={"Content-Encoding": "br"}).status_code == 415


def test_all_members_of_a_gzip_are_read_and_nothing_else_behind_them(client):
    members = b"".join(gzip.compress(part) for part in (BODY[:7], b"", BODY[7:]))
    for content, status in ((members, 200), (members + b"\0" * 9, 200), (members + b"more", 400), (members[:-3], 400)):
        response = client.post(PREDICT, content=content, headers={"Content-Encoding": "gzip"})
        assert response.status_code == status, response.text
    bomb = gzip.compress(BODY) + gzip.compress(b" " * 300_000)
    assert client.post(PREDICT, content=bomb, headers={"Content-Encoding": "gzip"}).status_code == 413
    empty = gzip.compress(b"") * 12_000
    assert client.post(PREDICT, content=empty[:190_000], headers={"Content-Encoding": "gzip"}).status_code == 400
    with pytest.raises(zlib.error, match="members"):
        list(Inflater(31).pieces(empty))


def test_pieces_of_an_inflater_are_small_and_all_of_it():
    content = bytes(1_000) * 1_000 + np.random.default_rng(0).bytes(300_000)
    packed, inflater = gzip.compress(content), Inflater(31)
    pieces = [piece for i in range(0, len(packed), 777) for piece in inflater.pieces(packed[i : i + 777])]
    assert b"".join(pieces) == content and max(map(len, pieces)) <= PIECE and inflater.is_whole


def test_bodies_of_all_requests_are_within_the_budget(repository, client, monkeypatch):
    monkeypatch.setattr(repository, "budget", Budget(Settings(max_memory_mb=0.1)))
    response = client.post(PREDICT, content=b'{"instances": [' + b" " * 150_000 + b"1]}")
    assert response.status_code == 503 and int(response.headers["Retry-After"]) >= 1
    assert repository.budget.reserved_mb == 0


def test_a_form_of_a_file_is_the_file(client):
    file = io.BytesIO()
    soundfile.write(file, say("cad dab"), RATE_HZ, format="WAV")
    plain = client.post("/v1/models/talk:transcribe", content=file.getvalue()).json()
    form = client.post("/v1/models/talk:transcribe", files={"file": ("a.wav", file.getvalue(), "audio/wav")})
    assert form.status_code == 200 and form.json() == plain
    response = client.post("/v1/models/talk:transcribe", data={"a": "b"}, files={})
    assert response.status_code == 400


def test_a_form_gives_back_every_byte():
    content = bytes(range(256)) * 3 + b"\r\n--x"
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b\r\n'
    body += b'Content-Disposition: form-data; name="file"; filename="x"\r\n\r\n' + content + b"\r\n--b--\r\n"
    assert file_of('multipart/form-data; boundary="b"', body) == content
    assert file_of("audio/wav", body) == body and file_of("", b"x") == b"x"
    for kind in ("multipart/form-data", "multipart/form-data; boundary=c", "multipart/form-data; boundary="):
        with pytest.raises(Refusal, match="curl -F file=@"):
            file_of(kind, body)


def test_a_form_of_many_parts_is_looked_at_no_further_than_its_first():
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    file = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nyes\r\n--b--\r\n'
    assert file_of("multipart/form-data; boundary=b", part * (MAX_PARTS - 1) + file) == b"yes"
    with pytest.raises(Refusal, match="curl -F file=@"):
        file_of("multipart/form-data; boundary=b", part * MAX_PARTS + file)


def test_base64_may_have_broken_lines_and_no_padding():
    content = np.random.default_rng(0).bytes(100)
    text = base64.b64encode(content).decode()
    for variant in (text, text.rstrip("="), "\n".join(text[i : i + 60] for i in range(0, len(text), 60))):
        assert to_array({"b64": variant}, tf.string).item() == content
    for wrong in ("@@@@", "abcde"):
        with pytest.raises(Refusal, match="base64"):
            to_array({"b64": wrong}, tf.string)


def test_nan_is_a_token_as_tensorflow_serving_writes_it_or_null(repository):
    array = np.float32([0.5, np.nan, -np.inf])
    assert json.dumps(from_array(array)) == "[0.5, NaN, -Infinity]"
    assert from_array(array, special="null") == [0.5, None, None]
    body = b'{"instances": [NaN, 1]}'
    answers = [
        TestClient(application(repository, Settings(num_parallel=1, json_special=special))).post(PREDICT, content=body)
        for special in ("token", "null")
    ]
    assert [answer.text for answer in answers] == ['{"predictions": [NaN, 2.5]}', '{"predictions": [null, 2.5]}']
