"""The picture of a page goes in, and its lines come out with their places; what is no page is a line as ever."""

import io
import types
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from seqapp.models.line_finder.network import LineFinderNetwork
from seqapp.models.line_finder.page_module import PageModule
from seqapp.recipe import LineFinderConfig
from seqapp.serving.server import Settings
from seqapp.serving.server.budget import Budget
from seqapp.serving.server.loaded_models import model as loaded_model
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest import page_upload
from seqapp.serving.server.rest.page_upload import served_line_finder
from seqapp.serving.server.rest.upload import Transcription
from tests.drawn_pages import KnownLines, blank_page, page, save_pdf
from tests.small_lines import draw_line
from tests.small_transcribers import local_transcriber


class Model:
    """A `Model` of a server that computes at once."""

    name, version, sense = "small", 3, "image"

    def __init__(self):
        self.transcriber = local_transcriber("image")
        self.submitted = []

    def check_room(self, name):
        pass

    def submit(self, name, inputs):
        self.submitted.append(inputs)


def content_of(*pictures, format="PNG"):
    first, *others = map(Image.fromarray, pictures)
    file = io.BytesIO()
    first.save(file, format, **({"save_all": True, "append_images": others} if others else {}))
    return file.getvalue()


def transcribe(content, finder=KnownLines, model=None):
    budget = Budget(Settings())
    transcription = Transcription(model or Model(), budget, 10**7, finder)
    try:
        future = transcription.submit("", content)
    finally:
        assert budget.reserved_mb == pytest.approx(0)
    return transcription.describe(future.result()) if future else None


def test_a_page_gives_its_lines_with_places():
    answer = transcribe(content_of(page()))
    assert (answer["model"], answer["version"], answer["width"]) == ("small", 3, 400)
    assert len(answer["lines"]) == 6 and answer["text"] == "\n".join(
        line["text"] for line in answer["lines"] if line["text"]
    )
    assert {"outline", "baseline", "text", "confidence", "is_sure"} <= answer["lines"][0].keys()
    assert transcribe(content_of(blank_page()))["lines"] == ()


def test_the_picture_of_a_line_is_submitted_as_ever():
    model = Model()
    transcribe(content_of(draw_line("une ligne")), model=model)
    (inputs,) = model.submitted
    assert inputs["lengths"].shape == (1,)


def test_the_line_finder_is_the_served_model_of_that_name(tmp_path):
    network = LineFinderNetwork(LineFinderConfig(stem_channels=(2, 3), width=4, units=2, num_blocks=1))
    network.build()
    module = PageModule(network)
    tf.saved_model.save(module, str(tmp_path / "1"), module.functions())
    with ThreadPoolExecutor(1) as pool:
        served = loaded_model.Model("pages", 1, tmp_path / "1", Settings(), pool, lambda *_: None)
        assert served.sense == ""
        finder = served_line_finder(types.SimpleNamespace(names=lambda: ["pages"], model=lambda name: served))
        assert finder.name == "pages/1" and isinstance(finder.find(page()), list)


def test_what_cannot_be_read_is_refused_by_its_fault(tmp_path, monkeypatch):
    repository = types.SimpleNamespace(names=lambda: ["small"])
    with pytest.raises(Refusal, match="this server has no model 'pages' that finds lines") as caught:
        transcribe(content_of(page()), lambda: served_line_finder(repository))
    assert caught.value.code == "FAILED_PRECONDITION"
    with pytest.raises(Refusal, match="upload: expected one page. Received: 2"):
        transcribe(content_of(page(), page(), format="TIFF"))
    with pytest.raises(Refusal, match="expected the picture of one page. Received: a PDF"):
        transcribe(save_pdf(tmp_path / "a.pdf", [page()]).read_bytes())
    with pytest.raises(Refusal, match="broken image: upload"):
        transcribe(content_of(np.random.default_rng(0).integers(0, 255, (400, 400), np.uint8))[:9_000])
    monkeypatch.setattr(page_upload, "MAX_LINES", 5)
    with pytest.raises(Refusal, match="too many lines: 6 on one page"):
        transcribe(content_of(page()))
