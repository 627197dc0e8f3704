"""Predict with words of its own: optional `hotwords`, `lexicon` and `language_model` beside a signature's inputs."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import tensorflow as tf

from seqapp.serving.server.hotwords import MOST_PHRASES, MOST_WORDS, NONE, Phrases, expect_phrases, with_words
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.predict_json import DEFAULT_SIGNATURE

HOTWORDS, LEXICON, LANGUAGE_MODEL = "hotwords", "lexicon", "language_model"
MOST = {HOTWORDS: MOST_PHRASES, LEXICON: MOST_WORDS, LANGUAGE_MODEL: 1}
IGNORED = {HOTWORDS: "ignored_hotwords", LEXICON: "ignored_lexicon"}  # outputs


def words_of(request: Mapping, model, signature_name: str) -> dict[str, Phrases]:
    """Get the words of a JSON body and the name of its language model, which stand beside its rows or columns.

    Args:
        request: Parsed body.
        model: `Model`.
        signature_name: That is asked for.

    Returns:
        `Phrases` by the name of the field; an empty one is none.

    Raises:
        Refusal: INVALID_ARGUMENT: as of `expect_words`, or another type.
    """
    fields = {name: request[name] for name in MOST if request.get(name) is not None}
    if not isinstance(name := fields.get(LANGUAGE_MODEL, ""), str):
        raise refusal(f"Expected {LANGUAGE_MODEL}: a name. Received: {str(name)[:60]}.")
    words = {name: phrases_of(fields[name], name) for name in (HOTWORDS, LEXICON) if name in fields}
    words |= {LANGUAGE_MODEL: Phrases((name,) if name else ())}
    return expect_words(fields, words, model, signature_name)


def phrases_of(value: object, name: str) -> Phrases:
    """Return `expect_phrases` of a field of the request; a Refusal where it is no list, or too long."""
    try:
        return expect_phrases(value, name, MOST[name])
    except ValueError as error:
        raise refusal(str(error)) from None


def expect_words(names: Iterable[str], words: Mapping[str, Phrases], model, signature_name: str) -> dict[str, Phrases]:
    """Return those words of a request that say something.

    Args:
        names: Of the request's fields, empty ones too.
        words: `Phrases` by the name of the field.
        model: `Model`.
        signature_name: That is asked for.

    Raises:
        Refusal: INVALID_ARGUMENT: a signature that is not searched, or no such language model.
    """
    if names and not (model.sense and signature_name == DEFAULT_SIGNATURE):
        raise refusal(
            f"{', '.join(sorted(names))}: expected {DEFAULT_SIGNATURE} of a recogniser. "
            f"Received: {signature_name} of {model.name}."
        )
    words = {name: phrases for name, phrases in words.items() if phrases}
    if LANGUAGE_MODEL in words:
        model.language_models.expect(_language_model(words))
    return words


def predict(model, arrays: Mapping[str, np.ndarray], words: Mapping[str, Phrases], keys: Sequence[str]) -> dict:
    """Read rows as `serving_default` would, with words or a language model: by a search beside the graph, if need be.

    Args:
        model: `Model`.
        arrays: Inputs of the signature, checked and padded as a client sent them.
        words: As of `words_of`.
        keys: Outputs that are asked for; () for all that a search has.

    Returns:
        Arrays by name; `ignored_hotwords` and `ignored_lexicon`, strings `[N]`, name words that were left out.

    Raises:
        Refusal: INVALID_ARGUMENT: outputs that a search has not.
    """
    signature = model.signatures[DEFAULT_SIGNATURE]
    signature.check(arrays)
    transcriber = model.language_models.transcriber(_language_model(words))
    transcriber, left_out = with_words(transcriber, words.get(HOTWORDS, NONE), words.get(LEXICON, NONE))
    if transcriber.signature or not len(arrays["lengths"]):  # there is nothing to mind, or to read
        outputs = model.call(transcriber.signature or DEFAULT_SIGNATURE, **arrays)
    else:
        outputs = _search(transcriber, arrays)
    outputs = {
        name: np.asarray(outputs[name], None if spec.dtype == tf.string else spec.dtype.as_numpy_dtype)
        for name, spec in signature.outputs.items()
        if name in outputs
    }
    if missing := [key for key in keys if key not in outputs]:
        raise refusal(f"A search with {', '.join(words)} gives {', '.join(sorted(outputs))}. Received: {missing[:9]}.")
    outputs = {key: outputs[key] for key in keys} if keys else outputs
    named = {key: names for (name, key), names in zip(IGNORED.items(), left_out) if name in words}
    return outputs | {name: np.array([text.encode() for text in texts], object) for name, texts in named.items()}


def _language_model(words):
    """Name of the language model that a request asks for, "" for none; a name too long for a phrase is none either."""
    phrases = words.get(LANGUAGE_MODEL, NONE)
    return (*phrases.usable, *phrases.refused, "")[0]


def _search(transcriber, arrays):
    raw = arrays[transcriber.to_text.INPUT]
    lengths = np.clip(arrays["lengths"], 0, raw.shape[1])
    return transcriber.search([row[:length] for row, length in zip(raw, lengths)])


def refusal(message: str) -> Refusal:
    """Make the Refusal of a bad request."""
    return Refusal("INVALID_ARGUMENT", message)
