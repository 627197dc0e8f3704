"""Next-word workload: from a text to ranked words, with models of about 1 M parameters.

Weights are random, which for the time of a network is as good as any. A model of characters looks for words letter by
letter; with random tied weights a letter is mostly followed by itself, so that the search goes on to its limit: the
slowest that it can be.
"""

import statistics
import string
import time
from collections.abc import Sequence

import numpy as np

from seqapp.language.corpus.vocabulary import LINE_BREAK, UNKNOWN, Vocabulary
from seqapp.language.exported.language_module import LanguageModule
from seqapp.language.network.language_model import LanguageModel
from seqapp.language.predictor import Predictor
from seqapp.recipe import NetworkConfig

AXES = "V, H, parameters, characters read"
LETTERS = (UNKNOWN, LINE_BREAK, " ", *string.ascii_letters, *string.punctuation)
SYLLABLES = [a + b for a in "bdfghjklmnprstvwz" for b in "aeiouy"]
WORDS = (UNKNOWN, LINE_BREAK, *(syllable + c for syllable in SYLLABLES for c in string.ascii_lowercase))
MODELS = {"next word, of words": (WORDS, "words", 192), "next word, of characters": (LETTERS, "characters", 280)}
WARM_UP = 5  # calls that are not counted
COUNT = 5  # words asked for


def next_word_rows(length: int, calls: int, threads: int, only: Sequence[str] = ()) -> list[dict]:
    """Time one answer, for each kind of model: forward_ms is the median, p95_ms the slow end.

    Args:
        length: Characters of the text that is read each time.
        calls: Answers that are timed, at least two.
        threads: What to write into the rows.
        only: Parts of names; others are left out. Empty: all.

    Raises:
        ValueError: Where no name is meant.
    """
    names = [name for name in MODELS if not only or any(part in name for part in only)]
    if not names:
        raise ValueError(f"--only must be part of a row's name: {', '.join(MODELS)}. Received: {' '.join(only)}.")
    return [_row(name, length, calls, threads) for name in names]


def _row(name, length, calls, threads):
    tokens, kind, width = MODELS[name]
    predictor, num_parameters = random_predictor(Vocabulary(tokens, kind), width)
    seconds = answer_times(predictor, length, WARM_UP + calls)[WARM_UP:]
    return {
        "name": name, "shape": [len(tokens), width, num_parameters, length],
        "forward_ms": round(1000 * statistics.median(seconds), 3),
        "p95_ms": round(1000 * statistics.quantiles(seconds, n=20)[-1], 3), "step_ms": None, "threads": threads,
    }  # fmt: skip


def random_predictor(vocabulary: Vocabulary, width: int) -> tuple[Predictor, int]:
    """Return a `Predictor` of four layers of min_gru with random weights, and the number of these."""
    model = LanguageModel(NetworkConfig(units=width, width=width), len(vocabulary))
    module = LanguageModule(model, vocabulary)
    return Predictor(module.functions(), vocabulary, module), model.count_params()


def answer_times(predictor: Predictor, length: int, calls: int) -> list[float]:
    """Time each of `calls` answers, every one behind a text of its own: none is read on from one before."""
    seconds = []
    for call in range(calls):
        context = text(length, call)
        start = time.perf_counter()
        predictor.next_words(context, COUNT)
        seconds.append(time.perf_counter() - start)
    return seconds


def text(length: int, seed: int) -> str:
    """Return words of the vocabulary above, cut to `length` characters."""
    words = np.random.default_rng(seed).choice(WORDS[2:], size=length)
    return " ".join(words)[:length]
