"""Made-up texts: what the models of this room are estimated from."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def made_up_texts():
    """Make texts of so many symbols: words drawn from a vocabulary, joined by underscores."""

    def made_up(num_texts, num_words, text_words):
        rng = np.random.default_rng(0)
        words = ["".join(rng.choice(list("abcdefghij"), rng.integers(2, 7))) for _ in range(num_words)]
        return [list("_".join(rng.choice(words, text_words))) for _ in range(num_texts)]

    return made_up
