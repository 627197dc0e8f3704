"""Uploads of few bytes that would fill the machine: refused before they are decoded."""

import dataclasses
import gzip
import io
import threading
import types
from concurrent.futures import CancelledError, Future

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from seqapp.recipe import ImageAugmentationConfig, LineImageConfig, Recipe
from seqapp.senses import sense_of
from seqapp.serving.server import Settings
from seqapp.serving.server.application import application
from seqapp.serving.server.budget import Budget
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.upload import Transcription
from seqapp.serving.server.rest.upload_cost import decoding_megabytes, unzipped
from tests.small_models import small_recipe

INK = sense_of(small_recipe())
IMAGE = sense_of(Recipe(features=LineImageConfig(), augmentation=ImageAugmentationConfig()))
XOPP = b'<xournal><page><layer><stroke tool="pen">0 0 3 4 5 9</stroke></layer></page></xournal>'


class Listener:
    """A `Model` of a sense that computes nothing."""

    name = "listener"

    def __init__(self, sense):
        self.sense = sense.name
        self.transcriber = types.SimpleNamespace(
            sense=sense, to_text=types.SimpleNamespace(INPUT="x"), reads_notes=True
        )
        self.received = None

    def check_room(self, name):
        pass

    def submit(self, name, inputs):
        self.received = inputs["x"]


def submit(content, sense, budget=None, max_bytes=32_000_000):
    budget, model = budget or Budget(Settings()), Listener(sense)
    try:
        Transcription(model, budget, max_bytes).submit("", content)
    finally:
        assert budget.reserved_mb == pytest.approx(0)
    return model.received


def many_points(num_points):
    return b'{"strokes":[[' + b",".join([b"[0,1]"] * num_points) + b"]]}"


def deep_picture(size):
    file = io.BytesIO()
    Image.fromarray(np.zeros([size, size], np.uint16)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    "sense, content, message",
    [
        (INK, many_points(500_000), "at most 100,000 points"),
        (INK, b'{"ink":[[[' + b"0," * 6_000_000 + b"0]]]}", "Predicted"),
        (INK, gzip.compress(b"<xournal>" + b"<a/>" * 6_000_000 + b"</xournal>"), "Predicted"),
        (INK, gzip.compress(bytes(40_000_000)), "at most 32 MB"),
        (IMAGE, deep_picture(6_000), "Predicted"),
    ],
    ids=["points", "columns", "elements", "zipped", "pixels"],
)
def test_what_would_take_much_memory_is_refused_before_it_is_decoded(sense, content, message, monkeypatch):
    monkeypatch.setattr(type(sense), "read_files", lambda *_: pytest.fail("decoded"))
    with pytest.raises(Refusal, match=message) as caught:
        submit(content, sense)
    assert caught.value.http_status == 413


def test_usual_files_are_read_zipped_too():
    assert decoding_megabytes(many_points(10_000), INK) < 30
    assert submit(XOPP, INK).shape == submit(gzip.compress(XOPP), INK).shape == (1, 3, 4)
    halves = gzip.compress(XOPP[:20]) + gzip.compress(XOPP[20:])
    assert unzipped(halves, 1_000, lambda _: None) == XOPP
    for damaged in (halves + b"x", halves[:-4], b"\x1f\x8bno"):
        with pytest.raises(Refusal, match="broken gzip"):
            submit(damaged, INK)


def test_decoding_is_reserved_as_long_as_its_thread_takes(monkeypatch):
    budget, model, held, reserved = Budget(Settings()), Listener(INK), threading.Event(), threading.Event()
    read = type(INK).read_files

    def slow(*arguments):
        reserved.set()
        held.wait(20)
        return read(*arguments)

    monkeypatch.setattr(type(INK), "read_files", slow)
    thread = threading.Thread(target=Transcription(model, budget, 10**6).submit, args=("", many_points(1_000)))
    thread.start()
    assert reserved.wait(20) and budget.reserved_mb > 0.5
    held.set()
    thread.join(20)
    assert budget.reserved_mb == pytest.approx(0) and model.received is not None


def test_a_file_that_is_decoded_too_late_is_not_computed(repository, monkeypatch):
    held, submitted, answer = threading.Event(), threading.Event(), Future()

    def late(transcription, content_type, body):
        held.wait(20)
        submitted.set()
        return answer

    monkeypatch.setattr(Transcription, "submit", late)
    client = TestClient(application(repository, dataclasses.replace(repository.settings, timeout_s=0.2)))
    assert client.post("/v1/models/talk:transcribe", content=b"x").status_code == 504
    held.set()
    assert submitted.wait(20)
    with pytest.raises(CancelledError):
        answer.result(20)
