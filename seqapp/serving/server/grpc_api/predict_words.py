"""Predict with words of its own: optional inputs `hotwords` and `lexicon` beside those of a recogniser's signature."""

from collections.abc import Mapping, Sequence

import numpy as np
import tensorflow as tf

from seqapp.serving.server.hotwords import MOST_PHRASES, MOST_WORDS, NONE, Phrases, expect_phrases, with_words
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.predict_json import DEFAULT_SIGNATURE

HOTWORDS, LEXICON = "hotwords", "lexicon"
MOST = {HOTWORDS: MOST_PHRASES, LEXICON: MOST_WORDS}


def words_of(messages: Mapping, model, signature_name: str) -> dict[str, Phrases]:
    """Get the words of a request, of which a signature knows nothing.

    Args:
        messages: `TensorProto`s by name, strings `[N]` in UTF-8; others than these inputs are left alone.
        model: `Model`.
        signature_name: That is asked for.

    Returns:
        `Phrases` by the name of the input; an empty list is none.

    Raises:
        Refusal: INVALID_ARGUMENT: no strings, too many, or a signature that is not searched.
    """
    specs = model.signatures[signature_name].inputs
    inputs = {name: message for name, message in messages.items() if name in MOST and name not in specs}
    if inputs and not (model.sense and signature_name == DEFAULT_SIGNATURE):
        names = ", ".join(sorted(inputs))
        raise _refusal(
            f"{names}: expected {DEFAULT_SIGNATURE} of a recogniser. Received: {signature_name} of {model.name}."
        )
    return {name: phrases for name, message in inputs.items() if (phrases := _phrases(name, message))}


def predict(model, arrays: Mapping[str, np.ndarray], words: Mapping[str, Phrases], keys: Sequence[str]) -> dict:
    """Read rows as `serving_default` would, by a search beside the graph that minds words.

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
    transcriber, left_out = with_words(model.transcriber, words.get(HOTWORDS, NONE), words.get(LEXICON, NONE))
    if transcriber is model.transcriber or not len(arrays["lengths"]):  # there is nothing to mind, or to read
        outputs = model.call(DEFAULT_SIGNATURE, **arrays)
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
        raise _refusal(f"Expected {name}: at most {MOST[name]} words and phrases. Received: {count}.")
    texts = [text.decode("utf-8", "surrogateescape") for text in tf.make_ndarray(message).ravel().tolist()]
    try:
        return expect_phrases(texts, name, MOST[name])
    except ValueError as error:
        raise _refusal(str(error)) from None


def _refusal(message):
    return Refusal("INVALID_ARGUMENT", message)
