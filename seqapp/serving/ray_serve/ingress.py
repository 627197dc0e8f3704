"""Ingress deployment: our own application in front of models that compute elsewhere in the cluster."""

import asyncio

import grpc
from ray.serve.grpc_util import RayServegRPCContext

from seqapp.serving.ray_serve.remote_repository import RemoteRepository
from seqapp.serving.server.admission import is_known_key
from seqapp.serving.server.application import application
from seqapp.serving.server.grpc_api.services import ModelService, PredictionService


class Ingress:
    """A deployment of Ray Serve, to be wrapped by `ray.serve.ingress()`, which asks for the application.

    Methods with names of TensorFlow Serving's services answer gRPC, which Ray's proxy hands on by name.

    Args:
        places: As for `RemoteRepository`.
        settings: `Settings`.
    """

    async def __init__(self, places, settings):
        self._repository = RemoteRepository(places, settings, asyncio.get_running_loop())
        self._settings = settings
        self._prediction = PredictionService(self._repository, settings)
        self._status = ModelService(self._repository, settings)

    def __serve_build_asgi_app__(self):
        return application(self._repository, self._settings)

    async def Predict(self, request, grpc_context: RayServegRPCContext):
        return await self._call(self._prediction.Predict, request, grpc_context)

    async def GetModelMetadata(self, request, grpc_context: RayServegRPCContext):
        return await self._call(self._prediction.GetModelMetadata, request, grpc_context)

    async def Classify(self, request, grpc_context: RayServegRPCContext):
        return await self._call(self._prediction.Classify, request, grpc_context)

    async def Regress(self, request, grpc_context: RayServegRPCContext):
        return await self._call(self._prediction.Regress, request, grpc_context)

    async def MultiInference(self, request, grpc_context: RayServegRPCContext):
        return await self._call(self._prediction.MultiInference, request, grpc_context)

    async def GetModelStatus(self, request, grpc_context: RayServegRPCContext):
        return await self._call(self._status.GetModelStatus, request, grpc_context)

    async def _call(self, method, request, grpc_context):
        context = Context(grpc_context)
        if not is_known_key(_key_of(grpc_context), self._settings.api_keys):
            await context.abort(
                grpc.StatusCode.UNAUTHENTICATED, "Expected an API key: x-api-key, or authorization: Bearer."
            )
        return await method(request, context)


class Context:
    """gRPC context with the methods that our services call, on top of the one that Ray hands on.

    Args:
        context: `RayServegRPCContext`.
    """

    def __init__(self, context: RayServegRPCContext):
        self._context = context

    async def abort(self, code, details):
        self._context.set_code(code)
        self._context.set_details(details)
        raise grpc.RpcError(details)  # Ray answers with the code that was set before

    def set_trailing_metadata(self, metadata):
        self._context.set_trailing_metadata(list(metadata))

    def time_remaining(self):
        """None: Ray's proxy keeps the client's deadline, and cancels the call there."""


def _key_of(context):
    metadata = dict(context.invocation_metadata())
    bearer = metadata.get("authorization", "")
    return bearer[7:].strip() if bearer[:7].lower() == "bearer " else metadata.get("x-api-key", "")
