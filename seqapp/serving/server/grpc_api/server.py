"""gRPC server: services, bounds, API key and TLS."""

import grpc
from tensorflow_serving.apis.model_service_pb2_grpc import add_ModelServiceServicer_to_server
from tensorflow_serving.apis.prediction_service_pb2_grpc import add_PredictionServiceServicer_to_server

from seqapp.serving.server.admission import is_known_key
from seqapp.serving.server.grpc_api.health import HEALTH, health_handler
from seqapp.serving.server.grpc_api.services import ModelService, PredictionService
from seqapp.serving.server.settings import Settings


def grpc_server(repository, settings: Settings, is_shared: bool = False) -> tuple[grpc.aio.Server, int]:
    """Make a server that is bound and not started yet.

    Args:
        repository: `Repository`.
        settings: `Settings`.
        is_shared: Whether other processes of this server listen there too.

    Returns:
        The server, and its port.

    Raises:
        OSError: The port is taken.
    """
    options = [
        ("grpc.max_receive_message_length", settings.max_request_bytes),
        ("grpc.max_send_message_length", -1),
        ("grpc.so_reuseport", int(is_shared)),  # two servers on one port would share the requests, unseen
    ]
    server = grpc.aio.server(
        interceptors=[KeyInterceptor(settings.api_keys)], options=options, maximum_concurrent_rpcs=settings.max_requests
    )
    add_PredictionServiceServicer_to_server(PredictionService(repository, settings), server)
    add_ModelServiceServicer_to_server(ModelService(repository, settings), server)
    server.add_generic_rpc_handlers((health_handler(repository),))
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    try:
        return server, _bind(server, f"{host}:{settings.grpc_port}", settings)
    except RuntimeError as error:
        raise OSError(
            f"gRPC cannot listen at {host}:{settings.grpc_port}: {error}. Give another --grpc-port."
        ) from error


def _bind(server, address, settings):
    if settings.tls_certificate is None:
        return server.add_insecure_port(address)
    pair = settings.tls_key.read_bytes(), settings.tls_certificate.read_bytes()
    return server.add_secure_port(address, grpc.ssl_server_credentials([pair]))


class KeyInterceptor(grpc.aio.ServerInterceptor):
    """Authenticates calls by a key, in x-api-key or in authorization: Bearer.

    Args:
        keys: Those that are known.
    """

    def __init__(self, keys: tuple[str, ...]):
        self._keys = keys

    async def intercept_service(self, continuation, details):
        if details.method.startswith(HEALTH):  # probes have no keys
            return await continuation(details)
        metadata = dict(details.invocation_metadata)
        bearer = metadata.get("authorization", "")
        key = bearer[7:].strip() if bearer[:7].lower() == "bearer " else metadata.get("x-api-key", "")
        return await continuation(details) if is_known_key(key, self._keys) else _CLOSED


async def _refuse(request, context):
    await context.abort(grpc.StatusCode.UNAUTHENTICATED, "Expected an API key: x-api-key, or authorization: Bearer.")


_CLOSED = grpc.unary_unary_rpc_method_handler(_refuse)
