"""The n-gram model in the graph says of every text what the scorer of the search in Python says."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.decoding.ngram import BEGIN, END, UNKNOWN, NGramModel, estimate, quantised, read_arpa
from seqapp.decoding.ngram.counts import Counts
from seqapp.decoding.scorers.character_scorer import CharacterScorer
from seqapp.decoding.sentences import symbol_sentences
from seqapp.models.context.character_ngram import CharacterNGram
from seqapp.text import Alphabet

# One to four bytes, a symbol of two characters, and two symbols, x and y, that no model knows.
ALPHABET = Alphabet((" ", "a", "b", "c", "d", "é", "𝄞", "ch", "x", "y"))
KNOWN = Alphabet(ALPHABET.symbols[:-2])
WITHOUT_BEGIN = """\\data\\
ngram 1=5
ngram 2=4
ngram 3=1

\\1-grams:
-0.9\t</s>
-1.1\t<unk>
-0.5\ta\t-0.3
-0.7\tb\t-0.2
-0.8\t\\s

\\2-grams:
-0.4\ta a
-0.2\ta b\t-0.25
-0.6\tb a
-0.3\tb </s>

\\3-grams:
-0.1\ta b a

\\end\\
"""


def sentences(count, length, seed=0):
    """Texts in which what comes next depends on what was."""
    rng = np.random.default_rng(seed)
    words = ["".join(rng.choice(KNOWN.symbols[1:], rng.integers(1, 5))) for _ in range(12)]
    texts = [" ".join(rng.choice(words, rng.integers(1, length))) for _ in range(count)]
    return symbol_sentences(texts, KNOWN)


def many_tokens():
    """70,000 tokens of as many probabilities: keys beyond 2^31, values that no 16 bits tell apart."""
    tokens = (BEGIN, END, UNKNOWN, *KNOWN.symbols[1:5], *(chr(0x10000 + i) for i in range(70_000)))
    rng = np.random.default_rng(0)
    num = len(tokens)
    last, a, b = num - 1, 3, 4
    order = np.arange(num)
    unigrams = Counts(np.zeros(num, np.int64), order, np.zeros(num, np.int64), order, order > 0)
    pairs = np.array([[a, 1], [a, a], [b, last], [last, a], [last, b]])
    bigrams = Counts(pairs[:, 0], pairs[:, 1], pairs[:, 1], pairs[:, 1], pairs[:, 1] > 0)
    log_probs = [-rng.uniform(5, 15, num), -rng.uniform(0, 3, len(pairs))]
    return NGramModel.from_tables(tokens, [unigrams, bigrams], log_probs, [-rng.uniform(0, 1, num)])


def assert_alike(model, alphabet, weight=0.7, bonus=0.4, num_texts=24, length=14, seed=0):
    """Along random texts, after each of their labels, all labels and the end get the same scores in both."""
    in_graph, in_python = (kind(model, alphabet, weight, bonus) for kind in (CharacterNGram, CharacterScorer))
    num_labels = len(alphabet.symbols)
    num_states = len(in_graph.start)
    specs = tf.TensorSpec([None, None, num_states], tf.int64), tf.TensorSpec([None, 1, None], tf.int64)
    scores_of = tf.function(in_graph.scores, input_signature=specs, autograph=False)
    finish = tf.function(in_graph.finish, input_signature=specs[:1], autograph=False)
    rng = np.random.default_rng(seed)
    states = np.tile(np.array(in_graph.start, np.int64), [num_texts, 1, 1])
    nodes = np.full(num_texts, in_python.start)
    every_label = np.tile(np.arange(num_labels), [num_texts, 1, 1])
    likely = np.exp(in_python.rows(np.zeros(1, np.int64))[0])
    for _ in range(length):
        scores, after = scores_of(states, every_label)
        rows = in_python.rows(nodes)
        np.testing.assert_allclose(scores[:, 0], rows, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(finish(states)[:, 0], in_python.finish(nodes), rtol=1e-5, atol=1e-5)
        # What is likely by the model, so that long contexts are met; and anything at all now and then.
        likely = np.exp(rows - rows.max(axis=1, keepdims=True)) + 0.02
        labels = np.array([rng.choice(num_labels, p=row / row.sum()) for row in likely])
        states = np.take_along_axis(after.numpy(), labels[:, np.newaxis, np.newaxis, np.newaxis], axis=2)[:, :, 0]
        nodes = in_python.advance(nodes, labels)
    return in_graph


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_equals_the_scorer_along_texts(order):
    model = estimate(sentences(40, 4), order)
    assert_alike(model, ALPHABET)
    assert_alike(quantised(model), KNOWN, weight=1.3, bonus=-0.5, seed=1)


def test_equals_the_scorer_of_a_model_without_a_begin(tmp_path):
    (tmp_path / "lm.arpa").write_text(WITHOUT_BEGIN)
    model = read_arpa(tmp_path / "lm.arpa")
    scorer = assert_alike(model, Alphabet((" ", "a", "b", "?")))
    assert scorer.start == (0, 0)


def test_values_take_8_or_16_bits_where_they_can():
    few, many = estimate(sentences(3, 3), 2), estimate(sentences(400, 8), 5)
    assert len(np.unique(few.log_prob)) <= 2**8 < len(np.unique(many.log_prob))
    kinds = {name: codes_of(assert_alike(model, ALPHABET, length=8)) for name, model in {"8": few, "16": many}.items()}
    assert kinds == {"8": tf.uint8, "16": tf.uint16}
    unrounded, rounded = (CharacterNGram(model, ALPHABET) for model in (many, quantised(many)))
    assert variable(rounded, "log_probs_codebook").shape[0] < variable(unrounded, "log_probs_codebook").shape[0]


def codes_of(scorer):
    return variable(scorer, "log_probs_codes").dtype


def variable(scorer, name):
    (found,) = (v for v in scorer.variables if v.name.startswith(name))
    return found


def test_keys_beyond_32_bits_and_values_beyond_16():
    model = many_tokens()
    last = model.tokens[-1]
    scorer = assert_alike(model, Alphabet((KNOWN.symbols[1], KNOWN.symbols[2], last, "?")), length=6)
    kinds = {v.name.partition(":")[0]: v.dtype for v in scorer.variables}
    assert kinds["keys"] == tf.int64 and "log_probs_codes" not in kinds


def test_what_has_no_say_is_nothing():
    scorer = CharacterNGram(estimate(sentences(5, 3), 3), ALPHABET, weight=0.0, bonus=0.0)
    states = tf.constant([[scorer.start]], tf.int64)
    scores, _ = scorer.scores(states, tf.range(len(ALPHABET.symbols), dtype=tf.int64)[tf.newaxis, tf.newaxis])
    assert not np.any(scores) and not np.any(scorer.finish(states))
