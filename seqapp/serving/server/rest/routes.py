"""REST routes: TensorFlow Serving's contract under /v1/, and beside it :transcribe, which takes files as they are.

    curl localhost:8501/v1/models/unipen
    curl localhost:8501/v1/models/unipen/metadata
    curl -d '{"instances": [{"points": [[0, 0, 0, 0], [3, 4, 0.1, 1]], "lengths": 2}]}' \\
        localhost:8501/v1/models/unipen:predict
    curl --data-binary @recording.flac localhost:8501/v1/models/an4:transcribe
    curl --data-binary @page.jpg localhost:8501/v1/models/copiste:transcribe
    curl -d '{"instances": [...], "hotwords": ["Ada Lovelace"], "language_model": "none"}' \\
        localhost:8501/v1/models/unipen:predict
    curl -F file=@recording.flac -F hotwords="Ada Lovelace" localhost:8501/v1/models/an4:transcribe
    curl -F file=@recording.flac -F language_model=none localhost:8501/v1/models/an4:transcribe

Reference: https://www.tensorflow.org/tfx/serving/api_rest
"""

import asyncio
import concurrent.futures
import functools
import time

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seqapp.serving.server.budget import JsonCount, json_megabytes
from seqapp.serving.server.model_messages import metadata_json, status_json
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest import predict_words
from seqapp.serving.server.rest.bodies import read_body
from seqapp.serving.server.rest.call import Call, parse_call
from seqapp.serving.server.rest.disconnect import while_connected
from seqapp.serving.server.rest.page_upload import served_line_finder
from seqapp.serving.server.rest.predict_json import (
    check_rows,
    parse_inputs,
    parse_object,
    signature_name,
    write_outputs,
)
from seqapp.serving.server.rest.responses import ReservedResponse, json_response, refused, respond
from seqapp.serving.server.rest.upload import LANGUAGE_MODEL, MOST, Transcription, language_model_of, words_of
from seqapp.serving.server.settings import Settings
from seqapp.serving.server.time_limit import within

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]  # all are answered here: others than two with an error
NO_MODEL = "none"  # in metrics: names that nobody serves would make a series each
BYTES_PER_JSON_OUTPUT = 200  # of a value: its object, and its digits twice
MALFORMED = Call("malformed", NO_MODEL, None, None)


def rest_routes(repository, settings: Settings) -> list[Route]:
    """Make the routes.

    Args:
        repository: `Repository`.
        settings: `Settings`.
    """
    return [Route("/v1/{rest:path}", Rest(repository, settings).answer, methods=METHODS)]


