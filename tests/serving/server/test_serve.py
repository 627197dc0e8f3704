"""The server as a process: it starts, answers by all its ways, outlives bad company, and ends when all are answered."""

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import types
import urllib.error
import urllib.request

import grpc
import h11
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from seqapp.serving.client import Client
from seqapp.serving.server.head_timeout import HeadTimeoutProtocol
from seqapp.serving.server.installed import check_installed
from seqapp.serving.server.listening import listen
from seqapp.serving.server.settings import Settings
from tests.serving.server.server_process import REPOSITORY, Server


@pytest.fixture(scope="module")
def server(toolbox, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(toolbox, folder / "toolbox" / "7")
    server = Server(folder)
    yield server
    server.kill()


def talk_to(server, content):
    with socket.create_connection(server.address, timeout=20) as connection:
        connection.sendall(content)
        return connection.recv(1_000)


def test_rest_grpc_and_the_client_get_the_same(server):
    while not json.loads(_get_any(server, "/readyz"))["ready"]:
        time.sleep(0.05)
    client = Client(f"http://127.0.0.1:{server.port}/")
    assert client.predict("toolbox", {"x": [1.0, 2.0]}) == [2.5, 3.0]
    with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel:
        request = predict_pb2.PredictRequest()
        request.model_spec.name = "toolbox"
        request.inputs["x"].CopyFrom(tf.make_tensor_proto(np.float32([1, 2])))
        response = prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=20)
    assert list(response.outputs["y"].float_val) == [2.5, 3.0]
    with pytest.raises(ValueError, match=r":predict: 404 .*Latest\(nobody\)"):
        client.predict("nobody", {"x": [1.0]})
    assert b"<html" in server.get("/").lower()


def _get_any(server, path):
    try:
        return server.get(path)
    except urllib.error.HTTPError as error:
        return error.read()


