"""A server of all shipped models, and requests that would fill its machine: refused, while honest clients are answered.

What each of them meets is tested in test_bounds.py and rest/. A thousand beside ten honest clients, and a table:

    SEQAPP_HOSTILE=1000 python -m pytest -n 0 -s tests/serving/server/test_costly_process.py
"""

import collections
import itertools
import json
import os
import shutil
import threading
import time
import urllib.error

import pytest

from seqapp.serving.client.load_test import Load, Watch, percentiles
from tests.serving.server.hostile import COSTLY, ask
from tests.serving.server.server_process import REPOSITORY, Server

COUNT = int(os.environ.get("SEQAPP_HOSTILE", "0"))
NAMES = ("unipen", "copiste", "an4_streaming")
REFUSED = {"400", "413", "429", "503"}
NUM_HONEST, RATE = 10, 4.0  # clients, and requests per second of them all: a tenth of what two cores answer
WINDOW_S = 8.0  # with hostile requests, and as long without
GROWTH_MB = 200  # first calls of honest clients plan graphs
MOST_MB = 400  # above the memory before, at any time: bodies that are being received

pytestmark = pytest.mark.skipif(not COUNT, reason="SEQAPP_HOSTILE says how many")


@pytest.fixture(scope="module")
def server(toolbox, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(toolbox, folder / "toolbox" / "7")
    for name in NAMES:
        shutil.copytree(REPOSITORY / "saved_models" / name, folder / name)
    server = Server(folder, watchdog_s=600 + 2 * COUNT)
    server.url = f"http://127.0.0.1:{server.port}"
    server.read_on()
    while not is_warm(server):
        time.sleep(0.2)
    yield server
    server.kill()
    assert "Traceback" not in "".join(server.log), "".join(server.log)


def is_warm(server):
    try:
        states = json.loads(server.get("/readyz"))["states"].values()
    except urllib.error.HTTPError:  # 503: it is not ready yet
        return False
    return len(states) > len(NAMES) and set(states) == {"AVAILABLE"}


@pytest.fixture(scope="module")
def ink():
    return (REPOSITORY / "saved_models" / "unipen" / "sample.inkml").read_bytes()


def bombard(server, codes, count, is_on):
    """Send each kind in turn, while it is on; the requests are built once, and their codes counted."""
    requests = {kind: make() for kind, make in COSTLY.items()}
    for kind in itertools.islice(itertools.cycle(requests), count):
        is_on.wait()
        start = time.perf_counter()
        code = ask(server.address, requests[kind])
        codes[kind, code].append(time.perf_counter() - start)


def test_costly_requests_are_refused_and_honest_clients_are_answered(server, ink):
    Load(server.url, "unipen", ink, RATE).run(NUM_HONEST, WINDOW_S)
    codes, alone, beside = (collections.defaultdict(list) for _ in range(3))
    is_on = threading.Event()
    hostile = threading.Thread(target=bombard, args=(server, codes, COUNT, is_on))
    hostile.start()
    with Watch(server.url, 0.5) as watch:
        while hostile.is_alive():  # by turns: whatever else the machine does, it does to both
            for times_by_status in (alone, beside):
                (is_on.set if times_by_status is beside else is_on.clear)()
                for status, times in Load(server.url, "unipen", ink, RATE).run(NUM_HONEST, WINDOW_S).items():
                    times_by_status[status] += times
        hostile.join()
    print(f"\nhonest clients alone: {percentiles(alone[200])}; beside: {percentiles(beside[200])}")
    print(watch.describe(len(alone[200]) + len(beside[200])))
    for (kind, code), times in sorted(codes.items()):
        print(f"{kind:34}{code:>6}{len(times):7}  {percentiles(times)}")
    assert {code for _, code in codes} <= REFUSED
    assert alone.keys() == beside.keys() == {200}
    assert watch.memory_mb[-1] - watch.memory_mb[0] < GROWTH_MB and max(watch.memory_mb) - watch.memory_mb[0] < MOST_MB
    assert p95(beside[200]) <= 2 * p95(alone[200])


def p95(times):
    return sorted(times)[round(0.95 * (len(times) - 1))]
