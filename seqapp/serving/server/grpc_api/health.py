"""gRPC health checks (grpc.health.v1), as probes of Kubernetes and load balancers ask for them.

The two messages have one field each, and are read and written here: grpcio-health-checking is one package more.

Reference: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
"""

import asyncio

import grpc

HEALTH = "/grpc.health.v1.Health/"
SERVICES = ("", "tensorflow.serving.PredictionService", "tensorflow.serving.ModelService")
SERVING, NOT_SERVING, SERVICE_UNKNOWN = b"\x08\x01", b"\x08\x02", b"\x08\x03"  # field 1, a varint
WATCH_EVERY_S = 1.0


def health_handler(repository) -> grpc.GenericRpcHandler:
    """Make the handler of Check and Watch.

    Args:
        repository: `Repository`, which is ready or not.
    """

    def status():
        return SERVING if repository.is_ready else NOT_SERVING

    async def check(service, context):
        if service not in SERVICES:
            await context.abort(grpc.StatusCode.NOT_FOUND, f"No service {service[:80]!r}.")
        return status()

    async def watch(service, context):
        last = None
        while True:
            current = status() if service in SERVICES else SERVICE_UNKNOWN
            if current != last:
                yield current
            last = current
            await asyncio.sleep(WATCH_EVERY_S)

    handlers = {
        "Check": grpc.unary_unary_rpc_method_handler(check, request_deserializer=_service_of),
        "Watch": grpc.unary_stream_rpc_method_handler(watch, request_deserializer=_service_of),
    }
    return grpc.method_handlers_generic_handler(HEALTH.strip("/"), handlers)


def _service_of(message):
    """Read field 1, a string of less than 128 bytes, of a HealthCheckRequest."""
    if not message:
        return ""
    if len(message) < 2 or message[0] != 0x0A or message[1] != len(message) - 2:
        return "of a message that nobody knows"
    return message[2:].decode("utf-8", "replace")
