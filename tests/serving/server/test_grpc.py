"""tensorflow-serving-api's own client classes cannot tell which server answers."""

import asyncio
import contextlib
import dataclasses
import queue
import threading

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    inference_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
    regression_pb2,
)

from seqapp.serving.server import Settings
from seqapp.serving.server.budget import Budget
from seqapp.serving.server.grpc_api.server import grpc_server
from tests.small_speech import say


@contextlib.contextmanager
def serving(repository, **changes):
    """A channel to a server in a thread of its own."""
    settings = dataclasses.replace(repository.settings, grpc_port=0, **changes)
    loop, end, ports = asyncio.new_event_loop(), asyncio.Event(), queue.Queue()

    async def serve():
        server, port = grpc_server(repository, settings)
        await server.start()
        ports.put(port)
        await end.wait()
        await server.stop(1)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    with grpc.insecure_channel(f"127.0.0.1:{ports.get(timeout=20)}") as channel:
        yield channel
    loop.call_soon_threadsafe(end.set)
    thread.join(20)


@pytest.fixture(scope="module")
def channel(repository):
    with serving(repository) as channel:
        yield channel


@pytest.fixture
def prediction(channel):
    return prediction_service_pb2_grpc.PredictionServiceStub(channel)


def predict_request(model="toolbox", /, signature="", version=None, label=None, outputs=(), **inputs):
    request = predict_pb2.PredictRequest(output_filter=outputs)
    request.model_spec.name, request.model_spec.signature_name = model, signature
    if version is not None:
        request.model_spec.version.value = version
    if label is not None:
        request.model_spec.version_label = label
    for key, value in inputs.items():
        request.inputs[key].CopyFrom(
            value if isinstance(value, type(tf.make_tensor_proto(0))) else tf.make_tensor_proto(value)
        )
    return request


@pytest.mark.parametrize("place", [{}, {"version": 7}, {"label": "stable"}])
def test_predict_answers_with_the_model_that_answered(prediction, place):
    response = prediction.Predict(predict_request(x=np.float32([1, 2, 5]), **place), timeout=10)
    assert list(response.outputs["y"].float_val) == [2.5, 3.0, 4.5]  # the field that clients look into
    assert tf.make_ndarray(response.outputs["y"]).tolist() == [2.5, 3.0, 4.5]
    spec = response.model_spec
    assert (spec.name, spec.version.value, spec.signature_name) == ("toolbox", 7, "serving_default")


def test_predict_takes_all_types_and_gives_the_outputs_asked_for(prediction):
    request = predict_request(signature="pair", a=np.int32([[1, 2]]), b=[True])
    found = prediction.Predict(request, timeout=10).outputs
    assert tf.make_ndarray(found["sum"]).tolist() == [3] and tf.make_ndarray(found["not"]).tolist() == [False]
    request = predict_request(signature="greet", name=[b"Ann"], outputs=["raw_bytes"])
    found = prediction.Predict(request, timeout=10).outputs
    assert {key: list(value.string_val) for key, value in found.items()} == {"raw_bytes": [b"\xffAnn"]}


def test_predict_equals_the_model(prediction, repository):
    samples = np.sin(np.arange(8_000) / 9).astype(np.float32)[np.newaxis]
    inputs = {"waveform": samples, "lengths": np.array([8_000], np.int32)}
    found = prediction.Predict(predict_request("talk", **inputs), timeout=30).outputs
    expected = repository.model("talk").signatures["serving_default"](inputs)
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        received = tf.make_ndarray(found[name])
        assert received.dtype == array.dtype and received.shape == array.shape and (received == array).all()


def test_predict_minds_hotwords_and_a_lexicon(prediction, repository):
    samples = np.stack([say("cad dab"), say("cad dab")[::-1]]).astype(np.float32)
    inputs = {"waveform": samples, "lengths": np.array([len(samples[0]), 12_000], np.int32)}
    transcriber = repository.model("talk").transcriber
    plain = prediction.Predict(predict_request("talk", **inputs), timeout=30).outputs
    hotwords = [b"ch a", "\u4f60".encode(), b"\xff"]
    found = prediction.Predict(predict_request("talk", **inputs, hotwords=hotwords), timeout=30).outputs
    minding, _ = transcriber.with_hotwords(["ch a"])
    arrays = {name: tf.make_ndarray(array) for name, array in found.items()}
    assert arrays.pop("ignored_hotwords").tolist() == [b"\\udcff", "\u4f60".encode()]
    assert arrays.keys() == plain.keys()
    assert all(array.dtype == tf.make_ndarray(plain[name]).dtype for name, array in arrays.items())
    for row, (raw, length) in enumerate(zip(samples, inputs["lengths"])):
        (expected,) = minding.transcribe([raw[:length]])
        reading = transcriber.to_text.READING.from_outputs(arrays, row, has_spaces=True)
        assert reading.text == expected.text and np.isclose(reading.confidence, expected.confidence)
        assert np.allclose(reading.char_end_s, expected.char_end_s, atol=1e-5)
    request = predict_request("talk", **inputs, lexicon=[b"cha"], outputs=["text", "confidence"])
    found = prediction.Predict(request, timeout=30).outputs
    assert found.keys() == {"text", "confidence", "ignored_lexicon"}
    texts = [text.decode().replace("\U0001d11e", " ") for text in found["text"].string_val]  # a mark is free
    assert {word for text in texts for word in text.split()} <= {"cha"}
    empty = tf.make_tensor_proto([], tf.string)
    nothing = prediction.Predict(predict_request("talk", **inputs, hotwords=empty, lexicon=empty), timeout=30).outputs
    assert nothing == plain
    unwritable = prediction.Predict(predict_request("talk", **inputs, lexicon=["\u4f60".encode()]), timeout=30).outputs
    assert list(unwritable["text"].string_val) == list(plain["text"].string_val)
    assert list(unwritable["ignored_lexicon"].string_val) == ["\u4f60".encode()]


