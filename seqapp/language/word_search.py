"""Whole words from a model of characters: the likeliest ways to go on until a word ends."""

import heapq
import math

import numpy as np
import tensorflow as tf

BEAM_WIDTH = 16
LONGEST_WORD = 24


def likely_words(log_probs, state, read, vocabulary, beginning="", count=5):
    """Search words letter by letter, all of one length at once, until none left can be among the best.

    The probability of a word is that of its letters times that of anything behind them which is no letter, so that
    those of all words sum to at most one. With a beginning they are probabilities given that beginning.

    Args:
        log_probs: Float `[V]`, of the word's first letter.
        state: Dict of tensors `[1, H]`.
        read: Function of tokens int32 `[B]` and states `[B, H]` to log-probabilities `[B, V]` and states.
        vocabulary: `Vocabulary` of characters.
        beginning: Letters that are typed already.
        count: How many words.

    Returns:
        List of (word, probability), the likeliest first.
    """
    is_letter = np.array([t.isalnum() or t in ("'", "\u2019") for t in vocabulary.tokens])
    for token in vocabulary.encode(beginning):
        rows, state = read(np.array([token], np.int32), state)
        log_probs = rows[0]
    words, scores, rows, found = [beginning], np.zeros(1), np.array([log_probs], np.float64), []
    for _ in range(LONGEST_WORD):
        ends = scores + np.logaddexp.reduce(rows[:, ~is_letter], axis=1)
        found += [(float(end), word) for word, end in zip(words, ends) if word]
        found = heapq.nlargest(count, found)
        longer = np.where(is_letter, scores[:, np.newaxis] + rows, -np.inf)
        # What is to be among the best must be likelier than the last of them before its end is counted.
        least = found[-1][0] if len(found) == count else -np.inf
        places = np.argsort(-longer, axis=None, kind="stable")[:BEAM_WIDTH]
        places = places[longer.ravel()[places] > least]
        if not len(places):
            break
        row, token = np.unravel_index(places, longer.shape)
        words, scores = [words[r] + vocabulary.tokens[t] for r, t in zip(row, token)], longer[row, token]
        padded = np.resize(np.arange(len(row)), BEAM_WIDTH)  # always as many rows: one graph for all
        state = {name: tf.gather(tensor, row[padded]) for name, tensor in state.items()}
        rows, state = read(token[padded].astype(np.int32), state)
        rows = rows[: len(row)].astype(np.float64)
    return [(word, math.exp(score)) for score, word in found]
