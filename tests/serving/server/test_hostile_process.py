"""A server in bad company: each request of a network that means it no good gets its 4xx, and the next one its answer.

By default there are few of each kind. Ten thousand, and a table of them:

    SEQAPP_HOSTILE=10000 python -m pytest -n 0 -s tests/serving/server/test_hostile_process.py
"""

import collections
import contextlib
import os
import socket
import time

import grpc
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from seqapp.serving.client import Client
from seqapp.serving.client.load_test import resources
from tests.serving.server.hostile import (
    CLOSED,
    HTTP,
    LIMIT_BYTES,
    MESSAGES,
    REFUSED,
    RPC,
    Talker,
    ask,
    leave,
    post,
    predict,
)
from tests.serving.server.server_process import Server

pytestmark = pytest.mark.slow

COUNT = int(os.environ.get("SEQAPP_HOSTILE", "300"))
NUM_KINDS = len(HTTP) + len(RPC) + len(MESSAGES) + 2
EACH = max(4, -(-COUNT // NUM_KINDS))
TIMEOUT_S = 5.0
AT_ONCE = 200  # slow clients: the server takes 256 requests at once
GROWTH_MB = 150  # of the process, whatever it was sent; first calls plan graphs, and that is most of it


@pytest.fixture(scope="module")
def server(models, warm_python):
    options = ("--max-request-mb", LIMIT_BYTES / 1e6, "--timeout-s", TIMEOUT_S)
    server = Server(models, *options, watchdog_s=240 + COUNT, warm_python=warm_python)
    server.url = f"http://127.0.0.1:{server.port}"
    server.read_on()
    assert answers(server)
    yield server
    server.kill()
    assert "Traceback" not in "".join(server.log), "".join(server.log)


@pytest.fixture(scope="module")
def table(server):
    """Rows of what was done; shown at the end, with -s."""
    rows, (before, _) = [], resources(server.url)
    yield rows
    after, _ = resources(server.url)
    print(f"\n{'kind':34}{'count':>7}{'seconds':>9}  answers")
    for kind, codes, seconds in rows:
        told = ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()))
        print(f"{kind:34}{sum(codes.values()):7}{seconds:9.1f}  {told}")
    print(f"{'all':34}{sum(codes.total() for _, codes, _ in rows):7}{sum(seconds for *_, seconds in rows):9.1f}")
    print(f"memory: {before:.0f} MB before, {after:.0f} MB after")
    assert after - before < GROWTH_MB


def slow_ones(server, count):
    """The codes that so many clients get which send a byte, and no more."""
    content, codes = post(b"{", length=100), collections.Counter()
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(socket.create_connection(server.address, timeout=60)) for _ in range(count)]
        for connection in connections:
            connection.sendall(content)
        assert answers(server)
        for connection in connections:
            codes[connection.recv(64)[9:12].decode()] += 1
    return codes


def answers(server):
    """Whether somebody who asks for something sensible gets it at once."""
    return Client(server.url, num_tries=1).predict("toolbox", {"x": [1.0]}) == [2.5]


def bombard(table, kind, strategy, send):
    """As many examples as are wanted; the codes of their answers."""
    codes, start = collections.Counter(), time.perf_counter()

    @settings(
        deadline=None, max_examples=EACH, database=None, phases=[Phase.generate], suppress_health_check=HealthCheck
    )
    @given(strategy)
    def each(example):
        codes[send(example)] += 1

    each()
    table.append((kind, codes, time.perf_counter() - start))
    return set(codes)


@pytest.mark.parametrize("kind", HTTP)
def test_http_that_is_wrong_gets_a_4xx(server, table, kind):
    codes = bombard(table, kind, HTTP[kind], lambda content: ask(server.address, content))
    assert codes <= (REFUSED | {CLOSED} if kind == "no HTTP" else REFUSED) and answers(server)


@pytest.mark.parametrize("kind", RPC)
def test_tensors_that_are_wrong_are_invalid_arguments(server, table, kind):
    with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel:
        codes = bombard(table, kind, RPC[kind], lambda example: predict(channel, *example))
    assert codes == {"INVALID_ARGUMENT"} and answers(server)


@pytest.mark.parametrize("kind", MESSAGES)
def test_messages_that_are_wrong_are_told_and_too_many_close_the_stream(server, table, kind):
    with contextlib.closing(Talker(server.port)) as talker:
        codes = bombard(table, kind, MESSAGES[kind], talker.say)
    assert codes <= {"error", "1008"} and answers(server)


def test_who_leaves_in_the_middle_costs_nothing(server, table):
    start, content = time.perf_counter(), post({"instances": [1.0] * 50})
    for number in range(EACH):
        leave(server.address, content[: 1 + number % (len(content) - 1)])
    table.append(("requests left in the middle", collections.Counter(left=EACH), time.perf_counter() - start))
    assert answers(server)


def test_who_is_too_slow_is_told_so_and_keeps_nobody_waiting(server, table):
    start, codes = time.perf_counter(), collections.Counter()
    for first in range(0, EACH, AT_ONCE):
        codes += slow_ones(server, min(AT_ONCE, EACH - first))
    table.append(("slow clients", codes, time.perf_counter() - start))
    assert codes.keys() == {"408"} and answers(server)
