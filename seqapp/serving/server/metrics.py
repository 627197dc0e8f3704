"""Prometheus metrics: requests, refusals, batches, queues, memory."""

from pathlib import Path

import prometheus_client as prometheus

from seqapp.serving.server.process_metrics import MetricsOfProcesses, forget_ended, shared_registry

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
ROWS = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """Counters and histograms of one server, in a registry of its own.

    Args:
        folder: Where the processes of a server keep their metrics, so that each can write those of all; None: there is
            one process.

    Attributes:
        in_flight: Gauge of requests that are received or answered.
        streams: Gauge of WebSockets that are open.
        processes: Gauge of server processes that answer: 1 for this one.
    """

    def __init__(self, folder: Path | None = None):
        self._folder = folder
        own = prometheus.CollectorRegistry()
        self.registry = shared_registry(folder) if folder else own
        self._requests = prometheus.Counter(
            "seqapp_requests", "Requests answered", ["model", "method", "status"], registry=own
        )
        self._seconds = prometheus.Histogram(
            "seqapp_request_seconds", "From the first byte to the answer", ["model", "method"],
            buckets=SECONDS, registry=own,
        )  # fmt: skip
        self._rows = prometheus.Histogram(
            "seqapp_batch_rows", "Rows computed at once", ["model", "signature"], buckets=ROWS, registry=own
        )
        self._batch_seconds = prometheus.Histogram(
            "seqapp_batch_seconds", "Seconds of computing a batch", ["model", "signature"],
            buckets=SECONDS, registry=own,
        )  # fmt: skip
        self.in_flight, self.streams, self.processes = (
            prometheus.Gauge(name, meaning, registry=own, multiprocess_mode="livesum")
            for name, meaning in (
                ("seqapp_requests_in_flight", "Being received or answered"),
                ("seqapp_streams", "WebSockets that are open"),
                ("seqapp_processes", "Server processes that answer"),
            )
        )
        if folder:
            self.registry.register(MetricsOfProcesses(folder))
        else:
            prometheus.ProcessCollector(registry=own)

    def request(self, model: str, method: str, status: int | str, seconds: float) -> None:
        """Count one request that was answered."""
        self._requests.labels(model, method, status).inc()
        self._seconds.labels(model, method).observe(seconds)

    def batch(self, model: str, signature: str, num_rows: int, seconds: float) -> None:
        """Count one batch that was computed."""
        self._rows.labels(model, signature).observe(num_rows)
        self._batch_seconds.labels(model, signature).observe(seconds)

    def num_processes(self) -> int:
        """Count the server processes that answer."""
        self._forget_ended()
        return int(self.registry.get_sample_value("seqapp_processes") or 0)

    def page(self) -> bytes:
        """Write all metrics in Prometheus' text format."""
        self._forget_ended()
        return prometheus.generate_latest(self.registry)

    def _forget_ended(self):
        if self._folder:
            forget_ended(self._folder)
