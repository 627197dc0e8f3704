"""Starlette application of all that is reached over HTTP: REST, files, health, metrics, WebSockets, the page."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from seqapp.serving.page import page_routes
from seqapp.serving.server.admission import Admission
from seqapp.serving.server.health import health_routes
from seqapp.serving.server.live.routes import live_routes
from seqapp.serving.server.live.streams import Streams
from seqapp.serving.server.loaded_models.repository import Repository
from seqapp.serving.server.rest.routes import rest_routes
from seqapp.serving.server.rest.slow_refusals import SlowRefusals
from seqapp.serving.server.settings import Settings


def application(repository: Repository, settings: Settings, streams: Streams | None = None) -> Starlette:
    """Assemble routes and middleware.

    Args:
        repository: `Repository`; who starts the application has started it.
        settings: `Settings`.
        streams: `Streams`, for whoever wants to end them.
    """
    routes = [
        *rest_routes(repository, settings),
        *health_routes(repository),
        *live_routes(repository, settings, streams=streams),
        *page_routes(),
    ]
    middleware = [Middleware(SlowRefusals), Middleware(Admission, settings, repository.metrics)]
    if settings.origins:
        allowed = {"allow_origins": list(settings.origins), "allow_methods": ["GET", "POST"], "allow_headers": ["*"]}
        middleware.insert(0, Middleware(CORSMiddleware, **allowed))  # outside: refusals, too, are for their eyes
    return Starlette(routes=routes, middleware=middleware, exception_handlers={HTTPException: _error})


async def _error(request: Request, error: HTTPException) -> Response:
    """Answer a path that nobody knows in the shape of all other errors."""
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)
