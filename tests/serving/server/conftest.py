"""A model that a test can see through, one exported model that hears, and the application on top of them."""

import shutil

import httpx
import pytest
import tensorflow as tf
from starlette.testclient import TestClient

from seqapp.decoding.config import DecoderConfig, LanguageModelConfig
from seqapp.decoding.ngram import estimate, write_arpa
from seqapp.decoding.sentences import symbol_sentences
from seqapp.serving.export import export
from seqapp.serving.server import Settings
from seqapp.serving.server.application import application
from seqapp.serving.server.loaded_models.repository import Repository
from tests.once import made_once
from tests.small_models import ALPHABET, write_workdir
from tests.small_speech import speech_recipe

SETTINGS = Settings(num_parallel=1, max_request_mb=0.2, labels={"toolbox": {"stable": 7}})


def _signature(*shapes_and_types):
    return [tf.TensorSpec(shape, dtype, name) for name, shape, dtype in shapes_and_types]


class Toolbox(tf.Module):
    """Signatures of all kinds of inputs and outputs."""

    def __init__(self, offset=2.0):
        super().__init__()
        self.offset = tf.Variable(offset)

    @tf.function(input_signature=_signature(("x", [None], tf.float32)))
    def half_plus(self, x):
        """The one that TensorFlow Serving's documentation calls."""
        return {"y": 0.5 * x + self.offset}

    @tf.function(input_signature=_signature(("a", [None, 2], tf.int32), ("b", [None], tf.bool)))
    def pair(self, a, b):
        return {"sum": tf.reduce_sum(a, axis=1), "not": ~b}

    @tf.function(input_signature=_signature(("name", [None], tf.string)))
    def greet(self, name):
        return {"text": tf.strings.join(["ä ", name]), "raw_bytes": tf.strings.join([b"\xff", name])}

    @tf.function(input_signature=_signature(("count", [], tf.int32)))
    def scalar(self, count):
        return {"next": count + 1}

    @tf.function(input_signature=_signature(("x", [None], tf.float32)))
    def fail(self, x):
        with tf.control_dependencies([tf.debugging.assert_positive(x, "not positive")]):
            return {"y": tf.identity(x)}

    def save(self, path):
        signatures = {"serving_default": self.half_plus, "pair": self.pair, "greet": self.greet}
        tf.saved_model.save(self, str(path), signatures | {"scalar": self.scalar, "fail": self.fail})
        return path


@pytest.fixture(scope="session")
def toolbox(tmp_path_factory):
    return Toolbox().save(tmp_path_factory.mktemp("toolbox") / "7")


@pytest.fixture(scope="session")
def talk(tmp_path_factory):
    """An untrained model of speech that runs forward."""

    def make(folder):
        workdir = write_workdir(tmp_path_factory.mktemp("runs") / "run", speech_recipe(bidirectional=False))
        export(workdir.path, folder / "talk")

    return made_once(tmp_path_factory, "server_models", make) / "talk" / "1"


@pytest.fixture(scope="session")
def models(tmp_path_factory, toolbox, talk):
    """A folder of both, as a server is given it."""
    folder = tmp_path_factory.mktemp("saved_models")
    shutil.copytree(toolbox, folder / "toolbox" / "7")
    shutil.copytree(talk, folder / "talk" / "1")
    return folder


@pytest.fixture(scope="session")
def repository(models):
    repository = Repository(models, SETTINGS)
    repository.refresh()
    yield repository
    repository.close()


@pytest.fixture(scope="session")
def client(repository):
    return TestClient(application(repository, repository.settings), raise_server_exceptions=False)


def asgi_client(repository, settings):
    """A client of many requests at once."""
    transport = httpx.ASGITransport(application(repository, settings))
    return httpx.AsyncClient(transport=transport, base_url="http://server", timeout=60)


@pytest.fixture(scope="session")
def letters(tmp_path_factory):
    """File of a decoder with a language model of letters, by which untrained models read something else."""
    folder = tmp_path_factory.mktemp("decoders")
    write_arpa(estimate(symbol_sentences(["é aé", "aé é", "éé a", "ché 𝄞a"], ALPHABET), 3), folder / "letters.arpa")
    model = LanguageModelConfig(str(folder / "letters.arpa"), 2.0, 6.0)
    DecoderConfig((model,), beam_width=8).save(folder / "letters.json")
    return folder / "letters.json"
