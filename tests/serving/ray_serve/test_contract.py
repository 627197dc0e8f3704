"""A client cannot tell a cluster from one server: the same requests get the same answers, over REST and gRPC."""

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import get_model_status_pb2, model_service_pb2_grpc, prediction_service_pb2_grpc

from tests.serving.server.rest.test_routes import ANSWERS, AVAILABLE, ERRORS, PREDICT, TOOLBOX
from tests.serving.server.test_grpc import REFUSED, predict_request


@pytest.fixture(scope="module")
def channel(cluster):
    with grpc.insecure_channel(f"127.0.0.1:{cluster.grpc_port}") as channel:
        yield channel


def test_status_metadata_and_health_are_those_of_one_server(client):
    assert client.get(f"{TOOLBOX}/labels/stable").json() == {"model_version_status": [AVAILABLE]}
    found = client.get(f"{TOOLBOX}/metadata").json()
    assert found["model_spec"] == {"name": "toolbox", "signature_name": "", "version": "7"}
    assert found["metadata"]["signature_def"]["signature_def"].keys() >= {"serving_default", "pair", "scalar"}
    assert client.get("/readyz").json()["models"] == {"talk": 1, "toolbox": 7}
    assert "seqapp_requests_total" in client.get("/metrics").text and "<html" in client.get("/").text.lower()


def test_predict_answers_in_the_format_of_the_request(client):
    for request, expected in ANSWERS:
        response = client.post(PREDICT, json=request)
        assert (response.status_code, response.json()) == (200, expected), request
        assert response.headers["content-type"] == "application/json"


def test_errors_have_the_status_and_the_words_of_one_server(client):
    for method, path, content, status, message in ERRORS:
        response = client.request(method, path, content=content)
        assert response.status_code == status, (method, path, content, response.text)
        assert response.json().keys() == {"error"} and message in response.json()["error"]


def test_grpc_answers_tensorflow_servings_own_client_classes(channel):
    prediction = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    response = prediction.Predict(predict_request(x=np.float32([1, 2, 5])), timeout=60)
    assert tf.make_ndarray(response.outputs["y"]).tolist() == [2.5, 3.0, 4.5]
    assert (response.model_spec.name, response.model_spec.version.value) == ("toolbox", 7)
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "toolbox"
    (status,) = model_service_pb2_grpc.ModelServiceStub(channel).GetModelStatus(request).model_version_status
    assert (status.version, status.state) == (7, status.AVAILABLE)


def test_grpc_refuses_with_the_codes_of_one_server(channel):
    prediction = prediction_service_pb2_grpc.PredictionServiceStub(channel)
    for request, code, message in REFUSED:
        with pytest.raises(grpc.RpcError, match=message) as caught:
            prediction.Predict(request, timeout=60)
        assert caught.value.code().name == code
