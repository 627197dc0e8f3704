"""What those ask who look after servers: is it alive, is it ready, and how much does it do."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def health_routes(repository) -> list[Route]:
    """/healthz, /readyz and /metrics of a `Repository`; the last also where TensorFlow Serving has it."""

    async def alive(request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(request: Request) -> Response:
        models = {name: repository.model(name).version for name in repository.names()}
        is_ready = repository.is_ready
        found = {"ready": is_ready, "models": models, "states": repository.states()}
        return JSONResponse(found, 200 if is_ready else 503)

    async def metrics(request: Request) -> Response:
        return Response(repository.metrics.page(), media_type=PROMETHEUS)

    return [
        Route("/healthz", alive),
        Route("/readyz", ready),
        Route("/metrics", metrics),
        Route("/monitoring/prometheus/metrics", metrics),
    ]
