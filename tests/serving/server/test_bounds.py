"""Small requests that would fill the machine: refused by what they would cost, before anything is allocated."""

import asyncio
import io
import json
import threading
import time

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from seqapp.recipe import ImageAugmentationConfig, LineImageConfig, Recipe
from seqapp.senses import sense_of
from seqapp.serving.server import Settings
from seqapp.serving.server.application import application
from seqapp.serving.server.budget import Budget, count_marks, json_megabytes
from seqapp.serving.server.loaded_models.cost import CostModel, picture_size
from seqapp.serving.server.loaded_models.saved_graph import SavedGraph
from seqapp.serving.server.loaded_models.signature import Signature
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.responses import ReservedResponse
from seqapp.serving.server.rest.upload import read_upload
from tests.serving.server.live.small_live import ink_transcriber

TALK = "/v1/models/talk:predict"
IMAGE = sense_of(Recipe(features=LineImageConfig(), augmentation=ImageAugmentationConfig()))


def png(width, height):
    file = io.BytesIO()
    Image.new("L", (width, height), 255).save(file, "PNG")
    return file.getvalue()


def ink_signature():
    info = SimpleInfo()
    return Signature("serving_default", info)


class SimpleInfo:
    """A `SignatureDef` without inputs and outputs."""

    inputs, outputs = {}, {}


def cost(points, **changes):
    lengths = np.full(len(points), points.shape[1], np.int32)
    return CostModel(ink_transcriber(), Settings(**changes)).megabytes(
        ink_signature(), {"points": points, "lengths": lengths}
    )


def test_a_state_of_many_streams_is_refused(client):
    for size, status in ((2, 200), (20_000, 400), (2**31 - 1, 400)):
        start = time.monotonic()
        response = client.post(TALK, json={"signature_name": "stream_init", "inputs": {"batch_size": size}})
        assert response.status_code == status, response.text
    assert "at most 256 rows" in response.json()["error"] and time.monotonic() - start < 1


def test_many_rows_of_one_request_are_refused_before_they_are_computed(client):
    rows = [{"waveform": [0.0], "lengths": 1}] * 5_000
    response = client.post(TALK, content=json.dumps({"instances": rows}).encode()[:190_000])
    assert response.status_code == 400
    response = client.post(TALK, json={"instances": rows[:4_000]})
    assert response.status_code == 400 and "at most 256 rows" in response.json()["error"]


def test_json_of_many_values_is_refused_before_it_is_parsed(repository):
    settings = Settings(num_parallel=1, max_request_mb=4.0, max_cost_mb=10.0)
    body = b'{"instances": [' + b"[]," * 100_000 + b"[]]}"
    assert json_megabytes(body) > 10
    budget, repository.budget = repository.budget, Budget(settings)
    try:
        for path in (TALK, "/v1/models/talk:classify"):
            response = TestClient(application(repository, settings)).post(path, content=body)
            assert response.status_code == 413 and "Predicted" in response.json()["error"]
    finally:
        repository.budget = budget


def test_marks_are_counted_in_pieces_and_none_is_lost():
    content = np.random.default_rng(0).bytes(600_001)
    assert count_marks(content, (b",", b"[")) == content.count(b",") + content.count(b"[") and not count_marks(
        b"", (b",",)
    )


def test_a_picture_is_refused_by_the_shape_that_its_header_claims():
    with pytest.raises(Refusal, match="too wide: 300000 x 1 pixels"):
        read_upload(png(300_000, 1), IMAGE)
    assert len(read_upload(png(800, 60), IMAGE)) > 100
    assert picture_size(png(800, 60)) == (800, 60)
    with pytest.raises(Refusal, match="too large") as caught:
        picture_size(png(50_000, 1_000))
    assert caught.value.http_status == 413
    with pytest.raises(Refusal, match="expected PNG"):
        picture_size(b"no picture")


