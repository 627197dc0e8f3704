"""A load that is known beforehand is told as it was."""

import http.server
import itertools
import threading

import pytest

from seqapp.serving.client.load_test import Load, Watch, num_clients_at, percentiles, resources

METRICS = "# HELP x\nprocess_cpu_seconds_total 12.5\nprocess_resident_memory_bytes 2.5e+08\n"


@pytest.fixture
def server():
    """Refuses every third request, and closes the connection of every fifth."""
    numbers = itertools.count(1)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            assert self.path == "/v1/models/an4:transcribe"
            assert self.rfile.read(int(self.headers["Content-Length"])) == b"RIFF"
            if (number := next(numbers)) % 5 == 0:
                self.close_connection = True
            else:
                self._send(503 if number % 3 == 0 else 200, b"{}")

        def do_GET(self):
            self._send(200, METRICS.encode())

        def _send(self, status, body):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_every_answer_is_counted_by_its_status(server):
    found = Load(server, "an4", b"RIFF", rate=60).run(num_clients=1, seconds=0.5)
    counts = {status: len(times) for status, times in found.items()}
    numbers = range(1, sum(counts.values()) + 1)
    broken, refused = sum(n % 5 == 0 for n in numbers), sum(n % 3 == 0 and n % 5 > 0 for n in numbers)
    assert counts.pop(200) == len(numbers) - broken - refused and counts.pop(503) == refused
    assert counts == {"RemoteDisconnected": broken} and len(numbers) <= 31


def test_the_server_says_what_it_takes(server):
    assert resources(server) == (250.0, 12.5)


def test_a_watch_tells_what_the_server_takes_meanwhile(server):
    with Watch(server, interval_s=0.01) as watch:
        Load(server, "an4", b"RIFF", rate=60).run(num_clients=1, seconds=0.1)
    assert set(watch.memory_mb) == {250.0} and len(watch.memory_mb) >= 2 and watch.cpu_s == 0.0
    assert "250 MB before, 250 MB at most" in watch.describe(10)


def test_percentiles_are_of_sorted_times_and_clients_suffice_for_a_rate():
    times = [0.001 * i for i in range(101)]
    assert percentiles(times[::-1]) == percentiles(times) == "p50 50 ms, p95 95 ms, p99 99 ms"
    assert percentiles([]) == "p50 nan ms, p95 nan ms, p99 nan ms"
    assert num_clients_at(10) == 200 and num_clients_at(100) == 400 and num_clients_at(1e6) == 600
