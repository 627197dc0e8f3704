"""Streams over real WebSockets: who may open one, how many, how they end, and that the event loop never waits."""

import json
import threading
import types
from pathlib import Path

import pytest
import tensorflow as tf
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.language.exported.language_module import LanguageModule
from seqapp.language.predictor import Predictor
from seqapp.models.model_folder import VOCABULARY
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.routes import live_routes
from seqapp.serving.server.live.streams import Streams
from seqapp.serving.server.settings import Settings
from tests.language.small_language import small_corpus, small_model, small_recipe
from tests.serving.server.live.small_live import Repository, frames_of, ink_transcriber, speech_transcriber, stroke
from tests.small_speech import say

SAMPLES = say("ab cad")
EOF = '{"eof" : 1}'


def client_of(repository=None, origins=(), api_keys=(), **limits):
    repository = repository or Repository(scribbles=ink_transcriber(), talk=speech_transcriber())
    settings = Settings(origins=origins, api_keys=api_keys)
    return TestClient(Starlette(routes=live_routes(repository, settings, LiveLimits(**limits))))


@pytest.fixture(scope="module")
def client():
    with client_of() as client:
        yield client


def closing(socket):
    """The error told, and the code with which the socket is closed."""
    answers = []
    with pytest.raises(WebSocketDisconnect) as closed:
        while True:
            answers.append(socket.receive_json())
    errors = [answer["error"] for answer in answers if answer["type"] == "error"]
    return (errors[-1] if errors else ""), closed.value.code


def test_the_server_says_what_can_be_written_and_spoken_to(client):
    found = client.get("/live").json()
    assert found["models"] == [
        {"name": "scribbles", "version": 1, "sense": "ink", "live": True, "language_models": ["none"]},
        {"name": "talk", "version": 1, "sense": "speech", "live": True, "language_models": ["none"]},
    ]
    assert found["loading"] == []
    assert found["limits"]["max_points"] == LiveLimits().max_points


@pytest.mark.parametrize("path", ["/live/talk", "/"], ids=["by name", "as Vosk's clients do"])
def test_speech_is_answered_frame_by_frame_and_closed_after_eof(client, path):
    with client.websocket_connect(path) as socket:
        socket.send_text('{"config" : {"sample_rate" : 16000}}')
        for frame in frames_of(SAMPLES, 4_000):
            socket.send_bytes(frame)
            assert "partial" in socket.receive_json()
        socket.send_text(EOF)
        assert socket.receive_json()["text"] == speech_transcriber().transcribe([SAMPLES])[0].text
        assert closing(socket) == ("", 1000)


def test_ink_is_answered_while_it_is_written(client):
    with client.websocket_connect("/live/scribbles") as socket:
        socket.send_json({"points": stroke(40), "pen_up": 1, "stamp": 1})
        partial = socket.receive_json()
        assert (partial["type"], partial["stamp"], partial["segment"]) == ("partial", 1, 0)
        socket.send_json({"eof": 1})
        answers = [socket.receive_json()]
        while answers[-1]["type"] != "final":  # the pen rested: all of it may have become stable before
            answers.append(socket.receive_json())
        assert answers[-1]["text"] == partial["partial"]
        assert closing(socket) == ("", 1000)


def test_a_mistake_is_answered_and_the_stream_lives(client):
    with client.websocket_connect("/live/talk") as socket:
        socket.send_text("hello")
        error = socket.receive_json()
        assert error["type"] == "error" and error["error"].startswith("Expected a JSON object")
        socket.send_bytes(SAMPLES.tobytes())
        assert socket.receive_json()["type"] == "partial"


def test_limits_close_with_their_codes():
    with client_of(max_points=10, max_seconds=1.0, max_mistakes=3, max_message_bytes=40_000) as client:
        with client.websocket_connect("/live/scribbles") as socket:
            socket.send_json({"points": stroke(11)})
            error, code = closing(socket)
            assert code == 1008 and error.startswith("A line holds at most 10 points")
        with client.websocket_connect("/live/talk") as socket:
            socket.send_bytes(bytes(32_002))
            assert closing(socket)[1] == 1008
        with client.websocket_connect("/live/talk") as socket:
            for _ in range(3):
                socket.send_bytes(b"OggS")
            error, code = closing(socket)
            assert code == 1008 and error.startswith("3 messages could not be used. The last: Expected samples")
        with client.websocket_connect("/live/talk") as socket:
            socket.send_bytes(bytes(40_002))
            assert closing(socket) == ("Expected messages of at most 40000 bytes.", 1009)