def test_predict_reads_with_the_language_model_that_it_names(prediction):
    inputs = {"waveform": say("cad").astype(np.float32)[np.newaxis], "lengths": np.array([len(say("cad"))], np.int32)}
    plain = prediction.Predict(predict_request("talk", **inputs), timeout=30).outputs
    for name in (b"none", [b"none"], b""):
        assert prediction.Predict(predict_request("talk", **inputs, language_model=name), timeout=30).outputs == plain
    for name in (b"latin", b"\xff", b"n" * 300):
        with pytest.raises(grpc.RpcError, match="Expected language_model: none. Received: ") as caught:
            prediction.Predict(predict_request("talk", **inputs, language_model=name), timeout=30)
        assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    with pytest.raises(grpc.RpcError, match="Expected language_model: at most 1 name. Received: 2"):
        prediction.Predict(predict_request("talk", **inputs, language_model=[b"none", b"none"]), timeout=30)


def filled(count):
    """One string that claims to be many."""
    message = tf.make_tensor_proto(["a"])
    message.tensor_shape.dim[0].size = count
    return message


@pytest.mark.parametrize("words", [np.int32([1]), [["a"]], [b"a"] * 501, filled(10**12)])
def test_hotwords_that_are_none_or_too_many_are_refused(prediction, words):
    inputs = {"waveform": np.zeros([1, 4_000], np.float32), "lengths": np.array([4_000], np.int32)}
    with pytest.raises(grpc.RpcError, match="Expected hotwords") as caught:
        prediction.Predict(predict_request("talk", **inputs, hotwords=words), timeout=30)
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT


def test_words_for_what_reads_nothing_are_refused_in_one_sentence(prediction):
    with pytest.raises(grpc.RpcError, match="hotwords: expected serving_default of a recogniser. Received:"):
        prediction.Predict(predict_request(x=np.float32([1]), hotwords=["a"]), timeout=10)
    inputs = {"waveform": np.zeros([1, 4_000], np.float32), "lengths": np.array([4_000], np.int32)}
    with pytest.raises(grpc.RpcError, match="Received: log_probs of talk"):
        prediction.Predict(predict_request("talk", "log_probs", **inputs, lexicon=["a"]), timeout=10)


def test_metadata_and_status_are_those_of_rest(prediction, channel, client):
    request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
    request.model_spec.name = "toolbox"
    response, found = prediction.GetModelMetadata(request, timeout=10), get_model_metadata_pb2.SignatureDefMap()
    assert response.model_spec.version.value == 7 and response.metadata["signature_def"].Unpack(found)
    rest = client.get("/v1/models/toolbox/metadata").json()["metadata"]["signature_def"]["signature_def"]
    assert found.signature_def.keys() == rest.keys() >= {"serving_default", "pair"}
    request = get_model_status_pb2.GetModelStatusRequest()
    request.model_spec.name = "toolbox"
    (status,) = (
        model_service_pb2_grpc.ModelServiceStub(channel).GetModelStatus(request, timeout=10).model_version_status
    )
    assert (status.version, status.state, status.status.error_code) == (7, status.AVAILABLE, 0)


def huge():
    message = tf.make_tensor_proto(np.float32([1.0]))
    message.tensor_shape.dim[0].size = 10**12
    return message


def short():
    message = tf.make_tensor_proto(np.float32([1.0, 2.0]))
    message.tensor_content = message.tensor_content[:3]
    return message


def negative():
    message = tf.make_tensor_proto(np.float32([1.0]))
    message.tensor_shape.dim[0].size = -2
    return message


def unknown_type(number):
    message = tf.make_tensor_proto(np.float32([1.0]))
    message.dtype = number
    return message


def strings(size):
    """A tensor of a few bytes that claims many strings."""
    message = tf.make_tensor_proto([b"a"])
    message.tensor_shape.dim[0].size = size
    return message


