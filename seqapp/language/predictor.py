"""Next-word prediction: words with probabilities, completions of beginnings, sampled texts."""

import collections
import functools
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import tensorflow as tf

from seqapp.language.corpus.vocabulary import LINE_BREAK, UNKNOWN, Vocabulary
from seqapp.language.open_model import open_model
from seqapp.language.prediction import Prediction
from seqapp.language.sampling import draw

KEPT_TEXTS = 64  # whose state is remembered: what is typed on, or taken back, is not read again


class Predictor:
    """Predicts behind any text, for any number of threads.

    Args:
        functions: Those of `LanguageModule` by the names of their signatures: start, step and words. They take keyword
            arguments.
        vocabulary: `Vocabulary`.
        owner: Whatever holds the variables of the functions.

    Raises:
        ValueError: Where a function is missing, as in an older SavedModel.
    """

    def __init__(self, functions: Mapping[str, Callable], vocabulary: Vocabulary, owner: object = None):
        if missing := {"start", "step", "words"} - set(functions):
            raise ValueError(f"Expected the signature {sorted(missing)[0]} of a language model. Export it again.")
        self._start, self._step, self._words = (functions[name] for name in ("start", "step", "words"))
        self.vocabulary = vocabulary
        self._owner = owner
        self._read_before = collections.OrderedDict()  # text -> the state behind it, the oldest first
        self._lock = threading.Lock()  # of these

    @classmethod
    def load(cls, path: str | Path) -> "Predictor":
        """Open a workdir, a SavedModel, or the folder of its versions (the newest is taken).

        Raises:
            ValueError: Where there is none of these.
        """
        opened = open_model(path)
        return cls(opened.functions, opened.vocabulary, opened.owner)

    def next_words(self, context: str, count: int = 5, is_beginning: bool = False) -> list[Prediction]:
        """Predict the likeliest words behind a text.

        Args:
            context: A text; an empty one asks for the first word of a line.
            count: How many words.
            is_beginning: Whether the last word of the text is half typed: then only words that begin with it are given,
                and their probabilities are among all that do.

        Returns:
            `Prediction`s, the likeliest first; none for a beginning that no word has.
        """
        return self.search(context, count, is_beginning)[0]

    def search(self, context: str, count: int = 5, is_beginning: bool = False) -> tuple[list[Prediction], bool]:
        """Predict likewise, and tell whether no likelier word was overlooked (see `WordSearch`)."""
        beginning = _last_word(context) if is_beginning else ""
        text = context
        if self.vocabulary.kind == "words":
            text = context[: len(context) - len(beginning)]
        elif not beginning and context and not context[-1].isspace():
            text = context + " "
        ids, state = self._unread(text)
        outputs = self._words(tokens=ids, beginning=tf.constant([beginning]), count=tf.constant(count), **state)
        self._keep(text, outputs)
        words, probabilities, is_exact = (
            np.asarray(outputs[name])[0] for name in ("words", "probabilities", "is_exact")
        )
        return [Prediction(word.decode(), float(p)) for word, p in zip(words, probabilities) if word], bool(is_exact)

    def text(
        self, context: str = "", num_tokens: int = 200, temperature: float = 1.0, top_p: float = 1.0, seed: int = 0
    ) -> str:
        """Go on writing.

        Args:
            context: What stands before; it is not given back.
            num_tokens: Characters or words to write.
            temperature: Logits are divided by it: below 1 safer, above bolder; 0 always takes the likeliest.
            top_p: Only the likeliest tokens that together have this probability are drawn from.
            seed: Of the draws.
        """
        generator = np.random.default_rng(seed)
        written = []
        outputs = self._behind(context)
        for _ in range(num_tokens):
            log_probs = np.asarray(outputs["log_probs"])[0]
            written.append(draw(log_probs, temperature, top_p, generator, self.vocabulary.index[UNKNOWN]))
            outputs = self._read_on(np.array(written[-1:], np.int32), outputs)
        return self.vocabulary.decode(written)

    def read(self, context: str):
        """Return log-probabilities float32 `[V]` of the token behind a text."""
        return np.asarray(self._behind(context)["log_probs"])[0]

    def _behind(self, text):
        """Return the outputs of `step` behind a text."""
        ids, state = self._unread(text)
        return self._keep(text, self._step(tokens=ids, **state))

    def _unread(self, text):
        """Return the tokens int32 `[1, T]`, T > 0, that must be read, and the state behind what was read before."""
        with self._lock:
            read_before = {prefix: state for prefix, state in self._read_before.items() if text.startswith(prefix)}
        for prefix in sorted(read_before, key=len, reverse=True):
            ids = self.vocabulary.encode(text[len(prefix) :])
            if len(ids) and self._may_be_cut(text, len(prefix)):
                return tf.constant(ids[np.newaxis]), read_before[prefix]
        ids = [self.vocabulary.index[LINE_BREAK], *self.vocabulary.encode(text)]
        return tf.constant([ids], tf.int32), self._nothing_read

    def _may_be_cut(self, text, place):
        """Return whether a place in a text stands between two tokens."""
        return self.vocabulary.kind == "characters" or text[place].isspace() or text[place - 1 : place].isspace()

    @functools.cached_property
    def _nothing_read(self):
        return {name: tf.zeros_like(tensor) for name, tensor in _state(self._start(batch_size=tf.constant(1))).items()}

    def _keep(self, text, outputs):
        with self._lock:
            self._read_before[text] = _state(outputs)
            self._read_before.move_to_end(text)
            while len(self._read_before) > KEPT_TEXTS:
                self._read_before.popitem(last=False)
        return outputs

    def _read_on(self, ids, outputs):
        return self._step(tokens=tf.constant(ids[np.newaxis]), **_state(outputs))


def _state(outputs):
    return {name: tensor for name, tensor in outputs.items() if name.startswith("state_")}


def _last_word(context):
    """Return the letters, digits and apostrophes that a text ends with."""
    place = len(context)
    while place and (context[place - 1].isalnum() or context[place - 1] in "'\u2019"):
        place -= 1
    return context[place:]
