"""A model behind a server reads as the same model on disk."""

import types

import numpy as np
import pytest

from seqapp.models.reading import InkReading
from seqapp.senses import InkSense
from seqapp.serving.client import remote_transcriber
from seqapp.serving.client.remote_transcriber import RemoteTranscriber

INKS = [np.float32([[0, 0, 0, 0], [3, 4, 0.1, 1]]), np.float32([[1, 2, 0, 1]])]


class Server:
    """Stands for `Client`: reads an é for each point."""

    inputs, others = {"points": {}, "lengths": {}}, ()

    def __init__(self, url, api_key):
        self.asked = (url, api_key)

    def signatures(self, model):
        return dict.fromkeys(("serving_default", *self.others), {"inputs": self.inputs})

    def predict(self, model, inputs, signature_name="serving_default"):
        self.signature_name = signature_name
        points, (length,) = inputs["points"], inputs["lengths"]
        assert len(points[0]) == length and model == "scribbles"
        found = {
            "text": ["é" * length],
            "confidence": [0.5],
            "num_characters": [length],
            "char_frames": [[*range(length)]],
        }
        return found | {"char_confidences": [[0.5] * length], "char_points": [[*range(length)]]}


@pytest.fixture
def arguments(monkeypatch):
    monkeypatch.setattr(remote_transcriber, "Client", Server)
    monkeypatch.setattr(remote_transcriber, "decoder_config", lambda arguments: arguments.decoder)
    return types.SimpleNamespace(server="http://server", decoder=None, picture=None)


def test_answers_become_readings_in_the_order_of_the_examples(arguments):
    transcriber = RemoteTranscriber.open("scribbles", arguments)
    assert isinstance(transcriber.sense, InkSense)
    expected = [InkReading("é" * n, 0.5, tuple(range(n)), (0.5,) * n, char_points=tuple(range(n))) for n in (2, 1)]
    assert transcriber.transcribe(INKS) == expected and transcriber.transcribe([]) == []


def test_a_model_with_context_is_asked_for_greedy_texts_by_their_signature(arguments, monkeypatch):
    arguments.decoder = "greedy"
    monkeypatch.setattr(remote_transcriber, "decoder_config", lambda arguments: None)
    for others, expected in ((), "serving_default"), (("greedy",), "greedy"):
        monkeypatch.setattr(Server, "others", others)
        transcriber = RemoteTranscriber.open("scribbles", arguments)
        assert transcriber.transcribe(INKS)[0].text == "éé" and transcriber._client.signature_name == expected


def test_the_key_comes_from_the_environment(arguments, monkeypatch):
    monkeypatch.setenv("SEQAPP_API_KEY", "secret")
    assert RemoteTranscriber("http://server", "scribbles")._client.asked == ("http://server", "secret")


def test_what_a_server_cannot_do_is_refused(arguments, monkeypatch):
    arguments.decoder = object()
    with pytest.raises(ValueError, match="--server decodes as its model does"):
        RemoteTranscriber.open("scribbles", arguments)
    monkeypatch.setattr(Server, "inputs", {"context": {}})
    with pytest.raises(ValueError, match="takes context. Expected one of points"):
        RemoteTranscriber("http://server", "words")
