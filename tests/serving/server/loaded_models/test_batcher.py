"""Whoever waits together is computed together, and gets what he would have got alone."""

import threading
import time
import types
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.serving.server import Settings
from seqapp.serving.server.loaded_models.batcher import Batcher
from seqapp.serving.server.loaded_models.padding import Padding
from seqapp.serving.server.refusal import Refusal

INPUTS = {"x": tf.TensorSpec([None, None, 2], tf.float32, "x"), "lengths": tf.TensorSpec([None], tf.int32, "lengths")}
OUTPUTS = {
    "text": tf.TensorSpec([None], tf.string, "text"),
    "num_characters": tf.TensorSpec([None], tf.int32, "num_characters"),
    "char_frames": tf.TensorSpec([None, None], tf.int32, "char_frames"),
}


class Reader:
    """Stands for a signature: a row has a character for each positive first column among its valid inputs."""

    name, inputs, outputs = "serving_default", INPUTS, OUTPUTS

    def __init__(self):
        self.sizes, self.gate = [], threading.Event()
        self.gate.set()

    def __call__(self, inputs):
        self.gate.wait(10)
        self.sizes.append(len(inputs["x"]))
        lengths = np.clip(inputs["lengths"], 0, inputs["x"].shape[1])
        rows = [np.flatnonzero(x[:n, 0] > 0) for x, n in zip(inputs["x"], lengths)]
        if any(-7.0 in x[:n, 1] for x, n in zip(inputs["x"], lengths)):
            raise tf.errors.InvalidArgumentError(None, None, "minus seven")
        count = np.array([len(row) for row in rows], np.int32)
        frames = np.full([len(rows), count.max(initial=0)], -1, np.int32)
        for filled, row in zip(frames, rows):
            filled[: len(row)] = row
        return {
            "text": np.array([str(n).encode() for n in count], object),
            "num_characters": count,
            "char_frames": frames,
        }


def batcher(reader, **changes):
    given = Settings(**{"num_parallel": 1, "max_batch_size": 8, "max_queue": 16, **changes})
    return Batcher(reader, given, ThreadPoolExecutor(2), lambda num_rows, seconds: None)


def inputs(rng, num_rows=1, length=5):
    lengths = rng.integers(-2, length + 3, num_rows).astype(np.int32)  # beyond both ends too
    return {"x": rng.normal(size=[num_rows, length, 2]).astype(np.float32), "lengths": lengths}


def behind_closed_gate(reader, queue, requests):
    """Futures of requests of which none but the first is computed before all are there."""
    reader.gate.clear()
    first = queue.submit(requests[0], None)
    while queue._queue:
        time.sleep(0.001)
    futures = [first, *(queue.submit(request, None) for request in requests[1:])]
    reader.gate.set()
    return futures


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 30)), min_size=1, max_size=12), st.integers(0, 99))
@settings(deadline=None, max_examples=30)
def test_a_batch_gives_each_request_what_it_gets_alone(shapes, seed):
    reader, rng = Reader(), np.random.default_rng(seed)
    requests = [inputs(rng, *shape) for shape in shapes]
    futures = behind_closed_gate(reader, batcher(reader), requests)
    for request, future in zip(requests, futures):
        received, expected = future.result(10), Reader()(request)
        assert received.keys() == expected.keys()
        for name, array in expected.items():
            np.testing.assert_array_equal(received[name], array, err_msg=name)
    assert sum(reader.sizes) == sum(num_rows for num_rows, _ in shapes) and max(reader.sizes) <= 8


def test_those_who_come_while_a_batch_runs_share_the_next_and_an_idle_queue_waits_for_nobody():
    reader, rng = Reader(), np.random.default_rng(0)
    queue = batcher(reader)
    queue.submit(inputs(rng), None).result(10)
    for future in behind_closed_gate(reader, queue, [inputs(rng) for _ in range(12)]):
        future.result(10)
    assert reader.sizes == [1, 1, 8, 3]


def test_a_long_request_is_not_what_short_ones_are_padded_to():
    padding, rng = Padding(Reader()), np.random.default_rng(0)
    long, short = inputs(rng, length=40_000), inputs(rng, length=1_000)
    assert padding.fit([short] * 7, short, 8) and padding.fit([long] * 7, long, 8)
    assert not padding.fit([long, short, short], short, 8) and not padding.fit([short] * 3, long, 8)
    assert not padding.fit([short] * 8, short, 8)


