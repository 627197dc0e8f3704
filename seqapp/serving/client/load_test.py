"""Load test of a server: many clients send one file again and again, as soon as they have an answer, or at a rate."""

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

REFUSALS = (429, 503)  # statuses of a server that has too much to do
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

    def __init__(self, url: str, model: str, content: bytes, rate: float | None = None):
        address = urllib.parse.urlsplit(url)
        self._host = address.netloc
        self._path = f"/v1/models/{urllib.parse.quote(model)}:transcribe"
        self._kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        self._content = content
        self._interval_s = 1 / rate if rate else 0.0
        self._times = collections.defaultdict(list)

    def run(self, num_clients: int, seconds: float) -> dict[int | str, list[float]]:
        """Send for a time.

        Args:
            num_clients: That send at once.
            seconds: The time.

        Returns:
            Seconds to the answer, from the request or, at a rate, from when that was due; by HTTP status, or by the
            name of the error of a connection.
        """
        start = time.perf_counter()
        arguments = (start, start + seconds, itertools.count())
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
    """Make the header with the API key of the environment, where there is one."""
    return {"X-API-Key": os.environ[API_KEY]} if os.environ.get(API_KEY) else {}


def page_of(url: str) -> bytes:
    """Get the content at a URL of a server."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=key_header()), timeout=60) as response:
        return response.read()


def capacity(url: str, model: str, content: bytes, num_clients: int) -> float:
    """Measure the answers per second to clients, each of which sends when it has its answer.

    Args:
        url: Of the server.
        model: Name.
        content: Bytes of a file that it reads.
        num_clients: That send at once.

    Raises:
        ValueError: No request was answered.
    """
    times = Load(url, model, content).run(num_clients, MEASURED_S)
    if not times.get(200):
        raise ValueError(f"Expected a model {model} at {url} that reads the file. Received: {sorted(map(str, times))}.")
    return len(times[200]) / MEASURED_S


def table(times_by_status: dict[int | str, list[float]], seconds: float) -> str:
    """Write the result of `Load.run` as text: one line per status, and one for requests that got no answer at all.

    Args:
        times_by_status: Result of `Load.run`.
        seconds: That it took.
    """
    lines = [
        f"{status}: {len(times)}, {len(times) / seconds:.1f} a second, {percentiles(times)}"
        for status, times in sorted(times_by_status.items(), key=str)
    ]
    lost = sum(len(times) for status, times in times_by_status.items() if status not in (200, *REFUSALS))
    return "\n".join([*lines, f"neither answered nor refused: {lost}"])


def percentiles(times: list[float]) -> str:
    """Write percentiles of seconds as text in milliseconds."""
    times = sorted(times) or [math.nan]
    p50, p95, p99 = (1000 * times[round(q * (len(times) - 1))] for q in (0.5, 0.95, 0.99))
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms"


def num_clients_at(rate: float) -> int:
    """Count the clients that it takes to keep up a rate while the server is slow."""
    fewest, most = CLIENTS
    return min(most, max(fewest, math.ceil(rate * PATIENCE_S)))


class Watch:
    """Samples the resources of a server now and then, while something else is done.

    Args:
        url: Of the server.
        interval_s: Between two samples.

    Attributes:
        memory_mb: Memory of the server at each sample.
        cpu_s: Seconds of processors that it has used between the first and the last sample.
    """

    def __init__(self, url: str, interval_s: float = 2.0):
        self._url = url
        self._interval_s = interval_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample_on, daemon=True)

    def __enter__(self):
        memory, self._first_s = resources(self._url)
        self.memory_mb = [memory]
        self.cpu_s = 0.0
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        with contextlib.suppress(OSError):  # what was measured of a server that died is worth most
            self._sample()

    def describe(self, num_answers: int) -> str:
        """Write the cost of a number of answers as text."""
        memory = self.memory_mb
        return (
            f"the server's processor: {1000 * self.cpu_s / max(num_answers, 1):.1f} ms an answer, {self.cpu_s:.1f} s\n"
            f"the server's memory: {memory[0]:.0f} MB before, {max(memory):.0f} MB at most, {memory[-1]:.0f} MB after"
        )

    def _sample_on(self):
        while not self._stop.wait(self._interval_s):
            with contextlib.suppress(OSError):  # a busy server has better things to do
                self._sample()

    def _sample(self):
        memory, seconds = resources(self._url)
        self.memory_mb.append(memory)
        self.cpu_s = seconds - self._first_s


def resources(url: str) -> tuple[float, float]:
    """Read memory of a server's process in MB, and seconds of processors that it has used, from its metrics."""
    page = page_of(f"{url}/metrics").decode("utf-8")
    memory, seconds = (
        float(re.search(rf"^{name} (\S+)", page, re.MULTILINE)[1])
        for name in ("process_resident_memory_bytes", "process_cpu_seconds_total")
    )
    return memory / 1e6, seconds
