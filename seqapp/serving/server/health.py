"""Health and metrics routes for operators: /healthz, /readyz, /metrics."""

import contextlib

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seqapp.serving.server.refusal import Refusal

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def health_routes(repository) -> list[Route]:
    """Make the routes; metrics are also where TensorFlow Serving has them.

    Args:
        repository: `Repository`.
    """

    async def alive(request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(request: Request) -> Response:
        models = {}
        for name in repository.names():
            with contextlib.suppress(Refusal):  # it went meanwhile
                models[name] = repository.model(name).version
        is_ready = repository.is_ready
        body = {"ready": is_ready, "models": models, "states": repository.states()}
        if repository.settings.processes > 1:
            body["processes"] = {"ready": repository.metrics.num_processes(), "of": repository.settings.processes}
        return JSONResponse(body, 200 if is_ready else 503)

    async def metrics(request: Request) -> Response:
        return Response(repository.metrics.page(), media_type=PROMETHEUS)

    return [
        Route("/healthz", alive),
        Route("/readyz", ready),
        Route("/metrics", metrics),
        Route("/monitoring/prometheus/metrics", metrics),
    ]
