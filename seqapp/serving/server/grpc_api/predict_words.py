"""Predict with words of its own: optional inputs `hotwords`, `lexicon` and `language_model` beside a signature's."""

from collections.abc import Mapping, Sequence

import numpy as np
import tensorflow as tf

from seqapp.serving.server.hotwords import MOST_PHRASES, MOST_WORDS, NONE, Phrases, expect_phrases, with_words
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.predict_json import DEFAULT_SIGNATURE

HOTWORDS, LEXICON, LANGUAGE_MODEL = "hotwords", "lexicon", "language_model"
MOST = {HOTWORDS: MOST_PHRASES, LEXICON: MOST_WORDS, LANGUAGE_MODEL: 1}


def words_of(messages: Mapping, model, signature_name: str) -> dict[str, Phrases]:
    """Get the words of a request and the name of its language model, of which a signature knows nothing.

    Args:
        messages: `TensorProto`s by name, strings `[N]` in UTF-8; others than these inputs are left alone.
        model: `Model`.
        signature_name: That is asked for.

    Returns:
        `Phrases` by the name of the input; an empty list is none.

    Raises:
        Refusal: INVALID_ARGUMENT: no strings, too many, a signature that is not searched, or no such language model.
    """
    specs = model.signatures[signature_name].inputs
    inputs = {name: message for name, message in messages.items() if name in MOST and name not in specs}
    if inputs and not (model.sense and signature_name == DEFAULT_SIGNATURE):
        names = ", ".join(sorted(inputs))
        raise _refusal(
            f"{names}: expected {DEFAULT_SIGNATURE} of a recogniser. Received: {signature_name} of {model.name}."
        )
    words = {name: phrases for name, message in inputs.items() if (phrases := _phrases(name, message))}
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
        raise _refusal(f"A search with {', '.join(words)} gives {', '.join(sorted(outputs))}. Received: {missing[:9]}.")
    outputs = {key: outputs[key] for key in keys} if keys else outputs
    named = {f"ignored_{name}": names for name, names in zip((HOTWORDS, LEXICON), left_out) if name in words}
    return outputs | {name: np.array([text.encode() for text in texts], object) for name, texts in named.items()}


def _language_model(words):
    """Name of the language model that a request asks for, "" for none; a name too long for a phrase is none either."""
    phrases = words.get(LANGUAGE_MODEL, NONE)
    return (*phrases.usable, *phrases.refused, "")[0]


def _search(transcriber, arrays):
    raw = arrays[transcriber.to_text.INPUT]
    lengths = np.clip(arrays["lengths"], 0, raw.shape[1])
    return transcriber.search([row[:length] for row, length in zip(raw, lengths)])


def _phrases(name, message):
    if message.dtype != tf.string.as_datatype_enum or len(message.tensor_shape.dim) > 1:
        raise _refusal(f"Expected {name}: strings [N] in UTF-8. Received: another type, or another shape.")
    # One string may fill any shape that is claimed.
    count = max(len(message.string_val), *(dim.size for dim in message.tensor_shape.dim), 0)
    if count > MOST[name]:
        unit = "name" if name == LANGUAGE_MODEL else "words and phrases"
        raise _refusal(f"Expected {name}: at most {MOST[name]} {unit}. Received: {count}.")
    texts = [text.decode("utf-8", "surrogateescape") for text in tf.make_ndarray(message).ravel().tolist()]
    try:
        return expect_phrases(texts, name, MOST[name])
    except ValueError as error:
        raise _refusal(str(error)) from None


def _refusal(message):
    return Refusal("INVALID_ARGUMENT", message)