def test_noise_halves_and_silence_harm_nobody(server):
    assert b"400" in talk_to(server, b"\x16\x03\x01\x00\xa5 what is this\r\n\r\n")
    assert b"400" in talk_to(server, b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n")
    negative = talk_to(server, b"POST /v1/models/toolbox:predict HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n")
    assert negative.startswith(b"HTTP/1.1 4")
    halves = [socket.create_connection(server.address, timeout=20) for _ in range(50)]
    for half in halves:
        half.sendall(b"POST /v1/models/toolbox:predict HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    assert Client(f"http://127.0.0.1:{server.port}").predict("toolbox", {"x": [1.0]}) == [2.5]
    for half in halves:
        half.close()
    assert server.get("/healthz")


def test_at_sigterm_what_is_half_sent_is_still_answered(server):
    body = b'{"instances": [5.0]}'
    head = b"POST /v1/models/toolbox:predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
    with socket.create_connection(server.address, timeout=20) as connection:
        connection.sendall(head + body[:5])
        server.get("/healthz")  # by now the half is there
        server.process.send_signal(signal.SIGTERM)
        server.wait_for(re.compile("ending"))
        connection.sendall(body[5:])
        received = b"".join(iter(lambda: connection.recv(1_000), b""))
    assert b"200 OK" in received and received.endswith(b'{"predictions": [4.5]}')
    out, log = server.process.communicate(timeout=30)
    assert server.process.returncode == 0 and out == "" and "ended" in log and "Traceback" not in log
    with pytest.raises(OSError):
        socket.create_connection(server.address, timeout=1)


@pytest.mark.parametrize(
    "options, message",
    [
        (["nowhere"], "Expected a folder of models at"),
        ([".", "--label", "x"], "MODEL/LABEL=VERSION"),
        ([".", "--max-queue", "0"], "1 or more"),
        ([".", "--live-idle-s", "0"], "LiveLimits needs idle_s > 0"),
        ([".", "--api-key-file", os.devnull], "Expected one key per line"),
    ],
)
def test_mistakes_end_as_one_line(options, message, tmp_path):
    command = [sys.executable, str(REPOSITORY / "pipelines" / "serve.py"), *options]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    finished = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 1 and message in finished.stderr and len(finished.stderr.splitlines()) == 1


def test_answers_leave_at_once():
    with (
        listen(Settings(port=0)) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_client_tries_again_where_the_server_has_no_room(monkeypatch):
    seen, waited = [], []

    def busy_twice(request, timeout):
        seen.append((request.full_url, request.get_header("X-api-key"), request.data))
        if len(seen) < 3:
            raise urllib.error.HTTPError(request.full_url, 503, "busy", {"Retry-After": "2"}, None)
        return io.BytesIO(b'{"text": "ab"}')

    monkeypatch.setattr(urllib.request, "urlopen", busy_twice)
    monkeypatch.setattr(time, "sleep", waited.append)
    assert Client("http://server/", api_key="key").transcribe("talk", b"RIFF")["text"] == "ab"
    assert seen == [("http://server/v1/models/talk:transcribe", "key", b"RIFF")] * 3 and waited == [2.0, 2.0]
    Client("http://server").transcribe("talk", b"RIFF", ["a b", "é"])
    url, _, form = seen[-1]
    assert url == "http://server/v1/models/talk:transcribe"
    assert json.dumps(["a b", "é"]).encode() in form and b"RIFF" in form and b'name="hotwords"' in form


def test_a_client_tries_again_where_the_server_is_away_and_says_so_in_the_end(monkeypatch):
    seen, waited = [], []

    def away(request, timeout):
        seen.append(request.full_url)
        raise urllib.error.URLError(ConnectionRefusedError(111, "Connection refused"))

    monkeypatch.setattr(urllib.request, "urlopen", away)
    monkeypatch.setattr(time, "sleep", waited.append)
    with pytest.raises(OSError, match="http://server/v1/models/talk:transcribe: no answer: .*Connection refused"):
        Client("http://server/").transcribe("talk", b"RIFF")
    assert len(seen) == 5 and waited == [0.5, 1.0, 2.0, 4.0]


def test_a_large_body_that_is_cut_off_is_sent_twice_and_explained(monkeypatch):
    def refuse(request, timeout):
        raise urllib.error.URLError(BrokenPipeError(32, "Broken pipe"))

    waited = []
    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    monkeypatch.setattr(time, "sleep", waited.append)
    with pytest.raises(OSError, match="Broken pipe.* Is a body of 2.0 MB more than the server takes?"):
        Client("http://server").transcribe("talk", bytes(2_000_000))
    assert waited == [0.5]
    with pytest.raises(ValueError, match="Expected a URL such as http://127.0.0.1:8501. Received: localhost:8501."):
        Client("localhost:8501")


def test_packages_that_are_missing_are_named_with_the_way_to_get_them():
    check_installed()
    with pytest.raises(ValueError, match=r"needs no_such_package. Not installed. Try: pip install -e '\.\[serve\]'"):
        check_installed(["starlette", "no_such_package"])


@pytest.mark.parametrize(
    "head, is_closed", [(b"", True), (b"GET / HT", True), (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", False)]
)
def test_a_connection_that_never_says_what_it_wants_is_closed(head, is_closed):
    closed, timers = [], []
    protocol = object.__new__(HeadTimeoutProtocol)
    protocol.loop = types.SimpleNamespace(call_later=lambda seconds, function: timers.append(function))
    protocol.conn = h11.Connection(h11.SERVER)
    protocol.transport = types.SimpleNamespace(is_closing=lambda: False, close=lambda: closed.append(True))
    protocol._await_head()
    if head:  # nothing would mean the end
        protocol.conn.receive_data(head)
        protocol.conn.next_event()
    timers[-1]()
    assert bool(closed) is is_closed


@pytest.mark.parametrize("remaining, is_aborted", [(1_000_000, True), (999_999, False)])
def test_an_answer_that_nobody_reads_is_not_kept(remaining, is_aborted, monkeypatch):
    aborted, timers, sizes = [], [], [1_000_000, remaining]
    protocol = object.__new__(HeadTimeoutProtocol)
    protocol.flow = types.SimpleNamespace(pause_writing=lambda: None, resume_writing=lambda: None)
    protocol.loop = types.SimpleNamespace(
        call_later=lambda seconds, function, size: timers.append(lambda: function(size))
    )
    protocol.transport = types.SimpleNamespace(
        get_write_buffer_size=lambda: sizes.pop(0), abort=lambda: aborted.append(True)
    )
    protocol.pause_writing()
    timers[-1]()
    assert bool(aborted) is is_aborted and len(timers) == 1 + (not is_aborted)
