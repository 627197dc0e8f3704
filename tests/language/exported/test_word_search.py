"""The words found are those of an exhaustive search, with their true probabilities."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.language.exported.word_search import WordSearch

VOCABULARY = Vocabulary(("<unk>", "\n", " ", "a", "b", "'"), "characters")
LETTERS, MARKS = [3, 4, 5], [0, 1, 2]
LONGEST = 7  # letters of the words that are listed one by one


class Markov:
    """A model whose state counts letters: p(next | last token, place)."""

    def __init__(self, seed, sharpness):
        logits = np.random.default_rng(seed).normal(scale=sharpness, size=(40, 6, 6))
        logits[:, :, MARKS] += 0.5
        self.table = tf.nn.log_softmax(tf.constant(logits, tf.float32)).numpy()

    def first(self):
        return tf.constant(self.table[0, 2]), [tf.zeros([1, 1])]

    def read(self, tokens, state):
        (place,) = state
        rows = tf.gather_nd(self.table, tf.stack([tf.cast(place[:, 0], tf.int32) + 1, tokens[:, 0]], axis=1))
        return rows, [place + 1.0]

    def log_prob(self, word):
        """Of a word, and of what is no letter behind it; and of the word's letters alone."""
        token, letters = 2, 0.0
        for place, letter in enumerate(word):
            letters += self.table[place, token, letter]
            token = letter
        return letters + np.logaddexp.reduce(self.table[len(word), token, MARKS]), letters


def exhaustive(model, begins=()):
    """All words up to `LONGEST` letters behind a beginning, the likeliest first, and the likeliest longer beginning."""
    words = [
        (*begins, *more)
        for length in range(LONGEST + 1)
        for more in itertools.product(LETTERS, repeat=length)
        if begins or more
    ]
    given = model.log_prob(begins)[1]
    found = sorted(((np.exp(model.log_prob(word)[0] - given), word) for word in words), reverse=True)
    longest = max(model.log_prob(word)[1] - given for word in words if len(word) == LONGEST + len(begins))
    return [("".join(VOCABULARY.tokens[i] for i in word), p) for p, word in found], np.exp(longest)


def search(model, count, begins=(), **limits):
    finder = WordSearch(model.read, VOCABULARY, **limits)
    log_probs, state = model.first()
    for token in begins:
        rows, state = model.read(tf.constant([[token]]), state)
        log_probs = rows[0]
    beginning = tf.constant("".join(VOCABULARY.tokens[i] for i in begins))
    words, probabilities, is_exact = tf.function(finder)(log_probs, state, beginning, tf.constant(count))
    return [word.decode() for word in words.numpy()], probabilities.numpy(), bool(is_exact)


@pytest.mark.parametrize(
    "seed, sharpness, rows, steps, begins",
    [
        (0, 1.0, 8, 30, ()), (1, 2.0, 1, 150, ()), (2, 0.3, 3, 60, ()), (3, 4.0, 8, 30, ()), (0, 1.0, 3, 60, (3,)),
        (1, 2.0, 8, 30, (4, 3)), (2, 0.3, 8, 30, (5,)),
    ],
)  # fmt: skip
def test_the_likeliest_words_are_those_of_an_exhaustive_search(seed, sharpness, rows, steps, begins):
    model = Markov(seed, sharpness)
    expected, longest = exhaustive(model, begins)
    words, probabilities, is_exact = search(model, 4, begins, rows=rows, steps=steps)
    assert is_exact and probabilities[-1] > longest  # no longer word can be among them
    assert words == [word for word, _ in expected[:4]]
    assert probabilities == pytest.approx([p for _, p in expected[:4]], rel=1e-4)


@pytest.mark.parametrize("seed", range(2))
def test_where_time_runs_out_probabilities_are_still_true_and_the_answer_says_so(seed):
    model = Markov(seed, 0.3)
    words, probabilities, is_exact = search(model, 20, rows=4, steps=3)
    truth = dict(exhaustive(model)[0])
    assert not is_exact and 0 < len([w for w in words if w]) <= 12
    assert probabilities == pytest.approx([truth.get(word, 0.0) for word in words], rel=1e-4)
    assert list(probabilities) == sorted(probabilities, reverse=True)


def test_more_words_than_could_be_read_are_not_asked_for():
    words, probabilities, _ = search(Markov(0, 1.0), 1000, rows=2, steps=3)
    assert len(words) == len(probabilities) == 7 and words[-1] == ""


def test_probabilities_of_all_words_sum_to_that_of_a_letter():
    model = Markov(1, 2.0)
    _, probabilities, _ = search(model, 240, rows=8, steps=30)
    assert probabilities.sum() == pytest.approx(np.exp(model.first()[0].numpy()[LETTERS]).sum(), rel=0.02)
