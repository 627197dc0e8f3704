"""Graph of an exported language model: functions from strings and tensors to next tokens, words and states."""

from collections.abc import Callable

import tensorflow as tf

from seqapp.language.corpus.vocabulary import LINE_BREAK, UNKNOWN, Vocabulary
from seqapp.language.exported.word_choice import WordChoice
from seqapp.language.exported.word_search import WordSearch

# As vocabulary.split, in RE2: runs of letters and digits with their apostrophes, and single marks.
_WORD = "([\\pL\\pN]+(?:['\u2019][\\pL\\pN]+)*|<unk>|[^\\pL\\pN\\s])"
_NO_SPACE_LAST = "(?s).*[^\\s\\pZ]"
_HALF_TYPED = "[\\pL\\pN'\u2019]*$"
_FOUND = {
    "words": tf.TensorSpec([None], tf.string), "probabilities": tf.TensorSpec([None], tf.float32),
    "is_exact": tf.TensorSpec([], tf.bool),
}  # fmt: skip


class LanguageModule(tf.Module):
    """The module that is exported.

    Args:
        model: `LanguageModel` with trained weights, float32.
        vocabulary: `Vocabulary`.
    """

    def __init__(self, model, vocabulary: Vocabulary):
        super().__init__(name="language_model")
        self._variables = [v.value for v in model.variables]
        # Behind functions, since a tf.Module would find the same weights a second time inside the Keras model.
        self._run = lambda tokens, state: model(tokens, state, training=False)
        self._logits = model.logits
        self._initial_state = model.initial_state
        self._losses = model.losses
        self._is_words = vocabulary.kind == "words"
        self._tokens = tf.constant(vocabulary.tokens)
        self._unknown = vocabulary.index[UNKNOWN]
        self._before = vocabulary.index[LINE_BREAK]
        rows = tf.lookup.KeyValueTensorInitializer(self._tokens, tf.range(len(vocabulary)))
        self._table = tf.lookup.StaticHashTable(rows, self._unknown)
        self._find = WordChoice(vocabulary) if self._is_words else WordSearch(self._read, vocabulary)
        self._trace(model.initial_state(1))

    def _trace(self, states):
        names = {f"state_{i}": tf.TensorSpec([None, *s.shape[1:]], s.dtype, f"state_{i}") for i, s in enumerate(states)}
        tokens = tf.TensorSpec([None, None], tf.int32, "tokens")
        count = tf.TensorSpec([], tf.int32, "count")
        context, beginning = (tf.TensorSpec([None], tf.string, name) for name in ("context", "beginning"))
        self.step = tf.function(self._step, autograph=False).get_concrete_function(tokens=tokens, **names)
        self.words = tf.function(self._words, autograph=False).get_concrete_function(
            tokens=tokens, beginning=beginning, count=count, **names
        )
        # Traced when they are first called, or exported.
        self.log_probs = tf.function(self._log_probs, input_signature=[tokens], autograph=False)
        batch_size = tf.TensorSpec([], tf.int32, "batch_size")
        self.start = tf.function(self._start, input_signature=[batch_size], autograph=False)
        self.next_token = tf.function(self._next_token, input_signature=[context, count], autograph=False)
        self.next_word = tf.function(self._next_word, input_signature=[context, count], autograph=False)
        self.complete_word = tf.function(self._complete_word, input_signature=[context, count], autograph=False)

    def functions(self) -> dict[str, Callable]:
        """Return what is exported, by the names of the signatures."""
        names = ("next_token", "next_word", "complete_word", "start", "step", "words", "log_probs")
        return {"serving_default": self.next_token, **{name: getattr(self, name) for name in names}}

    def _start(self, batch_size):
        """Return the state `[B, ...]` each, and log_probs float32 `[B, V]` of the first token of a line."""
        state = {f"state_{i}": s for i, s in enumerate(self._initial_state(batch_size))}
        return self._step(tf.fill([batch_size, 1], self._before), **state)

    def _step(self, tokens, **state):
        """Read more: tokens int32 `[B, T]`, T > 0, to log_probs float32 `[B, V]` of what comes next, and the state."""
        log_probs, after = self._read(tokens, _listed(state))
        return {"log_probs": log_probs, **{f"state_{i}": s for i, s in enumerate(after)}}

    def _read(self, tokens, state):
        outputs, state = self._run(tokens, state)
        return tf.nn.log_softmax(self._logits(outputs[:, -1])), state

    def _log_probs(self, tokens):
        """Compute log_probs float32 `[B, T - 1]` of texts, tokens int32 `[B, T]`, T > 0: of each token but the first.

        Each is given all before it, the first one from the state that begins a text.
        """
        outputs, _ = self._run(tokens[:, :-1], self._initial_state(tf.shape(tokens)[0]))
        return {"log_probs": -self._losses(outputs, tokens[:, 1:])}

    def _next_token(self, context, count):
        """Predict the likeliest tokens behind texts.

        Args:
            context: String `[B]`, read from the beginning of a line.
            count: Int32 [], how many tokens.

        Returns:
            Dict of tokens string `[B, count]` and probabilities float32 `[B, count]`, the likeliest first; the unknown
            word is none of them.
        """
        ids = tf.ragged.map_flat_values(self._table.lookup, self._split(context))
        first = tf.fill([tf.shape(context)[0], 1], self._before)
        tokens = tf.concat([first, ids.to_tensor(self._unknown)], axis=1)
        outputs, _ = self._run(tokens, self._initial_state(tf.shape(context)[0]))
        last = tf.gather(outputs, tf.cast(ids.row_lengths(), tf.int32), batch_dims=1)
        probabilities = tf.nn.softmax(self._logits(last))
        candidates = tf.where(tf.range(tf.shape(self._tokens)[0]) == self._unknown, -1.0, probabilities)
        best, places = tf.math.top_k(candidates, tf.minimum(count, tf.shape(self._tokens)[0] - 1))
        return {"tokens": tf.gather(self._tokens, places), "probabilities": best}

    def _next_word(self, context, count):
        """Predict the likeliest words behind texts.

        Args:
            context: String `[B]`, read from the beginning of a line; where one ends within a word, a space follows.
            count: Int32 [], how many words.

        Returns:
            Dict of words string `[B, count]`, the likeliest first; probabilities float32 `[B, count]`; "" and 0 where
            there are no more; is_exact bool `[B]`, whether these are the likeliest for certain (see `WordSearch`).
        """
        return self._words_behind(self._after_a_space(context), tf.zeros_like(context), count)

    def _complete_word(self, context, count):
        """Predict likewise where the last word of each text is half typed: words that begin with it, given that.

        A text that ends with no part of a word is answered as by `next_word`.
        """
        before = tf.strings.regex_replace(context, _HALF_TYPED, "")
        beginning = tf.strings.substr(context, tf.strings.length(before), tf.strings.length(context))
        if self._is_words:
            return self._words_behind(before, beginning, count)
        return self._words_behind(tf.where(beginning == "", self._after_a_space(context), context), beginning, count)

    def _after_a_space(self, context):
        """Add a space where a model of characters needs one to begin a word; a model of words splits by itself."""
        if self._is_words:
            return context
        return tf.where(tf.strings.regex_full_match(context, _NO_SPACE_LAST), context + " ", context)

    def _words_behind(self, context, beginning, count):
        count = tf.maximum(count, 1)

        def find(row):
            ids = self._table.lookup(self._split(row[0][tf.newaxis]).values)
            tokens = tf.concat([[self._before], ids], axis=0)[tf.newaxis]
            log_probs, state = self._read(tokens, self._initial_state(1))
            return self._found(log_probs[0], state, row[1], count)

        # Row by row: each ends where it ends, and its search takes as long as it takes.
        return tf.map_fn(find, (context, beginning), fn_output_signature=_FOUND)

    def _words(self, tokens, beginning, count, **state):
        """Read more, as `step` does, and find the likeliest words there: what `step` gives and what `_next_word` does.

        Args:
            tokens: Int32 `[B, T]`, T > 0: of a model of words all before the word that is sought, of a model of
                characters those that are typed of it too.
            beginning: String `[B]`, what is typed of the word; "" where it is yet to begin.
            count: Int32 [], how many words.
            state: As `step` gives it.
        """
        after = self._step(tokens, **state)
        count = tf.maximum(count, 1)
        log_probs = after["log_probs"]
        state = _listed({name: after[name] for name in state})
        words = tf.map_fn(
            lambda row: self._found(row[0], [s[tf.newaxis] for s in row[1]], row[2], count),
            (log_probs, state, beginning), fn_output_signature=_FOUND,
        )  # fmt: skip
        return words | after

    def _found(self, log_probs, state, beginning, count):
        return dict(zip(_FOUND, self._find(log_probs, state, beginning, count)))

    def _split(self, context):
        if not self._is_words:
            return tf.strings.unicode_split(context, "UTF-8", errors="replace")
        spaced = tf.strings.regex_replace(tf.strings.regex_replace(context, _WORD, " \\1 "), "\n", " \n ")
        words = tf.strings.split(tf.strings.regex_replace(spaced, "[^\\S\n]+", " "), " ")
        return tf.ragged.boolean_mask(words, words != "")


def _listed(state):
    return [state[f"state_{i}"] for i in range(len(state))]
