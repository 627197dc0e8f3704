"""Listening sockets of the server: one of its own, or one that several processes share."""

import logging
import socket

from seqapp.serving.server.settings import Settings

log = logging.getLogger(__name__)

BACKLOG = 1024


def listen(settings: Settings) -> socket.socket:
    """Open the socket of HTTP.

    Raises:
        OSError: The port is taken.
    """
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


class SharedSocket(socket.socket):
    """Listening socket of several processes.

    An event loop takes as many connections at once as its backlog says, and sets that of the socket to it: with 1, and
    this class, connections are shared out, and as many may wait as before.
    """

    def listen(self, backlog: int = BACKLOG) -> None:
        """Leave the socket as it is."""


def address_of(listening: socket.socket, settings: Settings) -> str:
    """Write the URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"{'https' if settings.tls_key else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"


def warn_if_open(settings: Settings) -> None:
    """Warn where others than this machine may ask without a key, and nobody has said that this is meant."""
    if settings.is_open and not settings.insecure:
        log.warning(
            "anybody who reaches %s may ask, without a key. Give --api-key-file, or --insecure if that is meant.",
            settings.host,
        )
