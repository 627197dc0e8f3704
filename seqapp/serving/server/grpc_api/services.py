"""gRPC services of TensorFlow Serving, PredictionService and ModelService, by the classes of tensorflow-serving-api.

Reference: https://github.com/tensorflow/serving/tree/master/tensorflow_serving/apis
"""

import asyncio
import concurrent.futures
import contextlib
import logging
import time

import grpc
from tensorflow_serving.apis import predict_pb2
from tensorflow_serving.apis.model_service_pb2_grpc import ModelServiceServicer
from tensorflow_serving.apis.prediction_service_pb2_grpc import PredictionServiceServicer

from seqapp.serving.server.grpc_api.predict_words import words_of
from seqapp.serving.server.grpc_api.tensor_messages import claimed_bytes, to_array, to_message
from seqapp.serving.server.model_messages import METADATA_FIELD, metadata_message, status_message
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest import predict_words
from seqapp.serving.server.rest.predict_json import DEFAULT_SIGNATURE
from seqapp.serving.server.rest.routes import NO_MODEL, refuse_examples
from seqapp.serving.server.settings import Settings
from seqapp.serving.server.time_limit import within

log = logging.getLogger(__name__)

ARRAY_COPIES = 2  # of a tensor while it is converted


class Service:
    """Base of both services: finds models, and turns refusals into statuses.

    Args:
        repository: `Repository`.
        settings: `Settings`.
    """

    def __init__(self, repository, settings: Settings):
        self._repository = repository
        self._settings = settings

    def _model(self, spec):
        return self._repository.model(*_place(spec))

    @contextlib.asynccontextmanager
    async def _answering(self, context, method, spec):
        """Turn a Refusal inside into the status of the call, and count the call."""
        start = time.perf_counter()
        status = "OK"
        try:
            try:
                yield
            except Refusal as refusal:
                status = refusal.code
                if refusal.retry_after_s is not None:
                    context.set_trailing_metadata((("retry-after", str(refusal.retry_after_s)),))
                await context.abort(grpc.StatusCode[refusal.code], refusal.message)
            except asyncio.CancelledError:
                status = "CANCELLED"
                raise
            except Exception:
                status = "INTERNAL"
                log.exception("%s", method)
                await context.abort(grpc.StatusCode.INTERNAL, "The server made a mistake; its log says which.")
        finally:
            name = spec.name if spec.name in self._repository.names() else NO_MODEL
            self._repository.metrics.request(name, method, status, time.perf_counter() - start)


class PredictionService(Service, PredictionServiceServicer):
    """Predict and GetModelMetadata; the others are answered as TensorFlow Serving does for models without them.

    Beside TensorFlow Serving's, Predict takes words that a recogniser should mind: `words_of`.

    Args:
        repository: `Repository`.
        settings: `Settings`.
    """

    def __init__(self, repository, settings: Settings):
        super().__init__(repository, settings)
        self._searching = concurrent.futures.ThreadPoolExecutor(settings.num_parallel, "searching")

    async def Predict(self, request, context):
        async with self._answering(context, "predict", request.model_spec):
            return await within(self._seconds(context), self._predict(request))

    async def GetModelMetadata(self, request, context):
        async with self._answering(context, "metadata", request.model_spec):
            if list(request.metadata_field) != [METADATA_FIELD]:
                fields = list(request.metadata_field)[:9]
                raise Refusal("INVALID_ARGUMENT", f"Expected metadata_field [{METADATA_FIELD}]. Received: {fields}.")
            return metadata_message(self._model(request.model_spec))

    async def Classify(self, request, context):
        async with self._answering(context, "classify", request.model_spec):
            self._refuse(request.model_spec, "classify")

    async def Regress(self, request, context):
        async with self._answering(context, "regress", request.model_spec):
            self._refuse(request.model_spec, "regress")

    async def MultiInference(self, request, context):
        spec = request.tasks[0].model_spec if request.tasks else predict_pb2.PredictRequest().model_spec
        async with self._answering(context, "multi_inference", spec):
            self._refuse(spec, "classify")

    async def _predict(self, request):
        model = self._model(request.model_spec)
        name = request.model_spec.signature_name or DEFAULT_SIGNATURE
        keys = _output_keys(model, name, request.output_filter)
        if words := await asyncio.to_thread(words_of, request.inputs, model, name):
            search = self._searching.submit(self._search, model, name, request, words)
            return await asyncio.to_thread(_response, model, name, await asyncio.wrap_future(search))
        outputs = await asyncio.wrap_future(await asyncio.to_thread(self._submit, model, name, request))
        return await asyncio.to_thread(_response, model, name, {key: outputs[key] for key in keys})

    def _refuse(self, spec, verb):
        refuse_examples(self._model(spec), spec.signature_name or DEFAULT_SIGNATURE, verb)

    def _submit(self, model, name, request):
        return model.submit(name, self._arrays(model, name, request))

    def _search(self, model, name, request, words):
        arrays = self._arrays(model, name, request)
        return predict_words.predict(model, arrays, words, request.output_filter)

    def _arrays(self, model, name, request):
        """Arrays of a request by name; None of those that the signature does not know, words apart."""
        specs = model.signatures[name].inputs
        messages = {key: message for key, message in request.inputs.items() if key in specs}
        with self._repository.budget.reserved(self._megabytes(model, messages, specs)):
            arrays = {key: to_array(message, specs[key]) for key, message in messages.items()}
        return arrays | dict.fromkeys(request.inputs.keys() - specs.keys() - predict_words.MOST.keys())

    def _megabytes(self, model, messages, specs):
        """Predict the memory of arrays before they are made."""
        max_bytes = self._settings.max_request_bytes
        max_rows = self._settings.max_rows if model.sense else None
        bytes_ = [claimed_bytes(message, specs[key], max_bytes, max_rows) for key, message in messages.items()]
        return ARRAY_COPIES * sum(bytes_) / 1e6

    def _seconds(self, context):
        """Seconds until the client gives up, or the server does."""
        left = context.time_remaining()
        return self._settings.timeout_s if left is None else min(left, self._settings.timeout_s)


class ModelService(Service, ModelServiceServicer):
    """GetModelStatus; versions follow the folder, so that HandleReloadConfigRequest stays unimplemented.

    Args:
        repository: `Repository`.
        settings: `Settings`.
    """

    async def GetModelStatus(self, request, context):
        async with self._answering(context, "status", request.model_spec):
            return status_message(self._repository.statuses(*_place(request.model_spec)))


def _place(spec):
    """Arguments of `Repository.model` and `Repository.statuses`."""
    choice = spec.WhichOneof("version_choice")
    version = spec.version.value if choice == "version" else None
    return spec.name, version, spec.version_label or None


def _output_keys(model, name, output_filter):
    """List the names of the outputs to give."""
    if name not in model.signatures:
        raise Refusal("FAILED_PRECONDITION", f'Serving signature key "{name}" not found.')
    outputs = model.signatures[name].outputs
    keys = list(output_filter)
    for key in keys:
        if key not in outputs:
            reason = f"output tensor alias not found in signature: {key} of {sorted(outputs)}"
            raise Refusal("INVALID_ARGUMENT", reason)
    if len(set(keys)) < len(keys):
        raise Refusal("INVALID_ARGUMENT", f"duplicate output tensor alias in {keys[:9]}")
    return keys or list(outputs)


def _response(model, name, outputs):
    response = predict_pb2.PredictResponse()
    response.model_spec.name = model.name
    response.model_spec.signature_name = name
    response.model_spec.version.value = model.version
    for key, array in outputs.items():
        response.outputs[key].CopyFrom(to_message(array))
    return response
