"""Deployment of a folder of models as an application of Ray Serve, from start to end."""

import dataclasses
import logging
import math
import os
import signal
import threading
from pathlib import Path

import ray
from ray import serve
from ray.serve.config import HTTPOptions, gRPCOptions

from seqapp.serving.ray_serve.ingress import Ingress
from seqapp.serving.ray_serve.replica import Replica
from seqapp.serving.ray_serve.scaling import Scaling
from seqapp.serving.server.loaded_models.versions import find_models
from seqapp.serving.server.settings import Settings

log = logging.getLogger(__name__)

APPLICATION = "seqapp"
API = "tensorflow_serving.apis"
SERVICES = [
    f"{API}.prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server",
    f"{API}.model_service_pb2_grpc.add_ModelServiceServicer_to_server",
]


def deploy(path: str | Path, settings: Settings, scaling: Scaling) -> serve.handle.DeploymentHandle:
    """Start the ingress and replicas of every model of a folder; in a cluster that has them, exchange what changed.

    Args:
        path: As `find_models` takes it; every node must see it under this name.
        settings: `Settings`; a look for new versions is taken when this is called again, not every `poll_s`.
        scaling: `Scaling`.

    Returns:
        Handle of the ingress, when all replicas are ready.

    Raises:
        ValueError: No folder, no room, or TLS together with gRPC, which Ray's proxy has not.
    """
    versions = chosen_versions(path, settings)
    if settings.tls_key and settings.grpc_port >= 0:
        raise ValueError("Expected --grpc-port -1 together with TLS, since Ray's proxy speaks gRPC without it only.")
    _connect(scaling)
    count = sum(len(folders) for folders in versions.values())
    cpus = scaling.cpus_of_each(count, ray.cluster_resources().get("CPU", 0.0))
    serve.start(proxy_location="EveryNode", http_options=_http(settings), grpc_options=_grpc(settings))
    handle = serve.run(build(versions, settings, scaling, cpus), name=APPLICATION, route_prefix="/")
    log.info("%d models, %g cores a replica, listening at %s:%d", count, cpus, settings.host, settings.port)
    return handle


def wait_for_end() -> None:
    """Wait for SIGTERM or SIGINT; then end Ray, whose proxies close what is open without waiting for answers."""
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    end.wait()
    serve.shutdown()
    ray.shutdown()


def chosen_versions(path: str | Path, settings: Settings) -> dict[str, dict[int, str]]:
    """Choose the versions to serve: the newest of each model, and the labelled ones.

    Args:
        path: As `find_models` takes it.
        settings: `Settings`.

    Returns:
        {name: {version: folder}}.

    Raises:
        ValueError: No such folder, or no model in it.
    """
    versions_by_name = {}
    for name, folders in find_models(path).items():
        labelled = set(settings.labels.get(name, {}).values()) & folders.keys()
        versions = {*sorted(folders)[-settings.num_versions :], *labelled}
        versions_by_name[name] = {version: str(folders[version]) for version in sorted(versions)}
    if not versions_by_name:
        raise ValueError(f"Expected models NAME/VERSION/ in {path}. Found none. Export one with pipelines/export.py.")
    return versions_by_name


def build(versions: dict[str, dict[int, str]], settings: Settings, scaling: Scaling, cpus: float) -> serve.Application:
    """Build the application.

    Args:
        versions: As `chosen_versions` gives them.
        settings: `Settings`.
        scaling: `Scaling`.
        cpus: Cores that a replica reserves.
    """
    settings = dataclasses.replace(settings, num_parallel=max(1, math.ceil(cpus)))
    places = {
        name: {
            version: (
                folder,
                _replicas(name, version, settings, scaling, cpus).bind(name, version, folder, settings, cpus),
            )
            for version, folder in folders.items()
        }
        for name, folders in versions.items()
    }
    # Our own admission control refuses with the words of our contract; Ray must not refuse before.
    most = 2 * (settings.max_requests + settings.live.max_streams)
    replicas = {"min_replicas": 1, "max_replicas": scaling.max_replicas, "target_ongoing_requests": most / 4}
    ingress = serve.deployment(
        serve.ingress()(Ingress), name="ingress", max_ongoing_requests=most, ray_actor_options={"num_cpus": 0},
        autoscaling_config=replicas, graceful_shutdown_timeout_s=settings.drain_s,
    )  # fmt: skip
    return ingress.bind(places, settings)


def _replicas(name, version, settings, scaling, cpus):
    return serve.deployment(
        Replica, name=f"{name}-{version}", ray_actor_options={"num_cpus": cpus, "num_gpus": scaling.gpus},
        # One batch that is computed, and the next one that gathers meanwhile.
        max_ongoing_requests=2 * settings.max_batch_size, max_queued_requests=settings.max_queue,
        autoscaling_config={
            "min_replicas": scaling.min_replicas, "max_replicas": scaling.max_replicas,
            "target_ongoing_requests": scaling.target_requests, "downscale_delay_s": scaling.downscale_delay_s,
        },
        graceful_shutdown_timeout_s=settings.drain_s,
    )  # fmt: skip


def _connect(scaling):
    """Join a cluster, or start one on this machine."""
    if ray.is_initialized():
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody outside is told anything
    if scaling.ray_address:
        ray.init(address=scaling.ray_address, log_to_driver=False)
    else:
        size = round(1e6 * scaling.object_store_mb)
        # "local": by default Ray would join what somebody else has started here.
        ray.init(address="local", include_dashboard=False, object_store_memory=size, log_to_driver=False)


def _http(settings):
    files = {"ssl_keyfile": str(settings.tls_key), "ssl_certfile": str(settings.tls_certificate)}
    return HTTPOptions(host=settings.host, port=settings.port, **(files if settings.tls_key else {}))


def _grpc(settings):
    return gRPCOptions(port=settings.grpc_port, grpc_servicer_functions=SERVICES) if settings.grpc_port >= 0 else None
