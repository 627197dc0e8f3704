"""Words come with their true probabilities, whether from characters or words, a workdir or a SavedModel."""

import json

import numpy as np
import pytest
import tensorflow as tf

from seqapp.language.exported.language_module import LanguageModule
from seqapp.language.predictor import Predictor
from tests.language.small_language import WORDS, small_corpus, small_model, small_recipe, write_workdir
from tests.pipelines.conftest import run


def workdir_of(path, kind):
    corpus, recipe = small_corpus(kind), small_recipe(kind, num_layers=1)
    return write_workdir(path, corpus, recipe, small_model(corpus, recipe))


@pytest.fixture(scope="module")
def workdirs(tmp_path_factory):
    return {kind: workdir_of(tmp_path_factory.mktemp(kind), kind) for kind in ("characters", "words")}


@pytest.fixture(scope="module")
def predictors(workdirs):
    return {kind: Predictor.load(workdir.path) for kind, workdir in workdirs.items()}


def probability_of(predictor, context, text):
    """p(text | context), token by token."""
    total, vocabulary = 0.0, predictor.vocabulary
    for i, token in enumerate(text):
        log_probs = predictor.read(context + "".join(text[:i]))
        total += log_probs[vocabulary.index[token]]
    return float(np.exp(total))


def test_words_of_a_word_model_are_its_softmax(predictors):
    predictor = predictors["words"]
    log_probs = predictor.read("the cat")
    found = predictor.next_words("the cat", count=100)
    assert {p.word for p in found} == set(WORDS)
    for prediction in found:
        expected = np.exp(log_probs[predictor.vocabulary.index[prediction.word]])
        assert prediction.probability == pytest.approx(expected, rel=1e-4)
    assert [p.probability for p in found] == sorted((p.probability for p in found), reverse=True)


def test_words_of_a_character_model_are_the_product_of_their_letters(predictors):
    predictor = predictors["characters"]
    marks = [t for t in predictor.vocabulary.tokens if not t.isalnum()]
    for prediction in predictor.next_words("the cat", count=3):
        log_probs = predictor.read(f"the cat {prediction.word}")
        end = sum(np.exp(log_probs[predictor.vocabulary.index[m]]) for m in marks)
        expected = probability_of(predictor, "the cat ", list(prediction.word)) * end
        assert prediction.probability == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("kind", ["characters", "words"])
def test_a_half_typed_word_is_completed(predictors, kind):
    found = predictors[kind].next_words("the cat s", count=3, is_beginning=True)
    assert all(p.word.startswith("s") for p in found)
    if kind == "words":
        assert [(p.word, p.probability) for p in found] == [("sat", pytest.approx(1.0))]


@pytest.mark.parametrize("kind", ["characters", "words"])
def test_what_is_typed_on_or_taken_back_is_answered_as_if_read_anew(workdirs, kind):
    typing, anew = (Predictor.load(workdirs[kind].path) for _ in range(2))
    for text in ("the", "the ", "the c", "the ca", "the cat s", "the ca", "", "on", "the cat sat", "them"):
        anew._read_before.clear()
        for is_beginning in (False, True):
            found, expected = (p.next_words(text, 3, is_beginning) for p in (typing, anew))
            assert [p.word for p in found] == [p.word for p in expected]
            assert [p.probability for p in found] == pytest.approx([p.probability for p in expected], rel=1e-4)


@pytest.mark.parametrize("kind", ["characters", "words"])
def test_unheard_words_and_no_context_are_answered(predictors, kind):
    assert predictors[kind].next_words("") and predictors[kind].next_words("Über 9000 žluťoučký\n")
    assert predictors["words"].next_words("xyz", is_beginning=True) == []