def test_an_ink_costs_what_its_path_is_long_and_not_what_its_points_are_many():
    """Points that run to and fro on a flat line are cut to steps as small as the line is low."""
    time_s = np.arange(200)
    line = np.stack([0.1 * time_s, np.sin(0.6 * time_s), 0 * time_s, time_s % 20 == 19], axis=1).astype(np.float32)
    flat = line * np.float32([1, 1e-6, 1, 1])
    flat[:, 0] = 1e6 * (time_s % 2)
    flat[:, 3] = time_s == 0
    assert cost(line[np.newaxis]) < 5
    assert cost(np.stack([flat] * 8)) > 8 * cost(line[np.newaxis])
    assert cost(np.stack([line] * 32), max_cost_mb=1.0) < 30  # counted
    assert cost(np.stack([flat] * 256), max_cost_mb=1.0) > 1.0
    assert cost(np.stack([line] * 32)) < 200
    assert cost(np.full([1, 3, 4], np.nan, np.float32)) < 1 and cost(np.zeros([1, 0, 4], np.float32)) < 1


def test_memory_of_all_requests_is_counted_and_given_back():
    budget = Budget(Settings(max_cost_mb=100.0, max_memory_mb=150.0))
    with budget.reserved(90):
        with pytest.raises(Refusal, match="no memory left") as full:
            budget.reserve(90)
        assert full.value.http_status == 503 and full.value.retry_after_s
        budget.reserve(5, small_mb=8)
        budget.release(5)
        with budget.reserved(60):
            budget.reserve(5, small_mb=8)  # small ones have the bound of their queue
            budget.release(5)
    assert budget.reserved_mb == 0
    with pytest.raises(Refusal, match="at most 100 MB") as large:
        budget.reserve(101)
    assert large.value.http_status == 413 and large.value.retry_after_s is None


def test_a_model_gives_back_what_its_answers_took(repository):
    model = repository.model("talk")
    inputs = {"waveform": np.zeros([2, 1_600], np.float32), "lengths": np.int32([1_600, 800])}
    futures = [model.submit("serving_default", inputs) for _ in range(3)]
    assert all(future.result(60)["text"].shape == (2,) for future in futures)
    assert repository.budget.reserved_mb == pytest.approx(0)


def test_a_computation_stops_when_its_time_is_over(talk):
    graph = SavedGraph(talk)
    signature = Signature("log_probs", graph.signature_defs["log_probs"], graph.function("log_probs"))
    inputs = {"waveform": np.zeros([16, 160_000], np.float32), "lengths": np.full(16, 160_000, np.int32)}
    with pytest.raises(Exception, match="(?i)deadline|timed out|cancel"):
        signature(inputs, timeout_s=0.02)
    assert signature({name: array[:1] for name, array in inputs.items()}, timeout_s=60)["num_frames"][0] > 100


def test_work_is_dropped_where_the_client_leaves_while_it_waits(repository, monkeypatch):
    model, held, computed = repository.model("toolbox"), threading.Event(), []
    call = Signature.__call__

    def slow(signature, inputs, **options):
        held.wait(20)
        computed.append(float(inputs["x"][0]))
        return call(signature, inputs, **options)

    monkeypatch.setattr(Signature, "__call__", slow)
    running = model.submit("serving_default", {"x": np.float32([1])})
    body = b'{"instances": [7.0]}'
    messages = [{"type": "http.request", "body": body, "more_body": False}, {"type": "http.disconnect"}]
    scope = {
        "type": "http", "method": "POST", "path": "/v1/models/toolbox:predict", "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")], "server": ("127.0.0.1", 80), "scheme": "http", "http_version": "1.1",
    }  # fmt: skip
    sent = []

    async def ask():
        async def receive():
            await asyncio.sleep(0.1)
            return messages.pop(0)

        async def send(message):
            sent.append(message)

        await asyncio.wait_for(application(repository, repository.settings)(scope, receive, send), 10)

    asyncio.run(ask())
    held.set()
    assert running.result(20)["y"] == 2.5 and model.submit("serving_default", {"x": np.float32([0])}).result(20)
    assert computed == [1.0, 0.0] and sent[0]["status"] == 499


def test_an_answer_is_reserved_until_it_is_sent(repository):
    budget, reserved, statuses = Budget(Settings(max_memory_mb=3.0)), [], []

    async def send(message):
        reserved.append(budget.reserved_mb)
        statuses.append(message.get("status"))

    response = ReservedResponse(b"x" * 2_000_000, budget)
    asyncio.run(response({"type": "http"}, None, send))
    assert reserved == [2.0] * 3 and budget.reserved_mb == 0
    with budget.reserved(2.0):
        asyncio.run(response({"type": "http"}, None, send))
    assert statuses == [200, None, None, 503, None]
