"""Supervisor of several server processes behind one port, by gunicorn's arbiter.

The supervisor never imports TensorFlow: its threads would not survive a fork. Each worker does, after its fork.
"""

import contextlib
import dataclasses
import logging
import os
import shutil
import socket
import tempfile
from pathlib import Path

import gunicorn.app.base

from seqapp.serving.server.listening import address_of, listen, warn_if_open
from seqapp.serving.server.settings import Settings

log = logging.getLogger(__name__)

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client looks at it when it is imported
SILENT_S = 120  # of an event loop, after which a worker is replaced; loading models holds it up for seconds
GRACE_S = 10  # beyond the time for requests in flight


def serve_by_processes(path: str | Path, settings: Settings) -> None:
    """Serve the models of a folder by `settings.processes` processes until SIGTERM or SIGINT.

    A process that dies is replaced. The others go on taking connections: all of them listen at one socket.

    Args:
        path: As `find_models` takes it.
        settings: `Settings`.

    Raises:
        OSError: A port is taken.
        SystemExit: Always, at the end.
    """
    folder = tempfile.mkdtemp(prefix="seqapp_metrics_")
    os.environ[METRICS_FOLDER] = folder
    supervisor = os.getpid()
    try:
        with listen(settings) as listening, _reserved(settings) as grpc_port:
            log.info(
                "%d processes, listening at %s, gRPC at %s", settings.processes, address_of(listening, settings),
                "none" if grpc_port is None else f"port {grpc_port}",
            )  # fmt: skip
            warn_if_open(settings)
            if grpc_port is not None:
                settings = dataclasses.replace(settings, grpc_port=grpc_port)
            Supervisor(Path(path), settings, listening).run()
    finally:
        if os.getpid() == supervisor:  # workers leave by here too
            shutil.rmtree(folder, ignore_errors=True)


class Supervisor(gunicorn.app.base.BaseApplication):
    """gunicorn's application: its configuration, and what workers need to know. They inherit it by fork.

    Args:
        path: Folder of models.
        settings: `Settings`.
        listening: Socket that all workers take connections from.
    """

    def __init__(self, path: Path, settings: Settings, listening: socket.socket):
        self.path = path
        self.settings = settings
        self.listening = listening
        super().__init__()

    def load_config(self) -> None:
        """Configure gunicorn."""
        configuration = {
            "bind": f"fd://{os.dup(self.listening.fileno())}",  # gunicorn closes what it was given
            "workers": self.settings.processes,
            "worker_class": "seqapp.serving.server.processes.worker.ModelWorker",
            "timeout": SILENT_S,
            "graceful_timeout": round(self.settings.drain_s) + GRACE_S,
            "loglevel": "warning",
            "control_socket_disable": True,
            "child_exit": _forget,
        }
        for name, value in configuration.items():
            self.cfg.set(name, value)

    def load(self) -> None:
        """Nothing: a worker loads its models itself."""


def _forget(arbiter, worker):
    """Take a process that has ended out of the gauges of all."""
    log.info("process %s has ended", worker.pid)
    from seqapp.serving.server.process_metrics import forget

    forget(worker.pid, Path(os.environ[METRICS_FOLDER]))


@contextlib.contextmanager
def _reserved(settings):
    """Reserve the port of gRPC, whose servers each listen themselves; yield it, or None."""
    if settings.grpc_port < 0:
        yield None
        return
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    address = settings.host, settings.grpc_port
    try:
        with socket.create_server(address, family=family) as alone:  # whoever shares a port would not see a stranger
            port = alone.getsockname()[1]
    except OSError as error:
        raise OSError(f"gRPC cannot listen at {address[0]}:{address[1]}: {error}. Give another --grpc-port.") from error
    with socket.socket(family) as reserving:  # bound and silent: connections go to those who listen
        reserving.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserving.bind((settings.host, port))
        yield port
