"""Words of a gRPC Predict: optional inputs `hotwords`, `lexicon` and `language_model` beside a signature's."""

from collections.abc import Mapping

import tensorflow as tf

from seqapp.serving.server.hotwords import Phrases
from seqapp.serving.server.rest.predict_words import LANGUAGE_MODEL, MOST, expect_words, phrases_of, refusal


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
    return expect_words(
        inputs, {name: _phrases(name, message) for name, message in inputs.items()}, model, signature_name
    )


def _phrases(name, message):
    if message.dtype != tf.string.as_datatype_enum or len(message.tensor_shape.dim) > 1:
        raise refusal(f"Expected {name}: strings [N] in UTF-8. Received: another type, or another shape.")
    # One string may fill any shape that is claimed.
    count = max(len(message.string_val), *(dim.size for dim in message.tensor_shape.dim), 0)
    if count > MOST[name]:
        unit = "name" if name == LANGUAGE_MODEL else "words and phrases"
        raise refusal(f"Expected {name}: at most {MOST[name]} {unit}. Received: {count}.")
    return phrases_of(
        [text.decode("utf-8", "surrogateescape") for text in tf.make_ndarray(message).ravel().tolist()], name
    )
