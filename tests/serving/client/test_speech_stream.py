"""A stream of speech outlives connections, servers that end, and servers without room; mistakes end it."""

import json
import threading

import numpy as np
import pytest
from websockets.sync.server import serve

from seqapp.serving.client import speech_stream
from seqapp.serving.client.speech_stream import SpeechStream

RATE_HZ = 1_000
CHUNK = np.arange(100, dtype=np.int16)


class ScriptedServer:
    """Counts samples of each connection, and answers as a function of (connection, samples, is_end) says."""

    def __init__(self, answer):
        self._answer, self.configs, self.heads = answer, [], []
        self._server = serve(self._handle, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._thread.join()

    def _handle(self, socket):
        number = len(self.configs)
        self.configs.append(json.loads(socket.recv()))
        heard = self.configs[-1].get("resume", {"sample": 0})["sample"]
        for message in socket:
            is_end = isinstance(message, str)
            if not is_end:
                heard += len(message) // 2
                self.heads.append(int(np.frombuffer(message, "<i2")[0]))
            for answer in self._answer(number, heard, is_end):
                if isinstance(answer, int):
                    socket.close(answer)
                    return
                socket.send(json.dumps(answer))


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(speech_stream, "FIRST_WAIT_S", 0.01)
    servers = []

    def start(answer):
        servers.append(ScriptedServer(answer))
        return servers[-1]

    yield start
    for each in servers:
        each.close()


def partial(heard, sample, segment):
    point = {"sample": sample, "skip": 0, "segment": segment, "start_s": sample / RATE_HZ}
    return {"type": "partial", "partial": "", "segment": segment, "heard_s": heard / RATE_HZ, "resume": point}


def final(text, heard, sample, segment, next_segment):
    answer = partial(heard, sample, next_segment) | {"type": "final", "text": text, "segment": segment}
    return {key: value for key, value in answer.items() if key != "partial"}


def texts(answers):
    return [(answer["segment"], answer["text"]) for answer in answers if answer["type"] == "final"]


def test_of_a_server_that_ends_the_utterance_is_heard_again_elsewhere(server):
    def answer(number, heard, is_end):
        if is_end:
            return [final("end", heard, 150, 1, 1)]
        if heard == 200:  # an utterance has ended at 150
            return [final("one", heard, 150, 0, 1)]
        if number == 0 and heard == 300:
            return [final("cut", heard, 150, 1, 1), 1012]
        return [partial(heard, 0 if heard < 150 else 150, int(heard >= 150))]

    place = server(answer)
    with SpeechStream(place.url, "talk", RATE_HZ, {"phrase_list": ["Ada"]}) as stream:
        answers = [each for _ in range(4) for each in stream.push(CHUNK)] + stream.finish()
    assert texts(answers) == [(0, "one"), (1, "end")] and stream.num_connections == 2
    first, second = place.configs
    assert first == {"config": {"phrase_list": ["Ada"], "sample_rate": RATE_HZ, "resumable": 1, "encoding": "pcm16"}}
    assert second == {**first, "resume": {"sample": 150, "skip": 0, "segment": 1, "start_s": 0.15}}
    assert place.heads == [0, 0, 0, 50, 0]  # the second connection begins with sample 150, the 50th of its chunk
    told = [each["heard_s"] for each in answers if each["type"] == "partial"]
    assert told == sorted(told)


def test_a_final_that_was_lost_with_its_connection_is_told_once(server):
    def answer(number, heard, is_end):
        if is_end:
            return [final("end", heard, 200, 1, 1)]
        if heard < 200:
            return [partial(heard, 0, 0)]
        if number == 0:
            return [1011]  # before the final left
        return [final("one", heard, 200, 0, 1)] if heard == 200 else [partial(heard, 200, 1)]

    place = server(answer)
    with SpeechStream(place.url, "talk", RATE_HZ) as stream:
        answers = [each for _ in range(3) for each in stream.push(CHUNK)] + stream.finish()
    assert texts(answers) == [(0, "one"), (1, "end")] and stream.num_connections == 2


def test_servers_without_room_are_asked_again_and_in_the_end_it_is_an_error(server):
    place = server(lambda number, heard, is_end: [{"type": "error", "error": "All taken.", "code": 1013}, 1013])
    with SpeechStream(place.url, "talk", RATE_HZ, num_tries=3) as stream, pytest.raises(OSError, match="no answer"):
        stream.push(CHUNK)
    assert stream.num_connections == 3


def test_mistakes_are_told_in_the_servers_words(server):
    place = server(lambda number, heard, is_end: [{"type": "error", "error": "Expected another model."}])
    with SpeechStream(place.url, "talk", RATE_HZ) as stream, pytest.raises(ValueError, match="another model"):
        stream.push(CHUNK)
    with pytest.raises(ValueError, match="int16"):
        SpeechStream(place.url, "talk", RATE_HZ).push(np.zeros(3, np.float32))
    with pytest.raises(ValueError, match="Expected a URL"):
        SpeechStream("127.0.0.1", "talk", RATE_HZ)
    assert SpeechStream(place.url, "talk", RATE_HZ).push(CHUNK[:0]) == []
