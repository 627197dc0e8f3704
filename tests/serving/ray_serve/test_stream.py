"""Streams keep their state in the calls: chunks that different replicas took give the frames of the whole."""

import json

import numpy as np
from websockets.sync.client import connect

from tests.small_speech import RATE_HZ, say

SAMPLES = say("ab cad dab bc a cad")


def test_any_replica_takes_any_chunk(cluster):
    from ray import serve

    from seqapp.serving.ray_serve.deployment import APPLICATION

    talk = serve.get_deployment_handle("talk-1", APPLICATION)
    waveform = SAMPLES.astype(np.float32)[np.newaxis] / 32_768
    whole = {"waveform": waveform, "lengths": np.int32([waveform.shape[1]])}
    expected = talk.predict.remote("log_probs", whole).result().outputs
    state = talk.predict.remote("stream_init", {"batch_size": np.int32(1)}).result().outputs
    found, replicas = [], set()
    for start in range(0, waveform.shape[1], 1_600):
        chunk = waveform[:, start : start + 1_600]
        inputs = {"waveform": chunk, "lengths": np.int32([chunk.shape[1]])}
        is_last = start + 1_600 >= waveform.shape[1]
        answer = talk.predict.remote("stream_step", {**inputs, "final": np.array([is_last]), **state}).result()
        state = {name: answer.outputs[name] for name in state}
        found.append(answer.outputs["log_probs"][0, : answer.outputs["num_frames"][0]])
        replicas.add(answer.replica)
    assert len(replicas) == 2
    np.testing.assert_allclose(np.concatenate(found), expected["log_probs"][0, : expected["num_frames"][0]], atol=1e-4)


def test_a_websocket_hears_what_the_whole_file_says(cluster, client):
    with connect(f"ws://127.0.0.1:{cluster.port}/live/talk", open_timeout=60, close_timeout=60) as socket:
        socket.send(json.dumps({"config": {"sample_rate": RATE_HZ}}))
        for start in range(0, len(SAMPLES), 8_000):
            socket.send(SAMPLES[start : start + 8_000].tobytes())
        socket.send(json.dumps({"eof": 1}))
        answers = [json.loads(message) for message in socket]
    inputs = {"waveform": [(SAMPLES / 32_768).tolist()], "lengths": [len(SAMPLES)]}
    whole = client.post("/v1/models/talk:predict", json={"inputs": inputs}).json()["outputs"]["text"][0]
    assert " ".join(answer["text"] for answer in answers if "text" in answer).split() == whole.split()
