"""Streams of many are counted as they were, and each partial result by the newest of what it knows."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from starlette.applications import Starlette

from seqapp.serving.client.stream_load_test import LiveLoad
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.routes import live_routes
from seqapp.serving.server.settings import Settings
from tests.serving.page.browser import Server
from tests.serving.page.made_up_models import repository


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    settings = Settings(live=LiveLimits(max_streams=3))
    server = Server(Starlette(routes=live_routes(repository(tmp_path_factory.mktemp("bard")), settings)))
    server.start()
    yield server.address.rstrip("/")
    server.stop()


@pytest.fixture
def second(tmp_path) -> Path:
    soundfile.write(tmp_path / "second.wav", np.zeros(16_000), 16_000)
    return tmp_path / "second.wav"


@pytest.fixture
def strokes(tmp_path) -> Path:
    lines = [[[10 * i, 5 * (i % 2), 0.05 * i] for i in range(9)], [[100, i, 0.6 + 0.05 * i] for i in range(5)]]
    (tmp_path / "ink.json").write_text(json.dumps({"strokes": lines}))
    return tmp_path / "ink.json"


@pytest.mark.parametrize("model, name", [("hearer", "second"), ("reader", "strokes")])
def test_each_stream_is_answered_to_its_last_word(url, model, name, request):
    waits, ends = LiveLoad(url, model, request.getfixturevalue(name)).run(num_streams=3, seconds=0.5)
    assert ends == ["answered"] * 3 and len(waits) >= 3
    assert min(waits) >= 0.0 and max(waits) < 10.0


def test_who_finds_no_place_is_counted_as_such(url, second):
    waits, ends = LiveLoad(url, "hearer", second).run(num_streams=6, seconds=0.1)
    refused = [end for end in ends if "streams are taken" in end]
    assert 1 <= len(refused) <= 3 and ends.count("answered") == len(ends) - len(refused)


def test_a_model_that_nobody_can_speak_to_is_told(url, second):
    with pytest.raises(ValueError, match=r"\['hearer', 'reader'\]. Received: viewer"):
        LiveLoad(url, "viewer", second)
