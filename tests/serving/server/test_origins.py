"""Web pages of strangers, which a browser lets ask any server: refused by their origin, and by the name they use."""

import dataclasses
import logging

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse

from seqapp.serving.server import Settings
from seqapp.serving.server.application import application
from seqapp.serving.server.listening import warn_if_open

PREDICT = "/v1/models/toolbox:predict"
BODY = {"instances": [1.0]}


def client_with(repository, **changes):
    return TestClient(application(repository, dataclasses.replace(repository.settings, **changes)))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Content-Type": "text/plain"},
        {"Origin": "null"},
        {"Origin": "http://testserver:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example:8501"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_a_foreign_page_is_refused(repository, headers):
    response = client_with(repository).post(PREDICT, json=BODY, headers=headers)
    assert response.status_code == 403 and "--" in response.json()["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://testserver"},
        {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"},
        {"Host": "[::1]:8501"},
        {"Host": "10.0.0.7"},
        {"Host": "app.localhost:8501"},
        {"Host": "seqapp"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
def test_the_page_itself_and_programs_are_answered(repository, headers):
    assert client_with(repository).post(PREDICT, json=BODY, headers=headers).status_code == 200


def test_names_and_origins_can_be_allowed(repository):
    named = {"Host": "speech.example.org", "Origin": "https://pages.example.org"}
    allowed = {"allowed_hosts": ("speech.example.org",), "origins": ("https://pages.example.org",)}
    assert client_with(repository, **allowed).post(PREDICT, json=BODY, headers=named).status_code == 200
    assert client_with(repository, **allowed).post(PREDICT, json=BODY, headers={"Host": "x.org"}).status_code == 403
    any_host = client_with(repository, allowed_hosts=("*",))
    assert any_host.post(PREDICT, json=BODY, headers={"Host": "x.org"}).status_code == 200
    keyed = client_with(repository, api_keys=("sesame",))  # no page of a stranger knows it
    assert keyed.post(PREDICT, json=BODY, headers={"Host": "x.org", "X-API-Key": "sesame"}).status_code == 200


def test_the_name_that_it_listens_at_is_its_own(repository):
    client = client_with(repository, host="Box.example.org")
    assert client.post(PREDICT, json=BODY, headers={"Host": "box.example.org:8501"}).status_code == 200
    assert client.post(PREDICT, json=BODY, headers={"Host": "x.example.org"}).status_code == 403


def test_a_rebound_name_reads_neither_the_page_nor_a_stream_but_probes_are_answered(repository):
    client = client_with(repository)
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 200
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect("/live/talk", headers={"Host": "evil.example", "Origin": "http://evil.example"}),
    ):
        pass
    assert refused.value.status_code == 403


@pytest.mark.parametrize(
    "changes, is_warned",
    [
        ({"host": "0.0.0.0"}, True),
        ({"host": "::"}, True),
        ({"host": "0.0.0.0", "insecure": True}, False),
        ({"host": "0.0.0.0", "api_keys": ("a",)}, False),
        ({}, False),
        ({"host": "127.0.0.2"}, False),
    ],
)
def test_a_server_that_is_open_to_its_network_says_so(changes, is_warned, caplog):
    with caplog.at_level(logging.WARNING):
        warn_if_open(Settings(**changes))
    assert ("--api-key-file" in caplog.text) is is_warned
