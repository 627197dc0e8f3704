"""With a certificate, HTTP and gRPC are answered under TLS, and in the open no longer."""

import asyncio
import contextlib
import dataclasses
import queue
import shutil
import ssl
import subprocess
import threading
import urllib.request

import grpc
import pytest
from tensorflow_serving.apis import get_model_status_pb2, model_service_pb2_grpc

from seqapp.serving.server.application import application
from seqapp.serving.server.grpc_api.server import grpc_server
from seqapp.serving.server.listening import BACKLOG, listen
from seqapp.serving.server.serve import Http, _config

pytestmark = pytest.mark.skipif(
    not shutil.which("openssl"), reason="openssl, which makes a certificate, is not installed"
)
CERTIFICATE = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
NAMES = ("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")


@pytest.fixture(scope="module")
def secured(tmp_path_factory, repository):
    """Settings with a certificate of our own."""
    folder = tmp_path_factory.mktemp("tls")
    files = {"tls_key": folder / "key.pem", "tls_certificate": folder / "certificate.pem"}
    command = ["openssl", *CERTIFICATE, *NAMES, "-keyout", files["tls_key"], "-out", files["tls_certificate"]]
    subprocess.run(command, check=True, capture_output=True)
    return dataclasses.replace(repository.settings, port=0, grpc_port=0, **files)


@contextlib.contextmanager
def serving(repository, settings):
    """Ports of HTTP and gRPC of a server in a thread of its own."""
    listening, loop, ports = listen(settings), asyncio.new_event_loop(), queue.Queue()
    http = Http(_config(application(repository, settings), settings, BACKLOG))

    async def serve():
        rpc, port = grpc_server(repository, settings)
        await rpc.start()
        ports.put(port)
        await http.serve([listening])
        await rpc.stop(1)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    yield listening.getsockname()[1], ports.get(timeout=20)
    http.should_exit = True
    thread.join(20)


def test_both_contracts_are_answered_under_tls_alone(repository, secured):
    certificate, request = secured.tls_certificate.read_bytes(), get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "toolbox"
    with serving(repository, secured) as (port, grpc_port):
        trusting = ssl.create_default_context(cafile=secured.tls_certificate)
        with urllib.request.urlopen(f"https://localhost:{port}/healthz", timeout=20, context=trusting) as response:
            assert response.status == 200
        with pytest.raises(OSError):
            urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=20)
        with pytest.raises(OSError, match="certificate verify failed"):
            urllib.request.urlopen(f"https://localhost:{port}/healthz", timeout=20)
        credentials = grpc.ssl_channel_credentials(certificate)
        with grpc.secure_channel(f"localhost:{grpc_port}", credentials) as channel:
            stub = model_service_pb2_grpc.ModelServiceStub(channel)
            assert stub.GetModelStatus(request, timeout=20).model_version_status[0].version == 7
        with grpc.insecure_channel(f"localhost:{grpc_port}") as channel, pytest.raises(grpc.RpcError):
            model_service_pb2_grpc.ModelServiceStub(channel).GetModelStatus(request, timeout=20)


def test_a_port_that_is_taken_is_said_in_one_line(repository):
    with listen(dataclasses.replace(repository.settings, port=0)) as taken:
        settings = dataclasses.replace(repository.settings, port=taken.getsockname()[1])
        with pytest.raises(OSError, match="Give another --port"):
            listen(settings)
