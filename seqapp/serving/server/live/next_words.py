"""Next words over HTTP: requests in JSON, answered by a language model with words and probabilities.

{"model": NAME, "text": "so far", "count": 5, "is_beginning": false} gives {"words": [...], "is_exact": true}.
"""

import json
from typing import NamedTuple

from seqapp.serving.server.live.message import BadMessage, number
from seqapp.serving.server.refusal import Refusal

MAX_WORDS = 20
MAX_CONTEXT = 2_000  # characters: what stands further back hardly matters to the next word


class NextWordsRequest(NamedTuple):
    """A request for next words.

    Attributes:
        model: Name of a language model.
        text: The end of the text so far.
        count: How many words to give.
        is_beginning: Whether the last word of the text is half typed.
    """

    model: str
    text: str
    count: int
    is_beginning: bool


def parse_next_words(body: bytes) -> NextWordsRequest:
    """Parse the body of a request.

    Raises:
        Refusal: INVALID_ARGUMENT.
    """
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _refusal(error) from None
    if not isinstance(fields, dict) or not all(isinstance(fields.get(key), str) for key in ("model", "text")):
        raise _refusal("model and text must be strings of one object")
    try:
        count = int(number(fields, "count", 1, MAX_WORDS, 5))
    except BadMessage as error:
        raise _refusal(error) from None
    return NextWordsRequest(fields["model"], fields["text"][-MAX_CONTEXT:], count, bool(fields.get("is_beginning")))


def _refusal(reason):
    return Refusal("INVALID_ARGUMENT", f'Expected {{"model", "text", "count"}}: {reason}')
