"""The REST contract of TensorFlow Serving under /v1/, and beside it :transcribe, which takes files as they are.

    curl localhost:8501/v1/models/unipen
    curl localhost:8501/v1/models/unipen/metadata
    curl -d '{"instances": [{"points": [[0, 0, 0, 0], [3, 4, 0.1, 1]], "lengths": 2}]}' \\
        localhost:8501/v1/models/unipen:predict
    curl --data-binary @recording.flac localhost:8501/v1/models/an4:transcribe

Reference: https://www.tensorflow.org/tfx/serving/api_rest
"""

import asyncio
import json
import logging
import time

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from seqapp.serving.server.model_messages import metadata_json, status_json
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.bodies import read_body
from seqapp.serving.server.rest.call import Call, parse_call
from seqapp.serving.server.rest.predict_json import parse_inputs, parse_object, signature_name, write_outputs
from seqapp.serving.server.rest.upload import Transcription
from seqapp.serving.server.time_limit import within

log = logging.getLogger(__name__)

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]  # all are answered here: others than two with an error
NO_MODEL = "none"  # in metrics: names that nobody serves would make a series each


def rest_routes(repository, settings) -> list[Route]:
    """The routes.

    Args:
        repository: `Repository`.
        settings: `Settings`.
    """
    return [Route("/v1/{rest:path}", Rest(repository, settings).answer, methods=METHODS)]


class Rest:
    """Answers requests; arguments as `rest_routes`."""

    def __init__(self, repository, settings):
        self._repository, self._settings = repository, settings

    async def answer(self, request: Request) -> Response:
        start, call = time.perf_counter(), Call("malformed", NO_MODEL, None, None)
        try:
            call = parse_call(request.method, request.url.path)
            response = Response(await self._body(call, request), media_type="application/json")
        except Refusal as refusal:
            response = refused(refusal)
        except ClientDisconnect:
            response = Response(status_code=499)
        except Exception:
            log.exception("%s %s", request.method, request.url.path)
            response = refused(Refusal("INTERNAL", "The server made a mistake; its log says which."))
        name = call.name if call.name in self._repository.names() else NO_MODEL
        self._repository.metrics.request(name, call.verb, response.status_code, time.perf_counter() - start)
        return response

    async def _body(self, call, request):
        if call.verb == "status":
            return _written(status_json(self._repository.statuses(*call.place)))
        if call.verb == "metadata":
            return _written(metadata_json(self._repository.model(*call.place)))
        body = await read_body(request, self._settings)
        answer = {"predict": self._predict, "transcribe": self._transcribe}.get(call.verb, self._examples)
        return await within(self._settings.timeout_s, answer(call, body))

    async def _predict(self, call, body):
        future, format = await asyncio.to_thread(self._submit, call, body)
        outputs = await asyncio.wrap_future(future)
        return await asyncio.to_thread(write_outputs, outputs, format)

    def _submit(self, call, body):
        """The computation of a request, and the format of its answer; in a thread, since bodies may be large."""
        request = parse_object(body)
        name, model = signature_name(request), self._repository.model(*call.place)
        if name not in model.signatures:
            raise Refusal("INVALID_ARGUMENT", f'Serving signature name: "{name}" not found in signature def')
        inputs, format = parse_inputs(request, model.signatures[name].inputs)
        return model.submit(name, inputs), format

    async def _transcribe(self, call, body):
        transcription = Transcription(self._repository.model(*call.place))
        future = await asyncio.to_thread(transcription.submit, body)
        return _written(transcription.describe(await asyncio.wrap_future(future)))

    async def _examples(self, call, body):
        """:classify and :regress, for which models of ours have no signatures."""
        request = parse_object(body)
        if not isinstance(request.get("examples"), list) or not request["examples"]:
            raise Refusal("INVALID_ARGUMENT", f"When method is {call.verb}, key 'examples' is expected as a list")
        refuse_examples(self._repository.model(*call.place), signature_name(request), call.verb)


def refuse_examples(model, name, verb):
    """Why a `Model` cannot "classify" or "regress".

    Raises:
        Refusal: INVALID_ARGUMENT, always.
    """
    if name not in model.signature_defs:
        raise Refusal("INVALID_ARGUMENT", f"No signature was found with the name: {name}")
    kind = {"classify": "classification", "regress": "regression"}[verb]
    raise Refusal(
        "INVALID_ARGUMENT",
        f"Expected {kind} signature method_name to be tensorflow/serving/{verb}. "
        f"Was: {model.signature_defs[name].method_name}",
    )


def refused(refusal: Refusal) -> Response:
    """An error as TensorFlow Serving writes it."""
    headers = {} if refusal.retry_after_s is None else {"Retry-After": str(refusal.retry_after_s)}
    return Response(_written({"error": refusal.message}), refusal.http_status, headers, "application/json")


def _written(found):
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")
