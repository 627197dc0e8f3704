"""The REST contract of TensorFlow Serving, request by request: its documentation and its own tests are the reference.

https://www.tensorflow.org/tfx/serving/api_rest
"""

import base64
import math

import numpy as np
import pytest
from google.protobuf import json_format
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow_serving.apis import get_model_metadata_pb2, get_model_status_pb2

from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.predict_json import write_outputs

TOOLBOX = "/v1/models/toolbox"
PREDICT = f"{TOOLBOX}:predict"
AVAILABLE = {"version": "7", "state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}


def b64(content):
    return {"b64": base64.b64encode(content).decode("ascii")}


@pytest.mark.parametrize("place", ["", "/versions/7", "/labels/stable"])
def test_status_is_that_of_the_documentation(client, place):
    response = client.get(TOOLBOX + place)
    assert response.status_code == 200 and response.headers["content-type"] == "application/json"
    assert response.json() == {"model_version_status": [AVAILABLE]}
    assert json_format.ParseDict(response.json(), get_model_status_pb2.GetModelStatusResponse())


@pytest.mark.parametrize("place", ["", "/versions/7", "/labels/stable"])
def test_metadata_holds_the_signatures_of_the_file(client, toolbox, place):
    found = client.get(f"{TOOLBOX}{place}/metadata").json()
    assert found["model_spec"] == {"name": "toolbox", "signature_name": "", "version": "7"}
    received = get_model_metadata_pb2.SignatureDefMap()
    json_format.ParseDict(found["metadata"]["signature_def"], received)
    saved = saved_model_pb2.SavedModel.FromString((toolbox / "saved_model.pb").read_bytes())
    assert dict(received.signature_def) == dict(saved.meta_graphs[0].signature_def)
    x = found["metadata"]["signature_def"]["signature_def"]["serving_default"]["inputs"]["x"]
    assert x["dtype"] == "DT_FLOAT" and x["tensor_shape"] == {
        "dim": [{"size": "-1", "name": ""}],
        "unknown_rank": False,
    }


ANSWERS = [
    ({"instances": [1.0, 2.0, 5.0]}, {"predictions": [2.5, 3.0, 4.5]}),
    ({"inputs": [1.0, 2.0, 5.0]}, {"outputs": [2.5, 3.0, 4.5]}),
    ({"inputs": {"x": [1, 2]}}, {"outputs": [2.5, 3.0]}),
    ({"instances": [{"x": 3}], "signature_name": "serving_default"}, {"predictions": [3.5]}),
    ({"instances": [0.4], "signature_name": ""}, {"predictions": [2.2]}),  # not 2.2000000476837
    ({"inputs": []}, {"outputs": []}),
    (
        {"signature_name": "pair", "instances": [{"a": [1, 2], "b": True}, {"a": [3, 4], "b": False}]},
        {"predictions": [{"sum": 3, "not": False}, {"sum": 7, "not": True}]},
    ),
    (
        {"signature_name": "pair", "inputs": {"a": [[1, 2], [3, 4]], "b": [True, False]}},
        {"outputs": {"sum": [3, 7], "not": [False, True]}},
    ),
    (
        {"signature_name": "greet", "instances": ["Ann", b64(b"\x42ob")]},
        {"predictions": [{"text": f"ä {n}", "raw_bytes": b64(b"\xff" + n.encode())} for n in ("Ann", "Bob")]},
    ),
    (
        {"signature_name": "greet", "inputs": {"name": ["é"]}},
        {"outputs": {"text": ["ä é"], "raw_bytes": [b64("\xff".encode("latin-1") + "é".encode())]}},
    ),
    ({"signature_name": "scalar", "inputs": 4}, {"outputs": 5}),
    ({"signature_name": "scalar", "inputs": {"count": 4}}, {"outputs": 5}),
]  # fmt: skip


@pytest.mark.parametrize("request_json, expected", ANSWERS)
def test_predict_answers_in_the_format_of_the_request(client, request_json, expected):
    response = client.post(PREDICT, json=request_json)
    assert response.status_code == 200 and response.headers["content-type"] == "application/json"
    assert response.json() == expected


@pytest.mark.parametrize("place", ["/versions/7", "/labels/stable"])
def test_predict_addresses_versions_and_labels(client, place):
    assert client.post(f"{TOOLBOX}{place}:predict", json={"instances": [2]}).json() == {"predictions": [3.0]}


def test_paths_of_any_case_and_numbers_that_json_has_not_are_understood_as_there(client):
    response = client.post("/v1/Models/toolbox:Predict", content='{"instances": [NaN, Infinity, -Infinity, 1e-3]}')
    nan, *others = response.json()["predictions"]
    assert math.isnan(nan) and others == [math.inf, -math.inf, 2.0005]


ERRORS = [
    ("GET", "/v1/foo", None, 400, "Malformed request: GET /v1/foo"),
    ("POST", "/v1/foo", "", 400, "Malformed request: POST /v1/foo"),
    ("GET", "/v1/models", None, 400, "Missing model name"),
    ("POST", "/v1/models", "", 400, "Malformed request"),
    ("POST", "/v1/models/toolbox", "{}", 400, "Malformed request"),
    ("GET", PREDICT, None, 400, "Malformed request"),
    ("DELETE", "/v1/models/toolbox", None, 400, "Malformed request: DELETE"),
    ("POST", "/v1/models/toolbox/version/50:predict", "{}", 400, "Malformed request"),
    ("POST", "/v1/models/toolbox/versions/HELLO:predict", "{}", 400, "Malformed request"),
    ("POST", f"/v1/models/toolbox/versions/{2**64 - 1}:predict", "{}", 400, "Failed to convert version"),
    ("GET", "/v1/models/foo", None, 404, "Could not find any versions of model foo"),
    ("GET", "/v1/models/toolbox/versions/5", None, 404, "Could not find version 5 of model toolbox"),
    ("GET", "/v1/models/toolbox/labels/nope", None, 400, "Unrecognized servable version label: nope"),
    ("GET", "/v1/models/foo/metadata", None, 404, "Servable not found for request: Latest(foo)"),
    ("POST", "/v1/models/foo:predict", '{"instances": [1]}', 404, "Servable not found for request: Latest(foo)"),
    ("POST", "/v1/models/foo:transcribe", "x", 404, "Servable not found for request: Latest(foo)"),
    ("POST", "/v1/models/toolbox/versions/5:predict", '{"instances": [1]}', 404, r"request: Specific(toolbox, 5)"),
    ("POST", "/v1/models/toolbox/labels/nope:predict", '{"instances": [1]}', 400, "Unrecognized servable"),
    ("POST", PREDICT, "", 400, "JSON Parse error: The document is empty"),
    ("POST", PREDICT, "instances = [1, 2]", 400, "JSON Parse error"),
    ("POST", PREDICT, "[1, 2]", 400, "Is not object"),
    ("POST", PREDICT, "{}", 400, "Missing 'inputs' or 'instances' key"),
    ("POST", PREDICT, '{"inputs": [1], "instances": [1]}', 400, "expecting only one of"),
    ("POST", PREDICT, '{"instances": 1}', 400, "'instances' to be an list/array"),
    ("POST", PREDICT, '{"instances": []}', 400, "No values in 'instances' array"),
    ("POST", PREDICT, '{"signature_name": 100}', 400, "'signature_name' key must be a string"),
    ("POST", PREDICT, '{"signature_name": "no", "inputs": 1}', 400, '"no" not found in signature'),
    ("POST", PREDICT, '{"instances": ["x", "y"]}', 400, "not of expected type: float"),
    ("POST", PREDICT, '{"instances": [true]}', 400, "not of expected type: float"),
    ("POST", PREDICT, '{"instances": [null]}', 400, "not of expected type: float"),
    ("POST", PREDICT, '{"instances": [[1], [1, 2]]}', 400, "unexpected size"),
    ("POST", PREDICT, '{"instances": [[1], 2]}', 400, "unexpected level"),
    ("POST", PREDICT, '{"instances": [1, [2]]}', 400, "unexpected level"),
    ("POST", PREDICT, '{"instances": [16777217]}', 400, "without loss of precision"),
    ("POST", PREDICT, '{"instances": [1e39]}', 400, "without loss of precision"),
    ("POST", PREDICT, '{"instances": [{"x": 1, "z": 2}]}', 400, "keys must be equal to: x"),
    ("POST", PREDICT, '{"instances": [{"x": 1}, 2]}', 400, "got list at item 1"),
    ("POST", PREDICT, '{"instances": [1, {"x": 2}]}', 400, "Expecting value/list but got object"),
    ("POST", PREDICT, '{"inputs": {"z": [1]}}', 400, "Missing named input: x"),
    ("POST", PREDICT, '{"inputs": [[1.0]]}', 400, "Received: [1, 1]"),
    ("POST", PREDICT, '{"signature_name": "pair", "instances": [1]}', 400, "instances is a plain list"),
    ("POST", PREDICT, '{"signature_name": "pair", "inputs": [1]}', 400, "inputs is a plain value/list"),
    (
        "POST", PREDICT, '{"signature_name": "pair", "inputs": {"a": [[1, 2.5]], "b": [true]}}', 400,
        "not of expected type: int32",
    ),
    (
        "POST", PREDICT, '{"signature_name": "pair", "inputs": {"a": [[1, 4294967296]], "b": [true]}}',
        400, "without loss of precision",
    ),
    ("POST", PREDICT, '{"signature_name": "greet", "inputs": [{"b64": "%"}]}', 400, "base64 decode"),
    ("POST", PREDICT, '{"signature_name": "greet", "inputs": [{"b65": ""}]}', 400, "base64 data"),
    ("POST", PREDICT, '{"signature_name": "scalar", "instances": [1]}', 400, "expected count of shape"),
    ("POST", PREDICT, '{"signature_name": "fail", "inputs": [-1]}', 400, "not positive"),
    ("POST", "/v1/models/toolbox:classify", "", 400, "JSON Parse error: The document is empty"),
    ("POST", "/v1/models/toolbox:classify", "{}", 400, "key 'examples' is expected"),
    (
        "POST", "/v1/models/toolbox:classify", '{"examples": [{"x": 1.0}]}', 400, "Expected classification "
        "signature method_name to be tensorflow/serving/classify. Was: tensorflow/serving/predict",
    ),
    (
        "POST", "/v1/models/toolbox:regress", '{"examples": [{"x": 1.0}]}', 400,
        "Expected regression signature method_name to be tensorflow/serving/regress. Was: tensorflow/serving/predict",
    ),
    (
        "POST", "/v1/models/toolbox:regress", '{"signature_name": "no", "examples": [{"x": 1.0}]}', 400,
        "No signature was found with the name: no",
    ),
    ("POST", "/v1/models/foo:regress", '{"examples": [{"x": 1.0}]}', 404, "Servable not found"),
    ("POST", "/v1/models/toolbox:transcribe", "x", 400, "toolbox reads no files"),
    ("GET", "/v2/models/toolbox", None, 404, "Not Found"),
]  # fmt: skip


@pytest.mark.parametrize("method, path, content, status, message", ERRORS)
def test_errors_have_the_status_and_the_shape_of_the_documentation(client, method, path, content, status, message):
    response = client.request(method, path, content=content)
    assert response.status_code == status and response.headers["content-type"] == "application/json"
    assert response.json().keys() == {"error"} and message in response.json()["error"]


def test_outputs_without_rows_are_to_be_asked_for_in_columns():
    with pytest.raises(Refusal, match="no shape information"):
        write_outputs({"next": np.int32(1)}, "instances")
    with pytest.raises(Refusal, match="inconsistent batch sizes"):
        write_outputs({"a": np.zeros(1), "b": np.zeros(2)}, "instances")


def test_names_of_megabytes_are_not_echoed(client):
    for name in ("n" * 150_000, "n " * 75_000):
        response = client.post("/v1/models/toolbox:predict", json={"signature_name": name, "instances": [1.0]})
        assert response.status_code == 400 and len(response.text) < 3_000
        assert "not found in signature def" in response.json()["error"]
