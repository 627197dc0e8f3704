"""Routes of live recognition: WebSockets at /live/MODEL, and at / as vosk-server has them; next words by POST.

GET /live lists the models and the limits of a stream; POST /live/next_words completes a text.
"""

import asyncio
import concurrent.futures
import functools
import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from seqapp.serving.server.live.connection import FAILED, POLICY, RESTART, TRY_LATER, Connection, close
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.models import LiveModels
from seqapp.serving.server.live.next_words import parse_next_words
from seqapp.serving.server.live.streams import Streams
from seqapp.serving.server.origins import is_same_origin
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.bodies import read_body
from seqapp.serving.server.rest.responses import json_response, respond
from seqapp.serving.server.settings import Settings
from seqapp.serving.server.time_limit import within

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 100_000  # of a request for next words: it is parsed in the event loop


def live_routes(
    repository, settings: Settings, limits: LiveLimits | None = None, streams: Streams | None = None
) -> list[BaseRoute]:
    """Make the routes.

    Args:
        repository: `Repository`.
        settings: `Settings`.
        limits: `LiveLimits`; by default those of the settings.
        streams: `Streams`, for whoever wants to end them; by default those that the limits allow.
    """
    limits = limits or settings.live
    streams = streams or Streams(limits.max_streams, repository.metrics.streams)
    live = Live(repository, settings, limits, streams)
    return [
        Route("/live", live.describe),
        Route("/live/next_words", live.next_words, methods=["POST"]),
        WebSocketRoute("/live/{name}", live.stream),
        WebSocketRoute("/", live.stream_of_speech),
    ]


class Live:
    """All streams of a server.

    Args:
        repository: `Repository`.
        settings: `Settings`.
        limits: `LiveLimits`.
        streams: `Streams`.
    """

    def __init__(self, repository, settings: Settings, limits: LiveLimits, streams: Streams):
        self._models = LiveModels(repository, limits)
        self._settings = settings
        self._limits = limits
        self._streams = streams
        # They only wait for the queues of the models: one per stream, or streams would not meet there.
        self._threads = concurrent.futures.ThreadPoolExecutor(limits.max_streams, "live")

    async def describe(self, request: Request) -> JSONResponse:
        """List models, and the limits that clients should know."""
        body = {
            "models": await self._run(self._models.describe),
            "loading": self._models.loading(),
            "limits": {"max_points": self._limits.max_points, "max_seconds": self._limits.max_seconds},
        }
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    async def next_words(self, request: Request) -> Response:
        """Predict the words behind a text."""
        return await respond(request, self._next_words(request))

    async def stream_of_speech(self, socket: WebSocket) -> None:
        """Serve the first model of speech, for clients of vosk-server."""
        await self._serve(socket, None)

    async def stream(self, socket: WebSocket) -> None:
        """Serve the model that the path names."""
        await self._serve(socket, socket.path_params["name"])

    async def _next_words(self, request):
        query = parse_next_words(await read_body(request, self._settings, MAX_BODY_BYTES))
        predictor = await self._run(functools.partial(self._models.predictor, query.model))
        predict = functools.partial(predictor.search, query.text, query.count, query.is_beginning)
        words, is_exact = await within(self._settings.timeout_s, self._run(predict))
        return json_response({"words": [vars(word) for word in words], "is_exact": is_exact})

    async def _serve(self, socket, name):
        if not is_same_origin(socket.headers, self._settings.origins):
            error = {"error": f"Expected a page of this server. Received: origin {socket.headers.get('origin')}."}
            await socket.send_denial_response(JSONResponse(error, 403))
            return
        await socket.accept()
        with self._streams.place() as is_place:
            if self._streams.is_ending:
                await close(socket, RESTART, "The server is about to end. Try again later.")
                return
            if not is_place:
                await close(socket, TRY_LATER, f"All {self._limits.max_streams} streams are taken. Try again later.")
                return
            try:
                conversation = await self._run(functools.partial(self._models.conversation, name))
            except Refusal as refusal:
                await close(socket, TRY_LATER if refusal.retry_after_s else POLICY, refusal.message)
            except Exception:
                log.exception("a live stream of %s could not be opened", name)
                await close(socket, FAILED, "The model failed. The server's log says why.")
            else:
                connection = Connection(socket, conversation, self._limits, self._run)
                with self._streams.serving(connection):
                    await connection.serve()

    async def _run(self, function):
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)
