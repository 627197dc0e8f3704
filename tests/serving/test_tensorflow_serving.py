"""TensorFlow Serving itself, where it is installed, keeps the contract that our server is tested against."""

import shutil
import subprocess
import time

import grpc
import httpx
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import prediction_service_pb2_grpc

from tests.serving.ray_serve.conftest import free_port
from tests.serving.server.conftest import Toolbox
from tests.serving.server.rest.test_routes import ANSWERS, ERRORS, PREDICT, TOOLBOX
from tests.serving.server.test_grpc import REFUSED, predict_request

BINARY = shutil.which("tensorflow_model_server")
pytestmark = pytest.mark.skipif(BINARY is None, reason="no tensorflow_model_server on PATH")

CONFIG = """model_config_list {{ config {{
  name: "toolbox" base_path: "{path}" model_platform: "tensorflow" version_labels {{ key: "stable" value: 7 }}
}} }}"""
OURS = (":transcribe", "/v2/")  # what is asked there, only our server has


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    """Of REST and gRPC."""
    folder = tmp_path_factory.mktemp("models")
    Toolbox().save(folder / "toolbox" / "7")
    (folder / "models.config").write_text(CONFIG.format(path=folder / "toolbox"), encoding="utf-8")
    rest, rpc = free_port(), free_port()
    command = [BINARY, f"--port={rpc}", f"--rest_api_port={rest}", f"--model_config_file={folder / 'models.config'}"]
    server = subprocess.Popen([*command, "--allow_version_labels_for_unavailable_models=true"])
    try:
        wait_until_available(f"http://127.0.0.1:{rest}{TOOLBOX}")
        yield rest, rpc
    finally:
        server.kill()
        server.wait()


def wait_until_available(url, timeout_s=60):
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        try:
            if "AVAILABLE" in httpx.get(url).text:
                return
        except httpx.TransportError:  # it does not listen yet
            pass
        time.sleep(0.2)
    raise AssertionError(f"{url}: not available after {timeout_s} s")


def test_rest_answers_and_refuses_as_our_server(ports):
    with httpx.Client(base_url=f"http://127.0.0.1:{ports[0]}", timeout=20) as client:
        for request, expected in ANSWERS:
            assert client.post(PREDICT, json=request).json() == expected, request
        for method, path, content, status, _ in ERRORS:
            if not any(part in path for part in OURS):
                response = client.request(method, path, content=content)
                assert (response.status_code, response.json().keys()) == (status, {"error"}), (method, path, content)


def test_grpc_answers_and_refuses_as_our_server(ports):
    with grpc.insecure_channel(f"127.0.0.1:{ports[1]}") as channel:
        prediction = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        response = prediction.Predict(predict_request(x=np.float32([1, 2, 5])), timeout=20)
        assert tf.make_ndarray(response.outputs["y"]).tolist() == [2.5, 3.0, 4.5]
        assert (response.model_spec.name, response.model_spec.version.value) == ("toolbox", 7)
        for request, code, _ in REFUSED:
            with pytest.raises(grpc.RpcError) as caught:
                prediction.Predict(request, timeout=20)
            assert caught.value.code().name == code
