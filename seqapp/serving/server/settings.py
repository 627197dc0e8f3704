"""Settings of the server: name, unit, default, meaning; `pipelines/serve.py` makes an option of each."""

import dataclasses
import math
import os
from collections.abc import Mapping
from pathlib import Path

from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.option_fields import knob

MAX_PORT = 65_535
LOOPBACK = ("localhost", "::1")
JSON_SPECIAL = ("token", "null")


def num_cores() -> int:
    """Count the cores that this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclasses.dataclass(frozen=True)
class Settings:
    """Addresses, bounds, keys and labels of a server; the default answers this machine alone.

    Raises:
        ValueError: A count below 1, a time that is not positive, or half of what TLS needs.
    """

    host: str = knob("127.0.0.1", "address to listen at; 0.0.0.0: any, which wants an API key and TLS")
    port: int = knob(8501, "of REST, WebSockets and the page")
    grpc_port: int = knob(8500, "of gRPC; -1: none")
    processes: int = knob(1, "server processes behind the port, each with its own models and a share of the cores")
    poll_s: float = knob(2.0, "seconds between two looks for new versions")
    num_versions: int = knob(1, "newest versions of a model that are kept loaded")
    labels: Mapping[str, Mapping[str, int]] = knob(dict, "by model, then label: a version, which is kept loaded")
    decoders: Mapping[str, Mapping[str, Path]] = knob(dict, "by model, then name: a decoder that requests may name")
    max_batch_size: int = knob(32, "rows that are computed at once")
    num_parallel: int = knob(num_cores, "batches that are computed at once")
    max_queue: int = knob(64, "requests that wait for one signature; more are refused with 503")
    max_requests: int = knob(256, "requests that are received or answered at once; more are refused with 429")
    max_request_mb: float = knob(32.0, "of a request, unpacked where it is compressed; a larger one is refused (413)")
    max_rows: int = knob(256, "rows (lines, utterances, streams) of one request; more are refused with 400")
    max_cost_mb: float = knob(1024.0, "of memory that one request may take by prediction; more is refused with 413")
    max_memory_mb: float = knob(3072.0, "of memory that all requests in flight may take; more are refused with 503")
    timeout_s: float = knob(30.0, "seconds for a request to arrive (408), and to be answered (504)")
    drain_s: float = knob(30.0, "seconds that requests in flight have at the end")
    api_keys: tuple[str, ...] = knob((), "one of them must come with every request; none: open to all who reach it")
    tls_certificate: Path | None = knob(None, "PEM file of the certificate chain")
    tls_key: Path | None = knob(None, "PEM file of its private key")
    origins: tuple[str, ...] = knob((), "web pages of other origins that may call, such as https://example.org")
    allowed_hosts: tuple[str, ...] = knob((), "names with a dot that clients may ask for, or *; with keys: any")
    insecure: bool = knob(False, "whether to be silent about a server that is open to its network without keys")
    json_special: str = knob("token", "NaN and Infinity in JSON answers: token, as TensorFlow Serving, or null")
    live: LiveLimits = knob(LiveLimits, "of streams")

    def __post_init__(self):
        for name in (
            "processes",
            "num_versions",
            "max_batch_size",
            "num_parallel",
            "max_queue",
            "max_requests",
            "max_rows",
        ):
            if getattr(self, name) < 1:
                raise ValueError(f"Expected {name} of 1 or more. Received: {getattr(self, name)}.")
        for name in ("poll_s", "max_request_mb", "max_cost_mb", "max_memory_mb", "timeout_s", "drain_s"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"Expected {name} above 0. Received: {getattr(self, name)}.")
        for name, lowest in (("port", 0), ("grpc_port", -1)):
            if not lowest <= getattr(self, name) <= MAX_PORT:
                raise ValueError(f"Expected {name} from {lowest} to {MAX_PORT}. Received: {getattr(self, name)}.")
        if self.json_special not in JSON_SPECIAL:
            raise ValueError(f"Expected json_special of {' or '.join(JSON_SPECIAL)}. Received: {self.json_special}.")
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("TLS needs both a certificate and its key. Received: one of them. Give the other too.")

    @property
    def is_open(self) -> bool:
        """True where others than this machine may ask without a key."""
        return not self.api_keys and self.host not in LOOPBACK and not self.host.startswith("127.")

    @property
    def max_request_bytes(self) -> int:
        """`max_request_mb` in bytes."""
        return round(1e6 * self.max_request_mb)