def test_at_the_end_of_the_server_what_was_said_is_answered_and_closed_with_1012():
    repository = Repository(talk=speech_transcriber(), scribbles=ink_transcriber())
    streams = Streams(4, repository.metrics.streams)
    app = Starlette(routes=live_routes(repository, Settings(), streams=streams))
    with TestClient(app) as client, client.websocket_connect("/live/talk") as socket:
        socket.send_bytes(SAMPLES.tobytes())
        assert socket.receive_json()["type"] == "partial"
        with client.websocket_connect("/live/scribbles") as ink:
            ink.send_json({"points": stroke(40), "pen_up": 1})
            text = ink.receive_json()["partial"]
            ended = client.portal.start_task_soon(streams.end, 20.0)
            answers = [ink.receive_json()]
            while answers[-1]["type"] != "final":
                answers.append(ink.receive_json())
            assert answers[-1]["text"] == text and closing(ink) == ("", 1012)
        final = socket.receive_json()
        assert final["type"] == "final" and final["text"] == speech_transcriber().transcribe([SAMPLES])[0].text
        assert closing(socket) == ("", 1012)
        ended.result(20)
        with client.websocket_connect("/live/talk") as late:
            assert closing(late)[1] == 1012
    assert repository.num_streams == 0


def test_whoever_says_nothing_is_closed():
    with client_of(idle_s=0.05) as client, client.websocket_connect("/live/scribbles") as socket:
        error, code = closing(socket)
        assert code == 4408 and error == "Nothing came or could be sent for 0.05 s."


def test_places_are_counted_and_given_back():
    repository = Repository(scribbles=ink_transcriber())
    with client_of(repository, max_streams=1) as client:
        with client.websocket_connect("/live/scribbles") as first:
            first.send_json({"points": stroke()})
            first.receive_json()
            assert repository.num_streams == 1
            with client.websocket_connect("/live/scribbles") as second:
                assert closing(second) == ("All 1 streams are taken. Try again later.", 1013)
        with client.websocket_connect("/live/scribbles") as third:
            third.send_json({"points": stroke()})
            assert third.receive_json()["type"] == "partial"
    assert repository.num_streams == 0


def test_a_model_that_is_not_there_or_cannot_is_named(client):
    with client.websocket_connect("/live/unheard") as socket:
        error, code = closing(socket)
        assert code == 1008 and "Servable not found" in error
    repository = Repository(scribbles=ink_transcriber())
    backwards = types.SimpleNamespace(
        name="both_ways", version=1, sense="speech", signatures={}, path=Path("nowhere"),
        language_models=types.SimpleNamespace(names=("none",)),
    )  # fmt: skip
    repository.add(backwards)
    with client_of(repository) as other:
        with other.websocket_connect("/") as socket:
            error, code = closing(socket)
            assert code == 1008 and "no model that hears a stream" in error
        with other.websocket_connect("/live/both_ways") as socket:
            error, code = closing(socket)
            assert code == 1008 and "or one of speech that runs forward. Received: speech" in error


def test_other_pages_may_not_listen(client):
    for origin in ("http://testserver", None):
        headers = {"origin": origin} if origin else {}
        with client.websocket_connect("/live/scribbles", headers=headers) as socket:
            socket.send_json({"points": stroke()})
            socket.receive_json()
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        client.websocket_connect("/live/scribbles", headers={"origin": "https://elsewhere.example"}),
    ):
        pass
    assert refused.value.status_code == 403
    origins = ("https://elsewhere.example",)
    with client_of(origins=origins) as other, other.websocket_connect("/live/talk", headers={"origin": origins[0]}):
        pass


def test_a_failure_is_told_and_leaves_the_server_alive():
    class Broken:
        sense = types.SimpleNamespace(name="ink")
        recipe = alphabet = name = log_probs = None

        def with_beam_search(self):
            return self

        def transcribe(self, examples):
            raise RuntimeError("out of order")

    transcriber = ink_transcriber()
    broken = Broken()
    broken.__dict__.update({k: getattr(transcriber, k) for k in ("recipe", "alphabet", "name", "log_probs")})
    with client_of(Repository(broken=broken, scribbles=transcriber)) as client:
        with client.websocket_connect("/live/broken") as socket:
            socket.send_json({"points": stroke()})
            assert closing(socket) == ("The model failed. The server's log says why.", 1011)
        assert client.get("/live").status_code == 200


