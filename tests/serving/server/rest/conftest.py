"""A server that knows the language model `letters` of its model `talk`, for tests of what one request asks for."""

import pytest
from starlette.testclient import TestClient

from seqapp.serving.server import Settings
from seqapp.serving.server.application import application
from seqapp.serving.server.loaded_models.repository import Repository


@pytest.fixture(scope="module")
def lettered_client(talk, letters):
    """Answers requests to `talk`."""
    repository = Repository(talk.parent, Settings(num_parallel=1, decoders={"talk": {"letters": letters}}))
    repository.refresh()
    yield TestClient(application(repository, repository.settings), raise_server_exceptions=False)
    repository.close()
