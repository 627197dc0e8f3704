"""An exported language model on the server: the page's suggestions, and its signatures over REST, are the model's."""

import pytest
import tensorflow as tf
from starlette.testclient import TestClient

from seqapp.language.exported.language_module import LanguageModule
from seqapp.language.predictor import Predictor
from seqapp.models.model_folder import VOCABULARY
from seqapp.serving.server import Settings
from seqapp.serving.server.application import application
from seqapp.serving.server.loaded_models.repository import Repository
from tests.language.small_language import small_corpus, small_model, small_recipe


@pytest.fixture(scope="module")
def corpus():
    return small_corpus("words")


@pytest.fixture(scope="module")
def module(corpus):
    return LanguageModule(small_model(corpus, small_recipe("words")), corpus.vocabulary)


@pytest.fixture(scope="module")
def client(corpus, module, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved_models")
    tf.saved_model.save(module, str(folder / "bard" / "1"), signatures=module.functions())
    (folder / "bard" / "1" / "assets.extra").mkdir()
    corpus.vocabulary.save(folder / "bard" / "1" / "assets.extra" / VOCABULARY)
    repository = Repository(folder, Settings(num_parallel=1))
    repository.refresh()
    yield TestClient(application(repository, repository.settings))
    repository.close()


def test_the_page_learns_which_model_knows_the_next_word(client):
    (model,) = client.get("/live").json()["models"]
    assert model == {"name": "bard", "version": 1, "sense": "language", "live": False}


@pytest.mark.parametrize("text, is_beginning", [("the cat ", False), ("the c", True), ("", False)])
def test_suggestions_are_those_of_the_model(client, corpus, module, text, is_beginning):
    asked = {"model": "bard", "text": text, "count": 3, "is_beginning": is_beginning}
    found = client.post("/live/next_words", json=asked).json()["words"]
    expected = Predictor(module.functions(), corpus.vocabulary).next_words(text, 3, is_beginning)
    assert [word["word"] for word in found] == [word.word for word in expected] != []
    assert [word["probability"] for word in found] == pytest.approx([word.probability for word in expected], abs=1e-5)


def test_its_tables_are_filled_and_its_signatures_answer(client, module):
    body = {"signature_name": "next_word", "inputs": {"context": ["the cat "], "count": 2}}
    found = client.post("/v1/models/bard:predict", json=body).json()["outputs"]
    expected = module.next_word(context=tf.constant(["the cat "]), count=tf.constant(2))
    assert found["words"] == [[word.decode() for word in row] for row in expected["words"].numpy().tolist()]
