"""Host and Origin checks against DNS rebinding and requests of foreign web pages (CSRF).

A browser sends simple requests, files too, to any server that any page names, and a page whose name suddenly resolves
to 127.0.0.1 even reads the answers. Starlette's TrustedHostMiddleware takes names only; here every address is taken,
and every name without a dot, since neither can be bought by a stranger.
"""

import ipaddress
import socket
import urllib.parse

from starlette.datastructures import Headers

from seqapp.serving.server.settings import Settings


def is_trusted_host(headers: Headers, settings: Settings) -> bool:
    """Tell whether the name under which a client asks is one of this server.

    Args:
        headers: Of the request.
        settings: `Settings`; with API keys any name is taken, since no page of a stranger has one.
    """
    name = _name_of(headers.get("host", ""))
    if settings.api_keys or "*" in settings.allowed_hosts or "." not in name:
        return True
    own = socket.gethostname().lower()
    names = (*settings.allowed_hosts, settings.host.lower(), own, f"{own}.local")
    return _is_address(name) or name in names or name.endswith(".localhost")


def is_same_origin(headers: Headers, origins: tuple[str, ...]) -> bool:
    """Tell whether no page of another origin asks; programs other than browsers send no origin.

    Args:
        headers: Of the request.
        origins: Of other pages that may ask; "*": any.
    """
    origin = headers.get("origin")
    if origin is None:
        return "*" in origins or headers.get("sec-fetch-site") != "cross-site"
    return origin in origins or "*" in origins or urllib.parse.urlsplit(origin).netloc == headers.get("host")


def _is_address(name):
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _name_of(host):
    try:
        return (urllib.parse.urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:  # brackets that are not closed: of no name of ours
        return "."
