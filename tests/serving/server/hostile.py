"""What a server must expect of a network: kinds of requests that are all wrong, and what each may be answered."""

import base64
import contextlib
import functools
import gzip
import io
import json
import math
import socket
import struct
import urllib.parse

import grpc
import tensorflow as tf
from hypothesis import strategies as st
from PIL import Image
from tensorflow_serving.apis import predict_pb2
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

REFUSED = {str(status) for status in range(400, 500)}
CLOSED = "closed"  # by the server, without a word: to what is no HTTP
TOOLBOX, TALK = "/v1/models/toolbox:predict", "/v1/models/talk:predict"
PREDICT = "/tensorflow.serving.PredictionService/Predict"
LIMIT_BYTES = 200_000  # that the server is started with

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner), max_leaves=12
)
UNFIT = st.none() | st.booleans() | st.text(max_size=9) | st.fixed_dictionaries({"b64": st.text(max_size=9)})
NO_INTEGERS = st.floats(0.1, 0.9) | st.sampled_from([math.nan, math.inf, -math.inf, 2**40, -(2**70), 1e308])
WORDS = st.text(st.characters(codec="utf-8"), max_size=30).map(urllib.parse.quote)


def post(body, path=TOOLBOX, method="POST", length=None):
    """The bytes of a request."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode("utf-8", "replace")
    head = (f"{method} {path} HTTP/1.1", "Host: server", "Connection: close", f"Content-Length: {length or len(body)}")
    return "\r\n".join([*head, "", ""]).encode("utf-8") + body


def _pair(a, b):
    return post({"inputs": {"a": a, "b": b}, "signature_name": "pair"})


def _nested(number, bracket, is_closed):
    end = {"[": "]", '{"a":': "1}"}[bracket] if is_closed else ""
    return post(f'{{"instances": {bracket * number}{end[:1]}{end[-1:] * number}}}'.encode())


HTTP = {
    "bodies of noise": st.builds(post, st.binary(max_size=300), st.sampled_from([TOOLBOX, TALK])),
    "files of noise": st.builds(post, st.binary(max_size=300), st.just("/v1/models/talk:transcribe")),
    "texts of noise": st.builds(post, st.binary(max_size=300), st.just("/live/next_words")),
    "half of a JSON": st.tuples(st.integers(1, 44), st.binary(max_size=9)).map(
        lambda cut: post(b'{"signature_name": "pair", "instances": [1, 2.5]}'[: cut[0]] + cut[1])
    ),
    "any JSON": JSON.map(lambda found: post({"signature_name": "pair", "instances": found})),
    "wrong shapes": st.lists(st.lists(st.floats(), max_size=3), min_size=1, max_size=5).map(
        lambda rows: post({"instances": rows})
    ),
    "wrong types": st.lists(UNFIT, min_size=1, max_size=5).map(lambda values: post({"instances": values})),
    "NaN, Infinity, 2^70": NO_INTEGERS.map(lambda value: _pair([[1, value]], [True])),
    "lengths and rows that differ": st.integers(2, 999).map(
        lambda n: post({"inputs": {"waveform": [[0.1] * n], "lengths": [n] * n}}, TALK)
    ),
    "giant lengths": st.integers(LIMIT_BYTES + 1, 10**30).map(lambda n: post(b"{", length=n)),
    "lengths that are none": st.text("-+xe. 0123456789", min_size=1, max_size=9)
    .filter(lambda text: not text.strip().isdigit() and text.strip())
    .map(lambda n: post(b"{", length=n)),
    "brackets in brackets": st.builds(
        _nested, st.integers(33, 30_000), st.sampled_from(["[", '{"a":']), st.booleans()
    ),
    "paths that nobody knows": st.builds(
        post, st.just(b""), WORDS.map("/v1/models/toolbox/{}/x".format), st.sampled_from(["GET", "POST", "PUT"])
    ),
    "methods that nobody knows": st.builds(
        post, st.just(b""), st.just(TOOLBOX), st.sampled_from(["TRACE", "OPTIONS"]) | st.text("XYZ", min_size=2)
    ),
    "no HTTP": st.binary(min_size=1, max_size=200).map(lambda noise: b"\x16\x03" + noise + b"\r\n\r\n"),
}  # fmt: skip

TENSORS = st.builds(
    lambda dtype, sizes, content: {"dtype": dtype, "sizes": sizes, "content": content},
    st.integers(0, 30), st.lists(st.integers(-3, 10**12), max_size=4).filter(lambda sizes: sizes not in ([0], [1])),
    st.binary(max_size=40).filter(lambda content: len(content) % 4),
)  # fmt: skip
RPC = {
    "tensors that cannot be": st.tuples(st.just("x"), TENSORS),
    "inputs that nobody knows": st.tuples(st.text(st.characters(codec="utf-8"), min_size=2, max_size=9), TENSORS),
}
MESSAGES = {
    "messages that say nothing": st.text(max_size=60),
    "messages that say something else": st.dictionaries(st.text(max_size=6), JSON, max_size=3).map(json.dumps),
    # null is the default, and texts of digits are numbers, as clients of vosk-server write them.
    "configurations that cannot be": (st.booleans() | st.text("abc+-", max_size=9) | st.lists(st.integers())).map(
        lambda value: json.dumps({"config": {"sample_rate": value}})
    ),
    "files that are no samples": st.builds(
        bytes.__add__, st.sampled_from([b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"RIFF\0\0\0\0WAVE"]), st.binary(max_size=4)
    ),
}  # fmt: skip


INK, IMAGES, STREAM = (f"/v1/models/{name}:predict" for name in ("unipen", "copiste", "an4_streaming"))
FLAT_STROKES = [[x, 1e-6 * y, 0, int(y == 0)] for y in range(30) for x in (0, 1000000)]


@functools.cache
def _thin_picture():
    file = io.BytesIO()
    Image.new("1", (300_000, 1), 1).save(file, "PNG")
    return file.getvalue()


def _streams(count):
    return post({"signature_name": "stream_init", "inputs": {"batch_size": count}}, STREAM)


def _inks(row, count):
    return post(b'{"instances":[' + b",".join([json.dumps(row, separators=(",", ":")).encode()] * count) + b"]}", INK)


def _zipped(content):
    body = gzip.compress(content)
    head = f"POST {INK} HTTP/1.1\r\nHost: server\r\nConnection: close\r\nContent-Encoding: gzip\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


# Small or ordinary requests that would fill a machine, for the models of saved_models: kind -> the bytes, when asked.
COSTLY = {
    "20,000 streams": lambda: _streams(20_000),
    "2^31 - 1 streams": lambda: _streams(2**31 - 1),
    "20,000 rows of one point": lambda: _inks({"points": [[0, 0, 0, 1]], "lengths": 1}, 20_000),
    "600,001 rows of two points": lambda: _inks({"points": [[0, 0, 0, 0], [3, 4, 0, 1]], "lengths": 2}, 600_001)[
        :31_000_000
    ],
    "200 rows on a flat line": lambda: _inks({"points": FLAT_STROKES, "lengths": len(FLAT_STROKES)}, 200),
    "a picture of 300,000 x 1": lambda: post(_thin_picture(), "/v1/models/copiste:transcribe"),
    "the same as a tensor": lambda: post(
        {"signature_name": "images", "instances": [{"b64": base64.b64encode(_thin_picture()).decode()}]}, IMAGES
    ),
    "ten million empty lists": lambda: post(b'{"instances": [' + b"[]," * 10_000_000 + b"[]]}", INK),
    "200 MB of spaces, zipped": lambda: _zipped(b" " * 200_000_000),
}


def ask(address, content) -> str:
    """The status of the answer to some bytes."""
    with socket.create_connection(address, timeout=60) as connection:
        with contextlib.suppress(ConnectionError):  # it may have answered before the end
            connection.sendall(content)
        try:
            received = connection.recv(64)
        except ConnectionError:
            received = b""
    return received[9:12].decode() if received.startswith(b"HTTP/1.1 ") else CLOSED


def leave(address, content):
    """Go in the middle of a request, as a machine that is switched off."""
    with socket.create_connection(address, timeout=60) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(content)


def predict(channel, name, tensor) -> str:
    """The code of gRPC's answer to one tensor."""
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "toolbox"
    message = request.inputs[name]
    message.dtype, message.tensor_content = tensor["dtype"], tensor["content"]
    message.tensor_shape.CopyFrom(tf.TensorShape([]).as_proto())
    for size in tensor["sizes"]:
        message.tensor_shape.dim.add(size=size)
    call = channel.unary_unary(PREDICT, predict_pb2.PredictRequest.SerializeToString)
    try:
        call(request, timeout=60)
    except grpc.RpcError as error:
        return error.code().name
    return "OK"


class Talker:
    """Says wrong things over WebSockets, and opens another one when it is shown the door."""

    def __init__(self, port):
        self._url, self._socket, self._stack = f"ws://127.0.0.1:{port}/live/talk", None, contextlib.ExitStack()

    def say(self, message) -> str:
        """Type of the answer, or the code with which the stream was closed."""
        self._socket = self._socket or self._stack.enter_context(connect(self._url, open_timeout=60))
        try:
            self._socket.send(message)
            answer = json.loads(self._socket.recv(timeout=60))
        except ConnectionClosed as closed:
            answer = {"code": closed.rcvd.code if closed.rcvd else CLOSED}
        if "code" in answer:
            self.close()
        return str(answer.get("code", answer.get("type")))

    def close(self):
        self._stack.close()
        self._socket = None
