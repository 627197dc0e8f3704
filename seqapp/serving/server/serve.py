"""Server process: the repository, HTTP and gRPC in one event loop, from start to graceful shutdown."""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from pathlib import Path

import grpc
import uvicorn

from seqapp.serving.server.application import application
from seqapp.serving.server.grpc_api.server import grpc_server
from seqapp.serving.server.head_timeout import HeadTimeoutProtocol
from seqapp.serving.server.listening import BACKLOG, address_of, listen, warn_if_open
from seqapp.serving.server.live.streams import Streams
from seqapp.serving.server.loaded_models.repository import Repository
from seqapp.serving.server.settings import Settings

log = logging.getLogger(__name__)


def serve(path: str | Path, settings: Settings) -> None:
    """Serve the models of a folder until SIGTERM or SIGINT; then requests in flight are answered.

    Args:
        path: As `find_models` takes it.
        settings: `Settings`.

    Raises:
        OSError: A port is taken, or a file of TLS cannot be read.
    """
    be_quiet()
    asyncio.run(_serve(Repository(path, settings), settings))


def be_quiet() -> None:
    """Prepare the process for serving: few looks for garbage, and no notes of uvicorn's on its start."""
    gc.freeze()  # libraries stay: who looks for garbage need not look at them
    gc.enable()
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # what it has to say of a start, is said here


def end_by_signal() -> asyncio.Event:
    """Make an event that is set by SIGTERM, SIGINT and SIGQUIT. For the running event loop."""
    end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    return end


async def answer(
    repository: Repository, settings: Settings, listening: socket.socket, rpc: grpc.aio.Server | None,
    end: asyncio.Event, backlog: int = BACKLOG,
) -> None:  # fmt: skip
    """Answer until an event is set; then requests in flight are answered.

    Args:
        repository: `Repository`, which is started.
        settings: `Settings`.
        listening: Socket of HTTP.
        rpc: Server of gRPC, which is started.
        end: Set when the server shall end.
        backlog: Connections that are taken at once.
    """
    streams = Streams(settings.live.max_streams, repository.metrics.streams)
    http = Http(_config(application(repository, settings, streams), settings, backlog))
    serving = asyncio.create_task(http.serve([listening]))
    repository.metrics.processes.set(1)
    await asyncio.wait([serving, ended := asyncio.create_task(end.wait())], return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    repository.metrics.processes.set(0)
    await _drain(repository, streams, http, rpc, serving, settings)


async def _serve(repository, settings):
    listening = listen(settings)
    rpc = rpc_port = None
    if settings.grpc_port >= 0:
        rpc, rpc_port = grpc_server(repository, settings)
    end = end_by_signal()
    if rpc:
        await rpc.start()
    log.info("listening at %s, gRPC at %s", address_of(listening, settings), f"port {rpc_port}" if rpc else "none")
    warn_if_open(settings)
    repository.start()
    await answer(repository, settings, listening, rpc, end)


async def _drain(repository, streams, http, rpc, serving, settings):
    """Take no more requests, and answer those in flight; streams first, since uvicorn closes them without a word."""
    log.info("ending: requests in flight have %g s", settings.drain_s)
    repository.is_draining = True
    await streams.end(settings.drain_s)
    http.should_exit = True
    await asyncio.gather(serving, *([rpc.stop(settings.drain_s)] if rpc else []))
    await asyncio.to_thread(repository.close)
    log.info("ended")


class Http(uvicorn.Server):
    """`uvicorn.Server` without signal handlers: it would end the process by the signal again, as if it had failed."""

    @contextlib.contextmanager
    def capture_signals(self):
        yield


def _config(app, settings, backlog):
    files = {"ssl_certfile": settings.tls_certificate, "ssl_keyfile": settings.tls_key}
    return uvicorn.Config(
        app, http=HeadTimeoutProtocol, lifespan="off", log_config=None, backlog=backlog, access_log=False,
        server_header=False,
        # Streams tell too long a message themselves; theirs are small and many.
        ws_max_size=2 * settings.live.max_message_bytes, ws_max_queue=4, ws_per_message_deflate=False,
        timeout_graceful_shutdown=max(1, round(settings.drain_s)), **(files if settings.tls_key else {}),
    )  # fmt: skip
