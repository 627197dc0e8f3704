"""Several server processes behind one port: all answer, one that is killed loses nothing, all end together."""

import concurrent.futures
import json
import os
import re
import shutil
import signal
import socket
import time
from pathlib import Path

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from seqapp.serving.client import Client
from seqapp.serving.client.speech_stream import SpeechStream
from seqapp.serving.server.processes.worker import share_of
from seqapp.serving.server.settings import Settings, num_cores
from tests.serving.server.conftest import Toolbox
from tests.serving.server.server_process import Server
from tests.small_speech import RATE_HZ, say

pytestmark = pytest.mark.slow

PATIENCE_S = 500  # of a machine that is busy with other things: each process imports TensorFlow
OFFSET = 2.0


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(is_so):
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


class Processes(Server):
    """pipelines/serve.py with two processes."""

    def __init__(self, folder):
        super().__init__(folder, "--processes", 2, "--poll-s", 0.5, watchdog_s=3 * PATIENCE_S)
        self.read_on()
        self.url = f"http://127.0.0.1:{self.port}"
        wait_until(self.is_complete)

    def is_complete(self):
        return json.loads(self.get("/readyz"))["processes"] == {"ready": 2, "of": 2}

    def workers(self):
        return children(self.process.pid)


@pytest.fixture(scope="module")
def folder(models, tmp_path_factory):
    return shutil.copytree(models, tmp_path_factory.mktemp("served") / "models")


@pytest.fixture(scope="module")
def server(folder):
    server = Processes(folder)
    yield server
    server.kill()


def half_plus(server):
    return Client(server.url).predict("toolbox", {"x": [1.0]})


def metric(server, name):
    return float(re.search(rf"^{name}(?:{{.*}})? (\S+)", server.get("/metrics").decode(), re.MULTILINE)[1])


def test_rest_and_grpc_answer_and_metrics_count_what_all_have_done(server):
    before = len(server.workers())
    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: half_plus(server), range(60)))
    assert answers == [[0.5 + OFFSET]] * 60 and before == 2
    for _ in range(5):  # whichever process writes the page
        assert metric(server, "seqapp_requests_total") == 60
        assert metric(server, "seqapp_processes") == 2
    memory = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in server.workers())
    assert metric(server, "process_resident_memory_bytes") == pytest.approx(
        memory * os.sysconf("SC_PAGE_SIZE"), rel=0.2
    )
    with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel:
        request = predict_pb2.PredictRequest()
        request.model_spec.name = "toolbox"
        request.inputs["x"].CopyFrom(tf.make_tensor_proto(np.float32([1])))
        response = prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=60)
    assert list(response.outputs["y"].float_val) == [0.5 + OFFSET]


def speech():
    return np.concatenate([say(text) for text in ("ab cad", "dab cab", "bad ad", "cab dab")])


def spoken(stream, samples, between=()):
    """The final texts; a function of `between` is called in the middle of the speech, behind so many chunks."""
    answers = []
    for number, start in enumerate(range(0, len(samples), 3_000)):
        answers += stream.push(samples[start : start + 3_000])
        dict(between).get(number, lambda: None)()
    answers += stream.finish()
    return [(answer["segment"], answer["text"]) for answer in answers if answer["type"] == "final"]


def test_kill_9_of_each_process_in_turn_loses_no_request_and_no_word_of_a_stream(server):
    samples = speech()
    with SpeechStream(server.url, "talk", RATE_HZ) as stream:
        expected = spoken(stream, samples)
    assert stream.num_connections == 1 and "".join(text for _, text in expected)
    killed = []

    def kill_one():
        wait_until(server.is_complete)
        killed.append(next(pid for pid in server.workers() if pid not in killed))
        os.kill(killed[-1], signal.SIGKILL)
        wait_until(lambda: killed[-1] not in server.workers())

    is_over = []

    def ask_on(_):
        answers = [half_plus(server)]
        while not is_over:
            answers.append(half_plus(server))
            time.sleep(0.05)
        return answers

    with concurrent.futures.ThreadPoolExecutor(4) as clients:
        asking = [clients.submit(ask_on, number) for number in range(4)]
        try:
            with SpeechStream(server.url, "talk", RATE_HZ) as stream:
                moved = spoken(stream, samples, [(2, kill_one), (4, kill_one)])
        finally:
            is_over.append(True)
        answers = [answer for client in asking for answer in client.result()]
    assert moved == expected and stream.num_connections > 1
    assert answers == [[0.5 + OFFSET]] * len(answers)
    wait_until(server.is_complete)  # who was killed is back


def test_the_state_of_a_stream_goes_with_its_chunks_to_whichever_process(server):
    client = Client(server.url)
    samples = (speech() / 32_768.0).astype(np.float32)
    state = client.predict("talk", {"batch_size": 1}, "stream_init")
    text = ""
    for start in range(0, len(samples), 4_000):  # a connection each
        chunk = samples[start : start + 4_000]
        inputs = {"waveform": [chunk.tolist()], "lengths": [len(chunk)], "final": [start + 4_000 >= len(samples)]}
        outputs = client.predict("talk", {**inputs, **state}, "stream_step")
        state = {name: outputs[name] for name in state}
        text += "".join(outputs["frame_characters"][0])
    with SpeechStream(server.url, "talk", RATE_HZ) as stream:
        expected = spoken(stream, speech())
    assert text.replace(" ", "") == "".join(part for _, part in expected).replace(" ", "")


def test_a_new_version_is_taken_up_by_all(server, folder):
    Toolbox(offset=7.0).save(folder / "new")
    (folder / "new").rename(folder / "toolbox" / "8")
    wait_until(lambda: all(half_plus(server) == [7.5] for _ in range(20)))


def have_ended(pids):
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_at_sigterm_all_end(server):
    workers = server.workers()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(PATIENCE_S)
    assert server.process.returncode == 0 and have_ended(workers)
    with pytest.raises(OSError):
        socket.create_connection(server.address, timeout=1)


def test_workers_end_without_their_supervisor(models):
    server = Processes(models)
    workers = server.workers()
    server.kill()
    wait_until(lambda: have_ended(workers))


def test_cores_are_shared_out():
    settings, num_threads = share_of(Settings(processes=2, num_parallel=5))
    assert settings.num_parallel == 2 and num_threads == max(1, num_cores() // 2)
    assert share_of(Settings(processes=1_000))[0].num_parallel == 1
