"""Prometheus metrics: requests, refusals, batches, queues, memory."""

import prometheus_client as prometheus

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
ROWS = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """Counters and histograms of one server, in a registry of its own.

    Attributes:
        in_flight: Gauge of requests that are received or answered.
        streams: Gauge of WebSockets that are open.
    """

    def __init__(self):
        self.registry = prometheus.CollectorRegistry()
        prometheus.ProcessCollector(registry=self.registry)
        self._requests = prometheus.Counter(
            "seqapp_requests", "Requests answered", ["model", "method", "status"], registry=self.registry
        )
        self._seconds = prometheus.Histogram(
            "seqapp_request_seconds", "From the first byte to the answer", ["model", "method"],
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self._rows = prometheus.Histogram(
            "seqapp_batch_rows", "Rows computed at once", ["model", "signature"], buckets=ROWS, registry=self.registry
        )
        self._batch_seconds = prometheus.Histogram(
            "seqapp_batch_seconds", "Seconds of computing a batch", ["model", "signature"],
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self.in_flight = prometheus.Gauge(
            "seqapp_requests_in_flight", "Being received or answered", registry=self.registry
        )
        self.streams = prometheus.Gauge("seqapp_streams", "WebSockets that are open", registry=self.registry)

    def request(self, model: str, method: str, status: int | str, seconds: float) -> None:
        """Count one request that was answered."""
        self._requests.labels(model, method, status).inc()
        self._seconds.labels(model, method).observe(seconds)

    def batch(self, model: str, signature: str, num_rows: int, seconds: float) -> None:
        """Count one batch that was computed."""
        self._rows.labels(model, signature).observe(num_rows)
        self._batch_seconds.labels(model, signature).observe(seconds)

    def page(self) -> bytes:
        """Write all metrics in Prometheus' text format."""
        return prometheus.generate_latest(self.registry)