def test_the_event_loop_goes_on_while_a_model_thinks():
    transcriber, release = ink_transcriber(), threading.Event()

    class Slow:
        def __init__(self):
            self.__dict__.update(
                {k: getattr(transcriber, k) for k in ("sense", "recipe", "alphabet", "name", "log_probs")}
            )

        def with_beam_search(self):
            return self

        def transcribe(self, examples):
            release.wait(10)
            return transcriber.transcribe(examples)

    with client_of(Repository(slow=Slow())) as client, client.websocket_connect("/live/slow") as socket:
        socket.send_json({"points": stroke()})
        assert client.get("/live").status_code == 200  # answered meanwhile
        for i in range(1, 30):
            socket.send_json({"points": stroke(5, left=i), "stamp": i})
        release.set()
        answers = [socket.receive_json(), socket.receive_json()]
        assert answers[-1]["stamp"] == 29  # the newest at once, and nothing in between


def test_next_words_need_a_language_model(client):
    for body in ("{", "[]", "{}", '{"model": "talk", "text": "a"}', '{"model": "talk", "text": 5}', '{"model": 1}'):
        response = client.post("/live/next_words", content=body)
        assert response.status_code == 400 and "Expected" in response.json()["error"], body
    missing = client.post("/live/next_words", content=json.dumps({"model": "bard", "text": "a"}))
    assert missing.status_code == 404


def test_next_words_are_those_of_the_model(tmp_path):
    corpus = small_corpus("words")
    module = LanguageModule(small_model(corpus, small_recipe("words")), corpus.vocabulary)
    (tmp_path / "assets.extra").mkdir()
    (tmp_path / "saved_model.pb").touch()
    corpus.vocabulary.save(tmp_path / "assets.extra" / VOCABULARY)
    repository = Repository()
    repository.add(language_model(tmp_path, module))
    with client_of(repository) as client:
        assert client.get("/live").json()["models"][0] == {
            "name": "bard", "version": 1, "sense": "language", "live": False,
        }  # fmt: skip
        for text, is_beginning in (("the cat ", False), ("the c", True)):
            asked = {"model": "bard", "text": text, "count": 3, "is_beginning": is_beginning}
            found = client.post("/live/next_words", json=asked).json()["words"]
            predictor = Predictor(module.functions(), corpus.vocabulary)
            expected = predictor.next_words(text, 3, is_beginning)
            assert [word["word"] for word in found] == [word.word for word in expected] != []
            assert [word["probability"] for word in found] == pytest.approx([w.probability for w in expected])


def language_model(path, module):
    """What the server's `Model` of a language model is to the live routes."""

    def call(signature, **tensors):
        return module.functions()[signature](**{name: tf.constant(array) for name, array in tensors.items()})

    predictor = Predictor(module.functions(), Vocabulary.load(path / "assets.extra" / VOCABULARY))
    return types.SimpleNamespace(
        name="bard", version=1, path=path, sense="", signatures=module.functions(), call=call, predictor=predictor
    )


def test_a_bug_while_next_words_are_computed_is_the_servers_and_logged(caplog, tmp_path):
    class Broken:
        def search(self, text, count, is_beginning):
            raise ValueError("a bug of its own")

    corpus = small_corpus("words")
    (tmp_path / "assets.extra").mkdir()
    (tmp_path / "saved_model.pb").touch()
    corpus.vocabulary.save(tmp_path / "assets.extra" / VOCABULARY)
    repository = Repository()
    repository.add(types.SimpleNamespace(name="bard", version=1, path=tmp_path, sense="", predictor=Broken()))
    with client_of(repository) as client:
        response = client.post("/live/next_words", json={"model": "bard", "text": "the"})
    assert response.status_code == 500 and "bug" not in response.text
    assert "a bug of its own" in caplog.text


def test_a_bug_while_a_stream_is_opened_is_the_servers_and_logged(caplog):
    class Broken:
        name, sense, signatures, version, path = "broken", "ink", {}, 1, Path("nowhere")

        @property
        def transcriber(self):
            raise ValueError("a bug of its own")

    repository = Repository()
    repository.add(Broken())
    with client_of(repository) as client, client.websocket_connect("/live/broken") as socket:
        error, code = closing(socket)
    assert code == 1011 and "bug" not in error
    assert "a bug of its own" in caplog.text
