"""What a scorer says of a whole text."""

import numpy as np


def score_of(scorer, text, alphabet):
    """All that reading the text adds, its end included."""
    state, total = np.array([scorer.start]), 0.0
    for label in alphabet.encode(text):
        total += float(scorer.rows(state)[0, label])
        state = scorer.advance(state, np.array([label]))
    return total + float(np.ravel(scorer.finish(state))[0])
