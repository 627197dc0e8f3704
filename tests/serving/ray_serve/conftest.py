"""A cluster on this machine that serves a model that a test can see through, and the committed one that streams."""

import shutil
import socket
from pathlib import Path

import httpx
import pytest

from seqapp.serving.ray_serve import Scaling
from tests.serving.server.conftest import SETTINGS, Toolbox

REPOSITORY = Path(__file__).parents[3]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Settings of what is served: toolbox by one replica, talk by two."""
    serve = pytest.importorskip("ray.serve", reason="pip install -e '.[ray]'")
    import dataclasses

    from seqapp.serving.ray_serve.deployment import deploy

    folder = tmp_path_factory.mktemp("saved_models")
    Toolbox().save(folder / "toolbox" / "7")
    shutil.copytree(REPOSITORY / "saved_models" / "an4_streaming", folder / "talk")
    settings = dataclasses.replace(SETTINGS, port=free_port(), grpc_port=free_port(), max_request_mb=2.0)
    deploy(folder, settings, Scaling(min_replicas=2, cpus=0.1))
    yield settings
    serve.shutdown()


@pytest.fixture(scope="session")
def client(cluster):
    with httpx.Client(base_url=f"http://127.0.0.1:{cluster.port}", timeout=60) as client:
        yield client