def test_rows_are_never_mixed_where_they_might_depend_on_each_other():
    free = tf.TensorSpec([None], tf.float32, "y")
    stranger = types.SimpleNamespace(inputs={"x": free}, outputs={"y": free})
    assert not Padding(stranger).fit([{"x": np.zeros(1)}], {"x": np.zeros(1)}, 8)
    one = inputs(np.random.default_rng(0))
    uncounted = {**OUTPUTS, "colours": tf.TensorSpec([None, None], tf.int32, "colours")}
    assert not Padding(types.SimpleNamespace(inputs=INPUTS, outputs=uncounted)).fit([one], one, 8)
    for nothing in ({name: array[:0] for name, array in one.items()}, {**one, "lengths": np.zeros(2, np.int32)}):
        assert not Padding(Reader()).fit([one], nothing, 8)


def test_a_request_that_the_graph_refuses_costs_the_others_nothing():
    reader, rng = Reader(), np.random.default_rng(0)
    requests = [inputs(rng, length=9) for _ in range(5)]
    requests[3]["x"][:], requests[3]["lengths"][:] = -7.0, 9
    *others, refused = (behind_closed_gate(reader, batcher(reader), requests)[i] for i in (0, 1, 2, 4, 3))
    for future, request in zip(others, (requests[i] for i in (0, 1, 2, 4))):
        assert future.result(10)["text"] == Reader()(request)["text"]
    with pytest.raises(Refusal, match="minus seven") as caught:
        refused.result(10)
    assert caught.value.http_status == 400


def test_a_full_queue_refuses_at_once_and_says_when_to_come_again():
    reader, rng = Reader(), np.random.default_rng(0)
    queue = batcher(reader, max_queue=3)
    reader.gate.clear()
    futures = [queue.submit(inputs(rng), None)]
    while queue._queue:
        time.sleep(0.001)
    futures += [queue.submit(inputs(rng), None) for _ in range(3)]
    with pytest.raises(Refusal, match="queue is full") as caught:
        queue.submit(inputs(rng), None)
    assert caught.value.http_status == 503 and caught.value.retry_after_s >= 1
    reader.gate.set()
    assert all(future.result(10) for future in futures) and queue.submit(inputs(rng), None).result(10)


def test_signatures_take_turns_on_one_thread():
    turns, pool, rng = [], ThreadPoolExecutor(1), np.random.default_rng(0)
    held = threading.Event()
    pool.submit(held.wait, 10)
    given = Settings(num_parallel=1, max_batch_size=1)
    futures = []
    for name in ("one", "other"):
        reader_of_turns = Batcher(Reader(), given, pool, lambda num_rows, seconds, name=name: turns.append(name))
        futures += [reader_of_turns.submit(inputs(rng), None) for _ in range(3)]
    held.set()
    assert all(future.result(10) for future in futures) and turns == ["one", "other"] * 3


def test_who_no_longer_waits_is_not_computed():
    reader, rng = Reader(), np.random.default_rng(0)
    queue = batcher(reader)
    reader.gate.clear()
    first, second, third = (queue.submit(inputs(rng), None) for _ in range(3))
    while len(queue._queue) > 2:
        time.sleep(0.001)
    assert second.cancel()
    reader.gate.set()
    assert first.result(10) and third.result(10) and sum(reader.sizes) == 2


def test_what_nobody_foresaw_reaches_who_waits():
    with pytest.raises(KeyError):
        batcher(Reader()).submit({"lengths": np.zeros(1, np.int32)}, None).result(10)


def test_nobody_waits_for_a_pool_that_is_shut_down():
    reader, rng, pool = Reader(), np.random.default_rng(0), ThreadPoolExecutor(1)
    queue = Batcher(reader, Settings(num_parallel=1, max_batch_size=1), pool, lambda num_rows, seconds: None)
    reader.gate.clear()
    first, *others = (queue.submit(inputs(rng), None) for _ in range(3))
    while len(queue._queue) > 2:
        time.sleep(0.001)
    pool.shutdown(wait=False)
    reader.gate.set()
    assert first.result(10)
    for future in (*others, queue.submit(inputs(rng), None)):
        with pytest.raises(Refusal, match="closed") as caught:
            future.result(10)
        assert caught.value.code == "UNAVAILABLE"
