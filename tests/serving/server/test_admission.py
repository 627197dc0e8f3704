"""Bounds of what is let in: size, number, time, keys and origins; and what is open all the same."""

import asyncio
import dataclasses
import threading

import numpy as np
import pytest
from starlette.testclient import TestClient

from seqapp.serving.server import Settings
from seqapp.serving.server.admission import is_known_key
from seqapp.serving.server.application import application
from tests.serving.server.conftest import asgi_client

PREDICT = "/v1/models/toolbox:predict"
BODY = {"instances": [1.0]}


def client_with(repository, **changes):
    settings = dataclasses.replace(repository.settings, **changes)
    return TestClient(application(repository, settings), raise_server_exceptions=False)


class Gate:
    """Holds up a signature of a model until it is opened."""

    def __init__(self, model, monkeypatch):
        self._event, signature = threading.Event(), model.signatures["serving_default"]
        monkeypatch.setattr(type(signature), "__call__", self._around(type(signature).__call__))

    def _around(self, call):
        def held(signature, inputs):
            self._event.wait(20)
            return call(signature, inputs)

        return held

    def open(self):
        self._event.set()


@pytest.fixture
def gate(repository, monkeypatch):
    gate = Gate(repository.model("toolbox"), monkeypatch)
    yield gate
    gate.open()


def test_a_request_that_is_too_large_is_refused_whether_it_says_so_or_not(client):
    body = b'{"instances": [' + b"1," * 150_000 + b"1]}"
    for content in (body, (body[i : i + 10_000] for i in range(0, len(body), 10_000))):
        response = client.post(PREDICT, content=content)
        assert response.status_code == 413 and "at most 0.2 MB" in response.json()["error"]
    assert client.post(PREDICT, json=BODY, headers={"Content-Length": "9" * 30}).status_code == 413


def test_what_comes_too_slowly_is_not_waited_for(repository):
    async def ask():
        async def drip():
            yield b'{"instances": '
            await asyncio.sleep(5)
            yield b"[1]}"

        async with asgi_client(repository, dataclasses.replace(repository.settings, timeout_s=0.05)) as client:
            return await client.post(PREDICT, content=drip())

    response = asyncio.run(ask())
    assert response.status_code == 408 and "did not arrive within 0.05 s" in response.json()["error"]


def test_what_takes_too_long_is_not_waited_for(repository, gate):
    response = client_with(repository, timeout_s=0.1).post(PREDICT, json=BODY)
    assert response.status_code == 504 and "Not answered within 0.1 s" in response.json()["error"]
    gate.open()
    assert client_with(repository).post(PREDICT, json=BODY).status_code == 200


def test_more_requests_than_there_is_room_for_are_refused_and_the_others_answered(repository, gate):
    async def ask(settings, count):
        async with asgi_client(repository, settings) as client:
            asked = [asyncio.create_task(client.post(PREDICT, json={"instances": [i]})) for i in range(count)]
            refused, _ = await asyncio.wait(asked, timeout=5, return_when=asyncio.FIRST_COMPLETED)
            while len(refused) < 5:
                refused, _ = await asyncio.wait(asked, timeout=0.02)
            health = await client.get("/healthz")
            gate.open()
            return await asyncio.gather(*asked), health

    settings = dataclasses.replace(repository.settings, max_requests=4)
    responses, health = asyncio.run(ask(settings, 9))
    assert sorted(response.status_code for response in responses) == [200] * 4 + [429] * 5
    for number, response in enumerate(responses):
        if response.status_code == 200:
            assert response.json() == {"predictions": [0.5 * number + 2.0]}
        else:
            assert int(response.headers["Retry-After"]) >= 1 and "error" in response.json()
    assert health.status_code == 200