def test_the_saved_model_answers_alike_without_us(workdirs, predictors, tmp_path):
    for kind, workdir in workdirs.items():
        run("export", workdir.path, tmp_path / kind)
        path = tmp_path / kind / "1"
        again = Predictor.load(tmp_path / kind)
        expected, found = (p.next_words("on a", 4) for p in (predictors[kind], again))
        assert [p.word for p in found] == [p.word for p in expected]
        signatures = tf.saved_model.load(str(path)).signatures
        assert_words(signatures, predictors[kind], ["the cat sat", "", "a\non", "the cat.", "the "])
        signature = signatures["next_token"]
        contexts = ["the cat\non", "", "a"]
        outputs = signature(context=tf.constant(contexts), count=tf.constant(3))
        for row, context in enumerate(contexts):
            log_probs = predictors[kind].read(context)
            best = [i for i in np.argsort(-log_probs) if predictors[kind].vocabulary.tokens[i] != "<unk>"][:3]
            tokens = [predictors[kind].vocabulary.tokens[i].encode() for i in best]
            assert outputs["tokens"][row].numpy().tolist() == tokens
            np.testing.assert_allclose(outputs["probabilities"][row], np.exp(log_probs[best]), rtol=1e-3)


def assert_words(signatures, predictor, contexts):
    """The signatures that take a text give each row what the predictor gives it alone."""
    for name, is_beginning in (("next_word", False), ("complete_word", True)):
        outputs = signatures[name](context=tf.constant(contexts), count=tf.constant(3))
        for row, context in enumerate(contexts):
            expected, is_exact = predictor.search(context, 3, is_beginning)
            assert outputs["is_exact"][row] == is_exact
            words = [word.decode() for word in outputs["words"][row].numpy() if word]
            assert words == [p.word for p in expected]
            found = outputs["probabilities"][row, : len(words)].numpy()
            assert found == pytest.approx([p.probability for p in expected], rel=1e-4)


def test_a_model_that_is_too_old_is_named():
    with pytest.raises(ValueError, match="signature words of a language model. Export it again"):
        Predictor({"start": None, "step": None}, small_corpus("words").vocabulary)


def test_words_are_split_in_the_graph_as_in_python():
    corpus = small_corpus("words")
    module = LanguageModule(small_model(corpus, small_recipe("words", num_layers=1)), corpus.vocabulary)
    texts = ["the cat's mat,  (sat)\n\n on", "", "a_b 3.5\t<unk>!", "l\u2019été\n"]
    found = [[t.decode() for t in row] for row in module._split(tf.constant(texts)).to_list()]
    assert found == [corpus.vocabulary.split(text) for text in texts]


def test_writing_is_repeatable_and_grows_bolder(predictors):
    predictor = predictors["characters"]
    texts = [predictor.text("the", 30, temperature=t, seed=s) for t, s in ((1, 0), (1, 0), (1, 1), (0, 0), (0, 1))]
    assert len(texts[0]) == 30 and texts[0] == texts[1] != texts[2] and texts[3] == texts[4]


def test_the_script_ranks_completes_and_writes(workdirs, capsys):
    path = workdirs["words"].path
    run("next_word", path, "the cat", "--count", 2, "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["context"] == "the cat" and len(answer["words"]) == 2
    run("next_word", path, "the c", "--complete")
    assert capsys.readouterr().out.startswith("cat\t1.0000")
    run("next_word", path, "the", "--write", 5, "--temperature", 0.5)
    assert capsys.readouterr().out.strip()


def test_the_script_of_perplexities_counts_every_token(workdirs, capsys, tmp_path):
    (tmp_path / "text.txt").write_text("the cat sat xyz\n")
    run("perplexity", workdirs["words"].path, "--text", tmp_path / "text.txt", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["tokens"], found["unknown"]) == (5, 1)
    assert found["bits_per_token"] == pytest.approx(np.log2(found["perplexity"]))
    run("perplexity", workdirs["words"].path, "--text", tmp_path / "text.txt")
    assert capsys.readouterr().out.startswith(f"perplexity {found['perplexity']:.3f}  ")
    with pytest.raises(ValueError, match="Expected a file or folder at .*none.txt. Found none"):
        run("perplexity", workdirs["words"].path, "--text", tmp_path / "none.txt")


def test_the_script_draws_what_a_model_remembers(workdirs, tmp_path):
    for kind, picture in (("memory", "units.png"), ("unrolled", "steps.svg")):
        run("plot", kind, workdirs["characters"].path, "the cat sat", tmp_path / picture, "--layer", 0)
        assert (tmp_path / picture).stat().st_size > 1000


def test_what_is_no_language_model_is_named(tmp_path):
    with pytest.raises(ValueError, match="No language model at"):
        Predictor.load(tmp_path)