X = np.float32([1.0])
REFUSED = [
    (predict_request("foo", x=X), "NOT_FOUND", "Servable not found for request: Latest"),
    (predict_request(version=5, x=X), "NOT_FOUND", "Specific"),
    (predict_request(label="nope", x=X), "INVALID_ARGUMENT", "Unrecognized servable version label"),
    (predict_request(signature="nope", x=X), "FAILED_PRECONDITION", 'Serving signature key "nope" not found'),
    (predict_request(z=X), "INVALID_ARGUMENT", "input size does not match signature"),
    (predict_request(x=X, z=X), "INVALID_ARGUMENT", "input size does not match signature"),
    (predict_request(), "INVALID_ARGUMENT", "Missing but required"),
    (predict_request(x=[b"1"]), "INVALID_ARGUMENT", "expected float32. Received: string"),
    (predict_request(x=np.float64([1])), "INVALID_ARGUMENT", "expected float32. Received: float64"),
    (predict_request(x=np.float32([[1]])), "INVALID_ARGUMENT", r"Received: \[1, 1\]"),
    (predict_request(signature="greet", name=strings(190_000)), "INVALID_ARGUMENT", "at most 200,000 bytes"),
    (predict_request("talk", waveform=np.zeros([300, 1], np.float32)), "INVALID_ARGUMENT", "at most 256 rows"),
    (predict_request(x=huge()), "INVALID_ARGUMENT", "at most"),
    (predict_request(x=short()), "INVALID_ARGUMENT", "do not fit"),
    (predict_request(x=negative()), "INVALID_ARGUMENT", "shape that is known"),
    (predict_request(x=unknown_type(12345)), "INVALID_ARGUMENT", "Received: 12345"),
    (predict_request(x=unknown_type(0)), "INVALID_ARGUMENT", "Received: 0"),  # no type at all
    (predict_request(x=X, outputs=["nope"]), "INVALID_ARGUMENT", "output tensor alias not found"),
    (predict_request(x=X, outputs=["y", "y"]), "INVALID_ARGUMENT", "duplicate output tensor alias"),
    (predict_request(signature="fail", x=-X), "INVALID_ARGUMENT", "not positive"),
]


@pytest.mark.parametrize("request_, code, message", REFUSED)
def test_refusals_have_the_codes_of_tensorflow_serving(prediction, request_, code, message):
    with pytest.raises(grpc.RpcError, match=message) as caught:
        prediction.Predict(request_, timeout=10)
    assert caught.value.code().name == code


def test_tensors_are_converted_within_the_budget(prediction, repository, monkeypatch):
    monkeypatch.setattr(repository, "budget", Budget(Settings(max_memory_mb=0.1)))
    with pytest.raises(grpc.RpcError, match="no memory left") as caught:
        prediction.Predict(predict_request(signature="greet", name=strings(12_000)), timeout=10)
    assert caught.value.code() == grpc.StatusCode.UNAVAILABLE and repository.budget.reserved_mb == 0


def test_models_without_examples_refuse_classify_regress_and_both(prediction):
    requests = {
        prediction.Classify: classification_pb2.ClassificationRequest(),
        prediction.Regress: regression_pb2.RegressionRequest(),
    }
    for method, request in requests.items():
        request.model_spec.name = "toolbox"
        with pytest.raises(grpc.RpcError, match="signature method_name to be tensorflow/serving") as caught:
            method(request, timeout=10)
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    with pytest.raises(grpc.RpcError) as caught:
        prediction.MultiInference(inference_pb2.MultiInferenceRequest(), timeout=10)
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


def test_metadata_of_other_kinds_is_refused(prediction):
    request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["weights"])
    with pytest.raises(grpc.RpcError, match="metadata_field") as caught:
        prediction.GetModelMetadata(request, timeout=10)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_without_a_key_nobody_is_answered_where_keys_are_asked_for(repository):
    with serving(repository, api_keys=("secret",), max_request_mb=0.001) as channel:
        stub, request = prediction_service_pb2_grpc.PredictionServiceStub(channel), predict_request(x=X)
        for metadata in ((), (("x-api-key", "guess"),), (("authorization", "secret"),)):
            with pytest.raises(grpc.RpcError, match="API key") as caught:
                stub.Predict(request, metadata=metadata, timeout=10)
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
        for metadata in ((("x-api-key", "secret"),), (("authorization", "Bearer secret"),)):
            assert stub.Predict(request, metadata=metadata, timeout=10).outputs["y"].float_val[0] == 2.5
        with pytest.raises(grpc.RpcError) as caught:
            stub.Predict(predict_request(x=np.zeros(1_000, np.float32)), metadata=metadata, timeout=10)
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_probes_ask_for_health_without_a_key(repository):
    with serving(repository, api_keys=("sesame",)) as channel:
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        assert check(b"", timeout=20) == b"\x08\x01"
        name = b"tensorflow.serving.PredictionService"
        assert check(b"\x0a" + bytes([len(name)]) + name, timeout=20) == b"\x08\x01"
        with pytest.raises(grpc.RpcError) as unknown:
            check(b"\x0a\x01x", timeout=20)
        assert unknown.value.code() == grpc.StatusCode.NOT_FOUND
        watched = channel.unary_stream("/grpc.health.v1.Health/Watch")(b"", timeout=20)
        assert next(watched) == b"\x08\x01"
        repository.is_draining = True
        try:
            assert check(b"", timeout=20) == b"\x08\x02" and next(watched) == b"\x08\x02"
        finally:
            repository.is_draining = False
        watched.cancel()
