"""Server process: the repository, HTTP and gRPC in one event loop, from start to graceful shutdown."""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from pathlib import Path

import uvicorn

from seqapp.serving.server.application import application
from seqapp.serving.server.grpc_api.server import grpc_server
from seqapp.serving.server.head_timeout import HeadTimeoutProtocol
from seqapp.serving.server.live.streams import Streams
from seqapp.serving.server.loaded_models.repository import Repository
from seqapp.serving.server.settings import Settings

log = logging.getLogger(__name__)

BACKLOG = 1024


def serve(path: str | Path, settings: Settings) -> None:
    """Serve the models of a folder until SIGTERM or SIGINT; then requests in flight are answered.

    Args:
        path: As `find_models` takes it.
        settings: `Settings`.

    Raises:
        OSError: A port is taken, or a file of TLS cannot be read.
    """
    gc.freeze()  # libraries stay: who looks for garbage need not look at them
    gc.enable()
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # what it has to say of a start, is said here
    asyncio.run(_serve(Repository(path, settings), settings))


def warn_if_open(settings: Settings) -> None:
    """Warn where others than this machine may ask without a key, and nobody has said that this is meant."""
    if settings.is_open and not settings.insecure:
        log.warning(
            "anybody who reaches %s may ask, without a key. Give --api-key-file, or --insecure if that is meant.",
            settings.host,
        )


async def _serve(repository, settings):
    listening = _listen(settings)
    streams = Streams(settings.live.max_streams, repository.metrics.streams)
    http = Http(_config(application(repository, settings, streams), settings))
    rpc = rpc_port = None
    if settings.grpc_port >= 0:
        rpc, rpc_port = grpc_server(repository, settings)
    end = asyncio.Event()  # set by a signal
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    if rpc:
        await rpc.start()
    log.info("listening at %s, gRPC at %s", _address(listening, settings), f"port {rpc_port}" if rpc else "none")
    warn_if_open(settings)
    repository.start()
    serving = asyncio.create_task(http.serve([listening]))
    await asyncio.wait([serving, ended := asyncio.create_task(end.wait())], return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    await _drain(repository, streams, http, rpc, serving, settings)


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


def _config(app, settings):
    files = {"ssl_certfile": settings.tls_certificate, "ssl_keyfile": settings.tls_key}
    return uvicorn.Config(
        app, http=HeadTimeoutProtocol, lifespan="off", log_config=None, access_log=False, server_header=False,
        # Streams tell too long a message themselves; theirs are small and many.
        ws_max_size=2 * settings.live.max_message_bytes, ws_max_queue=4, ws_per_message_deflate=False,
        timeout_graceful_shutdown=max(1, round(settings.drain_s)), **(files if settings.tls_key else {}),
    )  # fmt: skip


def _listen(settings):
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise OSError(
            f"Cannot listen at {settings.host}:{settings.port}: {error.strerror}. Give another --port."
        ) from error
    # Inherited by connections: else the body of an answer waits 40 ms until the client has acknowledged its header.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _address(listening, settings):
    host, port = listening.getsockname()[:2]
    return f"{'https' if settings.tls_key else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