class Rest:
    """The handler of all paths under /v1/.

    Args:
        repository: `Repository`.
        settings: `Settings`.
    """

    def __init__(self, repository, settings: Settings):
        self._repository = repository
        self._settings = settings
        self._decoding, self._searching = (
            concurrent.futures.ThreadPoolExecutor(settings.num_parallel, name) for name in ("decoding", "searching")
        )

    async def answer(self, request: Request) -> Response:
        """Answer a request, and count it."""
        start = time.perf_counter()
        try:
            call = parse_call(request.method, request.url.path)
        except Refusal as refusal:
            call = MALFORMED
            response = refused(refusal)
        else:
            response = await respond(request, self._response(call, request))
        name = call.name if call.name in self._repository.names() else NO_MODEL
        self._repository.metrics.request(name, call.verb, response.status_code, time.perf_counter() - start)
        return response

    async def _response(self, call, request):
        if call.verb == "status":
            return json_response(status_json(self._repository.statuses(*call.place)))
        if call.verb == "metadata":
            return json_response(metadata_json(self._repository.model(*call.place)))
        with self._repository.budget.growing() as grow:
            check = functools.partial(self._check_part, JsonCount(), call.verb, grow)
            body = await read_body(request, self._settings, check=check)
            query = {name: request.query_params.getlist(name) for name in (*MOST, LANGUAGE_MODEL)}
            transcribe = functools.partial(self._transcribe, request.headers.get("content-type", ""), query)
            answer = {"predict": self._predict, "transcribe": transcribe}.get(call.verb, self._examples)
            work = while_connected(request, answer(call, body))
            return await within(self._settings.timeout_s, work)

    def _check_part(self, count, verb, grow, part):
        """Reserve a part of a body, and refuse one of JSON as soon as it has more values than may be parsed."""
        grow(len(part) / 1e6)
        if verb != "transcribe":
            self._repository.budget.check(count.add(part))

    async def _predict(self, call, body):
        future, format = await asyncio.to_thread(self._submit, call, body)
        outputs = await asyncio.wrap_future(future)
        return ReservedResponse(await asyncio.to_thread(self._write, outputs, format), self._repository.budget)

    def _write(self, outputs, format):
        num_values = sum(array.size for array in outputs.values())
        with self._repository.budget.reserved(num_values * BYTES_PER_JSON_OUTPUT / 1e6):
            keys = predict_words.IGNORED.values() & outputs.keys()
            ignored = {key: [name.decode("utf-8") for name in outputs[key]] for key in sorted(keys)}
            columns = {name: array for name, array in outputs.items() if name not in ignored}
            return write_outputs(columns, format, self._settings.json_special, ignored)

    def _submit(self, call, body):
        """Submit the computation of a request; its future, and the format of the answer. For a thread, since bodies
        may be large.
        """
        with self._repository.budget.reserved(_parsing_megabytes(body)):
            request = parse_object(body)
            name = signature_name(request)
            model = self._repository.model(*call.place)
            if name not in model.signatures:
                raise Refusal("INVALID_ARGUMENT", f'Serving signature name: "{name}" not found in signature def')
            if model.sense:  # before arrays are made of them
                check_rows(request, self._settings.max_rows)
            words = predict_words.words_of(request, model, name)
            inputs, format = parse_inputs(request, model.signatures[name].inputs)
        if words:
            return self._searching.submit(predict_words.predict, model, inputs, words, ()), format
        return model.submit(name, inputs), format

    async def _transcribe(self, content_type, query, call, body):
        model = self._repository.model(*call.place)
        open_line_finder = functools.partial(served_line_finder, self._repository)
        transcription = Transcription(
            model, self._repository.budget, self._settings.max_request_bytes, open_line_finder
        )
        words = await asyncio.to_thread(words_of, content_type, body, query)
        language_model = await asyncio.to_thread(language_model_of, content_type, body, query)
        if words or language_model:
            reading = self._searching.submit(transcription.read, content_type, body, words, language_model)
            return json_response(await asyncio.wrap_future(reading))
        decoding = self._decoding.submit(transcription.submit, content_type, body)
        try:
            future = await asyncio.wrap_future(decoding)
        except asyncio.CancelledError:  # its thread goes on, but nobody waits for what it submits in the end
            decoding.add_done_callback(_cancel_submitted)
            raise
        return json_response(transcription.describe(await asyncio.wrap_future(future)))

    async def _examples(self, call, body):
        """Refuse :classify and :regress, for which models of ours have no signatures."""
        await asyncio.to_thread(self._refuse_examples, call, body)

    def _refuse_examples(self, call, body):
        with self._repository.budget.reserved(_parsing_megabytes(body)):
            request = parse_object(body)
        if not isinstance(request.get("examples"), list) or not request["examples"]:
            raise Refusal("INVALID_ARGUMENT", f"When method is {call.verb}, key 'examples' is expected as a list")
        refuse_examples(self._repository.model(*call.place), signature_name(request), call.verb)


def refuse_examples(model, name: str, verb: str) -> None:
    """Say why a model cannot "classify" or "regress".

    Args:
        model: `Model`.
        name: Of the signature that was asked for.
        verb: "classify" or "regress".

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


def _parsing_megabytes(body):
    """Predict what a thread holds that parses JSON: the body too, which may be nobody else's any more."""
    return json_megabytes(body) + len(body) / 1e6


def _cancel_submitted(decoding):
    if not decoding.cancelled() and not decoding.exception():
        decoding.result().cancel()
