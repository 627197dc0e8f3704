"""Load for a server: many clients that send one file again and again, as soon as they have an answer, or at a rate."""

import collections
import contextlib
import http.client
import itertools
import json
import math
import os
import re
import threading
import time
import urllib.parse
import urllib.request

from seqapp.serving.client.client import API_KEY

REFUSALS = (429, 503)  # what a server may say that has too much to do
MEASURED_S = 10.0  # of capacity, by as many clients as keep the server busy
CLIENTS = (200, 600)  # fewer could not fill a server's queue, more only wait for each other
PATIENCE_S = 4.0  # that a request may take before the rate suffers


class Load:
    """Requests for one model, none of which is tried again.

    Args:
        url: Of the server.
        model: Name.
        content: Bytes of a file that it reads.
        rate: Requests a second of all clients together, while there are clients to send them; None: as many as can be.
    """

    def __init__(self, url, model, content, rate=None):
        address = urllib.parse.urlsplit(url)
        self._host, self._path = address.netloc, f"/v1/models/{urllib.parse.quote(model)}:transcribe"
        self._kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        self._content, self._interval_s = content, 1 / rate if rate else 0.0
        self._times = collections.defaultdict(list)

    def run(self, num_clients, seconds) -> dict:
        """Send for so long.

        Returns:
            Seconds to the answer, from the request or, at a rate, from when that was due; by HTTP status, or by the
            name of the error of a connection.
        """
        start, numbers = time.perf_counter(), itertools.count()
        arguments = (start, start + seconds, numbers)
        clients = [threading.Thread(target=self._send, args=arguments) for _ in range(num_clients)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        return dict(self._times)

    def _send(self, start, end, numbers):
        connection = self._kind(self._host, timeout=60)
        while max(due := start + next(numbers) * self._interval_s, time.perf_counter()) < end:
            time.sleep(max(due - time.perf_counter(), 0.0))
            begin = due if self._interval_s else time.perf_counter()
            status = self._ask(connection)
            self._times[status].append(time.perf_counter() - begin)
        connection.close()

    def _ask(self, connection):
        try:
            connection.request("POST", self._path, self._content, key_header())
            response = connection.getresponse()
            json.load(response)
            return response.status
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.close()
            return type(error).__name__


def key_header() -> dict[str, str]:
    """What a server wants that does not answer everybody, from the environment."""
    return {"X-API-Key": os.environ[API_KEY]} if os.environ.get(API_KEY) else {}


def page_of(url) -> bytes:
    """What a server says at a URL."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=key_header()), timeout=60) as response:
        return response.read()


def capacity(url, model, content, num_clients) -> float:
    """Answers a second that so many clients get, each of which sends when it has its answer.

    Raises:
        ValueError: There is none.
    """
    found = Load(url, model, content).run(num_clients, MEASURED_S)
    if not found.get(200):
        raise ValueError(f"Expected a model {model} at {url} that reads the file. Received: {sorted(map(str, found))}.")
    return len(found[200]) / MEASURED_S


def table(found, seconds) -> str:
    """What `Load.run` found in so many seconds: a line a status, and one for what no server should do."""
    lines = [
        f"{status}: {len(times)}, {len(times) / seconds:.1f} a second, {percentiles(times)}"
        for status, times in sorted(found.items(), key=str)
    ]
    lost = sum(len(times) for status, times in found.items() if status not in (200, *REFUSALS))
    return "\n".join([*lines, f"neither answered nor refused: {lost}"])


def percentiles(times) -> str:
    """Of seconds, as text in milliseconds."""
    times = sorted(times) or [math.nan]
    p50, p95, p99 = (1000 * times[round(q * (len(times) - 1))] for q in (0.5, 0.95, 0.99))
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms"


def num_clients_at(rate) -> int:
    """Clients that it takes to keep up a rate while the server is slow."""
    fewest, most = CLIENTS
    return min(most, max(fewest, math.ceil(rate * PATIENCE_S)))


class Watch:
    """Looks at the resources of a server now and then, while something else is done.

    Args:
        url: Of the server.
        interval_s: Between two looks.

    Attributes:
        memory_mb: Memory of the server at each look.
        cpu_s: Seconds of processors that it has used between the first and the last look.
    """

    def __init__(self, url, interval_s=2.0):
        self._url, self._interval_s, self._stop = url, interval_s, threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self):
        memory, self._first_s = resources(self._url)
        self.memory_mb, self.cpu_s = [memory], 0.0
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        with contextlib.suppress(OSError):  # what was measured of a server that died is worth most
            self._look()

    def describe(self, num_answers) -> str:
        """What so many answers took."""
        before, most, after = self.memory_mb[0], max(self.memory_mb), self.memory_mb[-1]
        return (
            f"the server's processor: {1000 * self.cpu_s / max(num_answers, 1):.1f} ms an answer, {self.cpu_s:.1f} s\n"
            f"the server's memory: {before:.0f} MB before, {most:.0f} MB at most, {after:.0f} MB after"
        )

    def _look_on(self):
        while not self._stop.wait(self._interval_s):
            with contextlib.suppress(OSError):  # a busy server has better things to do
                self._look()

    def _look(self):
        memory, seconds = resources(self._url)
        self.memory_mb.append(memory)
        self.cpu_s = seconds - self._first_s


def resources(url) -> tuple[float, float]:
    """Memory of a server's process in MB, and seconds of processors that it has used, by its own metrics."""
    page = page_of(f"{url}/metrics").decode("utf-8")
    memory, seconds = (
        float(re.search(rf"^{name} (\S+)", page, re.MULTILINE)[1])
        for name in ("process_resident_memory_bytes", "process_cpu_seconds_total")
    )
    return memory / 1e6, seconds
