"""Whatever anybody sends, it gets a 4xx, and who comes next is answered."""

import json
import urllib.parse

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"])
VERBS = st.sampled_from(["predict", "classify", "regress", "transcribe"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
KEYS = st.sampled_from(["instances", "inputs", "signature_name", "examples", "lengths", "waveform", "x", "a", "b64"])
SIGNATURES = st.sampled_from(["serving_default", "pair", "greet", "scalar", "stream_step", "stream_init", "nope", 7])
NUMBERS = st.integers(-(2**31), 2**31 - 1) | st.sampled_from([2**63, -(2**63), 10**400])


@pytest.fixture(autouse=True)
def alive(client):
    yield
    assert client.post("/v1/models/toolbox:predict", json={"instances": [1]}).json() == {"predictions": [2.5]}


def assert_refused(response):
    assert 400 <= response.status_code < 500, response.text
    assert response.json().keys() == {"error"}


@given(METHODS, st.text(st.characters(codec="utf-8"), max_size=30))
@QUICK
def test_paths_that_nobody_knows(client, method, path):
    assert_refused(client.request(method, f"/v1/models/toolbox/{urllib.parse.quote(path)}/x"))


@given(VERBS, st.binary(max_size=60))
@QUICK
def test_bodies_of_noise(client, verb, body):
    for model in ("toolbox", "talk"):
        assert_refused(client.post(f"/v1/models/{model}:{verb}", content=body))


@given(st.dictionaries(KEYS, JSON, max_size=4), st.sampled_from(["toolbox", "talk"]), SIGNATURES)
@QUICK
def test_json_of_any_kind_is_answered_or_refused(client, body, model, signature):
    body = {"signature_name": signature, **body}
    content = json.dumps(body).encode("utf-8", "surrogatepass")
    response = client.post(f"/v1/models/{model}:predict", content=content)
    assert response.status_code < 500, response.text


@given(
    st.lists(NUMBERS, min_size=1, max_size=3),
    st.integers(0, 3),
    st.integers(0, 400),
    st.sampled_from([np.nan, np.inf, 1e38, 0.0]),
)
@settings(QUICK, max_examples=25)
def test_lengths_and_samples_that_cannot_be(client, lengths, num_rows, num_samples, value):
    waveform = np.full([num_rows, num_samples], value).tolist()
    body = {"inputs": {"waveform": waveform, "lengths": lengths}}
    response = client.post("/v1/models/talk:predict", content=json.dumps(body).encode())
    assert response.status_code == 200 or assert_refused(response) is None
    if response.status_code == 200:
        assert len(response.json()["outputs"]["text"]) == num_rows == len(lengths)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"instances": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"instances": ' + b'{"a":' * 30_000 + b"1" + b"}" * 30_000 + b"}",
        b'{"instances": [' + b"9" * 20_000 + b"]}",
        b'{"instances": ["\\ud800"], "signature_name": "greet"}',
        b'{"instances": ["\xff"]}',
        b"\xef\xbb\xbf{}",
        b"\x00" * 1_000,
    ],
    ids=["brackets", "nested lists", "nested objects", "digits", "surrogate", "not utf-8", "byte order mark", "zeros"],
)
def test_bodies_that_have_broken_servers(client, content):
    assert_refused(client.post("/v1/models/toolbox:predict", content=content))
    assert_refused(client.post("/v1/models/talk:transcribe", content=content))