def test_a_full_queue_of_one_model_refuses_with_503_and_not_for_the_others(models):
    from seqapp.serving.server.loaded_models.repository import Repository
    from seqapp.serving.server.refusal import Refusal

    repository = Repository(models / "toolbox", Settings(num_parallel=1, max_queue=2, grpc_port=-1))
    repository.refresh()
    model, held = repository.model("toolbox"), threading.Event()
    repository._pool.submit(held.wait, 20)  # the only thread has other things to do
    waiting = [model.submit("serving_default", {"x": np.float32([i])}) for i in range(2)]
    response = TestClient(application(repository, repository.settings)).post(PREDICT, json=BODY)
    assert response.status_code == 503 and int(response.headers["Retry-After"]) >= 1
    with pytest.raises(Refusal):
        model.submit("serving_default", {"x": np.float32([1])})
    other = model.submit("scalar", {"count": np.array(1, np.int32)})
    held.set()
    assert [float(w.result(10)["y"][0]) for w in waiting] == [2.0, 2.5] and other.result(10)["next"] == 2
    repository.close()


def test_keys_are_asked_for_where_something_is_computed_or_told(repository):
    client = client_with(repository, api_keys=("first", "sécret"))
    for path in ("/v1/models/toolbox", "/live", "/metrics", "/monitoring/prometheus/metrics"):
        for headers in ({}, {"X-API-Key": "firs"}, {"Authorization": "Basic first"}, {"Authorization": "Bearer "}):
            response = client.get(path, headers=headers)
            assert response.status_code == 401 and "API key" in response.json()["error"]
        for headers in ({"X-API-Key": "first"}, {"Authorization": "Bearer first"}):
            assert client.get(path, headers=headers).status_code == 200
    for path in ("/", "/healthz", "/readyz"):
        assert client.get(path).status_code == 200
    assert client.get("/metrics?api_key=first").status_code == 401  # addresses stand in logs
    assert is_known_key("sécret", ("first", "sécret")) and not is_known_key("", ("first",)) and is_known_key("", ())


def test_pages_of_other_origins_are_told_nothing_unless_they_are_named(repository):
    elsewhere = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    closed, opened = client_with(repository), client_with(repository, origins=("https://example.org",))
    assert "access-control-allow-origin" not in closed.get("/v1/models/toolbox", headers=elsewhere).headers
    assert "access-control-allow-origin" not in closed.options(PREDICT, headers=elsewhere).headers
    for response in (opened.options(PREDICT, headers=elsewhere), opened.get("/v1/models/foo", headers=elsewhere)):
        assert response.headers["access-control-allow-origin"] == "https://example.org"
    strange = {**elsewhere, "Origin": "https://example.com"}
    assert "access-control-allow-origin" not in opened.get("/v1/models/toolbox", headers=strange).headers


def test_probes_say_what_the_server_is_and_metrics_what_it_did(repository, client):
    assert client.get("/healthz").json() == {"status": "alive"}
    found = client.get("/readyz").json()
    assert found["ready"] and found["models"] == {"talk": 1, "toolbox": 7}
    assert found["states"].keys() == found["models"].keys()
    assert set(found["states"].values()) <= {"AVAILABLE", "WARMING"}
    client.post(PREDICT, json=BODY)
    client.post("/v1/models/nobody:predict", json=BODY)
    page = client.get("/metrics").text
    assert 'seqapp_requests_total{method="predict",model="toolbox",status="200"}' in page
    assert 'model="none",status="404"' in page and "nobody" not in page  # or every guess would make a series
    assert 'seqapp_batch_rows_bucket{le="1.0",model="toolbox",signature="serving_default"}' in page
    assert "process_resident_memory_bytes" in page
    assert client.get("/monitoring/prometheus/metrics").text.splitlines()[0] == page.splitlines()[0]


def test_a_server_that_is_about_to_end_is_not_ready_and_answers_still(repository, client):
    repository.is_draining = True
    try:
        assert client.get("/readyz").status_code == 503 and client.get("/healthz").status_code == 200
        assert client.post(PREDICT, json=BODY).status_code == 200
    finally:
        repository.is_draining = False


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"max_queue": 0}, "max_queue of 1 or more"),
        ({"timeout_s": 0.0}, "timeout_s above 0"),
        ({"tls_key": "k"}, "TLS"),
    ],
)
def test_settings_that_make_no_sense_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Settings(**changes)
