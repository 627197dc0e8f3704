"""WebSockets of whoever writes or speaks: /live/MODEL; and at / too, where clients of vosk-server look for speech.

GET /live says which models there are and what a stream may cost; POST /live/next_words completes a text.
"""

import asyncio
import concurrent.futures
import contextlib
import functools
import json
import urllib.parse

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from seqapp.serving.server.live.connection import POLICY, TRY_LATER, Connection, close
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.message import BadMessage, number
from seqapp.serving.server.live.models import LiveModels
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.bodies import read_body
from seqapp.serving.server.rest.routes import refused
from seqapp.serving.server.time_limit import within

MOST_WORDS, LONGEST_CONTEXT = 20, 2_000  # characters: what stands further back hardly matters to the next word


def live_routes(repository, settings, limits: LiveLimits | None = None) -> list[BaseRoute]:
    """The routes.

    Args:
        repository: `Repository`.
        settings: `Settings`.
        limits: `LiveLimits`; by default those of the settings.
    """
    live = Live(repository, settings, limits or settings.live)
    return [
        Route("/live", live.describe),
        Route("/live/next_words", live.next_words, methods=["POST"]),
        WebSocketRoute("/live/{name}", live.stream),
        WebSocketRoute("/", live.stream_of_speech),
    ]


class Live:
    """All streams of a server; arguments as `live_routes`."""

    def __init__(self, repository, settings, limits):
        self._models, self._settings, self._limits = LiveModels(repository, limits), settings, limits
        self._streams_gauge, self._num_streams = repository.metrics.streams, 0
        # They only wait for the queues of the models: one a stream, or streams would not meet there.
        self._threads = concurrent.futures.ThreadPoolExecutor(limits.max_streams, "live")

    async def describe(self, request: Request) -> JSONResponse:
        limits = {"max_points": self._limits.max_points, "max_seconds": self._limits.max_seconds}
        loading, models = self._models.loading(), await self._run(self._models.describe)
        found = {"models": models, "loading": loading, "limits": limits}
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    async def next_words(self, request: Request) -> JSONResponse:
        """{"model": NAME, "text": "so far", "count": 5, "is_beginning": false} to {"words", "is_exact"}."""
        try:
            asked = json.loads(await read_body(request, self._settings))
            name, text = asked["model"], asked["text"]
            count, is_beginning = int(number(asked, "count", 1, MOST_WORDS, 5)), bool(asked.get("is_beginning"))
            if not isinstance(name, str) or not isinstance(text, str):
                raise BadMessage("Expected model and text as strings.")
            predictor = await self._run(functools.partial(self._models.predictor, name))
            predict = functools.partial(predictor.search, text[-LONGEST_CONTEXT:], count, is_beginning)
            words, is_exact = await within(self._settings.timeout_s, self._run(predict))
        except Refusal as refusal:
            return refused(refusal)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            return JSONResponse({"error": f'Expected {{"model", "text", "count"}}: {error}'}, 400)
        return JSONResponse({"words": [vars(word) for word in words], "is_exact": is_exact})

    async def stream_of_speech(self, socket: WebSocket) -> None:
        await self._serve(socket, None)

    async def stream(self, socket: WebSocket) -> None:
        await self._serve(socket, socket.path_params["name"])

    async def _serve(self, socket, name):
        if not _is_welcome(socket, self._settings.origins):
            refusal = {"error": f"Expected a page of this server. Received: origin {socket.headers['origin']}."}
            await socket.send_denial_response(JSONResponse(refusal, 403))
            return
        await socket.accept()
        with self._counted() as is_place:
            if not is_place:
                await close(socket, TRY_LATER, f"All {self._limits.max_streams} streams are taken. Try again later.")
                return
            try:
                conversation = await self._run(functools.partial(self._models.conversation, name))
            except Refusal as refusal:
                await close(socket, TRY_LATER if refusal.retry_after_s else POLICY, refusal.message)
            except ValueError as error:
                await close(socket, POLICY, str(error))
            else:
                await Connection(socket, conversation, self._limits, self._run).serve()

    @contextlib.contextmanager
    def _counted(self):
        """Whether there is a place for one stream more, which is taken meanwhile."""
        is_place = self._num_streams < self._limits.max_streams
        self._num_streams += is_place
        self._streams_gauge.set(self._num_streams)
        try:
            yield is_place
        finally:
            self._num_streams -= is_place
            self._streams_gauge.set(self._num_streams)

    async def _run(self, function):
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)


def _is_welcome(socket, origins):
    """Whether no page of another origin asks: browsers let any page open a WebSocket, unlike a request."""
    origin = socket.headers.get("origin")
    if origin is None or origin in origins or "*" in origins:
        return True
    return urllib.parse.urlsplit(origin).netloc == socket.headers.get("host")
