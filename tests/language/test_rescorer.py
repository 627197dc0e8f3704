"""Texts in one batch score as each alone: the log-probability that the language model itself gives their tokens."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.decoding.config import DecoderConfig, RescorerConfig
from seqapp.language.export import export
from seqapp.language.rescorer import Rescorer, read_rescorers
from tests.language.small_language import small_corpus, small_model, small_recipe
from tests.language.small_language import write_workdir as write_language_workdir
from tests.small_models import small_recipe as small_recipe_of_ink
from tests.small_models import write_workdir

TEXTS = ["the cat", "", "a mat on the mat", "hat", "a \u00e9 cat"]  # the last one with what no vocabulary knows
KINDS = {kind: small_corpus(kind) for kind in ("characters", "words")}


@pytest.fixture(scope="module", params=KINDS)
def trained(request, tmp_path_factory):
    """A model, its vocabulary, and where it lies: workdir and SavedModel."""
    corpus, recipe = KINDS[request.param], small_recipe(request.param, num_layers=1)
    folder, model = tmp_path_factory.mktemp(request.param), small_model(corpus, recipe)
    write_language_workdir(folder / "workdir", corpus, recipe, model)
    export(folder / "workdir", folder / "saved")
    return model, corpus.vocabulary, folder


def plain_log_prob(model, vocabulary, text):
    """The sum over the tokens of a line and its end, each from the softmax behind all before it."""
    line = vocabulary.encode_tokens(["\n", *vocabulary.split(text), "\n"])
    outputs, _ = model(line[np.newaxis, :-1], model.initial_state(1))
    log_probs = tf.nn.log_softmax(model.logits(outputs))[0].numpy()
    return log_probs[np.arange(len(line) - 1), line[1:]].sum()


@pytest.mark.parametrize("where", ["workdir", "saved"])
def test_a_batch_equals_each_text_alone_and_the_models_own_log_probability(trained, where):
    model, vocabulary, folder = trained
    (rescorer,) = read_rescorers(DecoderConfig(rescorers=(RescorerConfig(str(folder / where)),)))
    together = rescorer.log_probs(TEXTS)
    assert together.shape == (len(TEXTS),) and rescorer.log_probs([]).shape == (0,)
    for text, found in zip(TEXTS, together):
        assert rescorer.log_probs([text])[0] == pytest.approx(found, rel=1e-5)
        assert found == pytest.approx(plain_log_prob(model, vocabulary, text), rel=1e-5)


def test_probabilities_of_all_texts_of_one_word_sum_to_less_than_one(trained):
    _, vocabulary, folder = trained
    texts = [token for token in vocabulary.tokens if token != "\n"]
    assert 0 < np.exp(Rescorer.load(folder / "saved").log_probs(["", *texts])).sum() < 1


def test_what_is_no_language_model_is_refused(tmp_path):
    with pytest.raises(ValueError, match="No language model at .*none"):
        Rescorer.load(tmp_path / "none")


def test_a_recogniser_is_no_rescorer(tmp_path):
    workdir = write_workdir(tmp_path / "workdir", small_recipe_of_ink())
    with pytest.raises(ValueError, match="holds no language model. Expected the workdir of a LanguageRecipe"):
        Rescorer.load(workdir.path)
    (tmp_path / "saved" / "1").mkdir(parents=True)
    (tmp_path / "saved" / "1" / "saved_model.pb").write_bytes(b"")
    with pytest.raises(ValueError, match="is no language model: it has no vocabulary.txt"):
        read_rescorers(DecoderConfig(rescorers=(RescorerConfig(str(tmp_path / "saved")),)))
