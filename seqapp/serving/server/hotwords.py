"""Hotwords of one request or stream: words and phrases that are likelier here than elsewhere, within bounds."""

from collections.abc import Sequence

MOST_PHRASES, LONGEST_PHRASE = 500, 200
MOST_LEFT_OUT = 12  # that an answer names
ANY_OTHER = "[unk]"  # vosk's, for all other words: these may be said here in any case


def expect_hotwords(value: object, name: str) -> tuple[str, ...]:
    """Return a list of words and phrases that somebody sent.

    Args:
        value: Parsed JSON.
        name: Of the field, for errors.

    Raises:
        ValueError: Another type, no texts, or more or longer ones than can be.
    """
    if not isinstance(value, list) or not all(isinstance(phrase, str) for phrase in value):
        received = repr(value)
        raise ValueError(
            f"Expected {name}: a list of words and phrases. Received: "
            f"{received if len(received) <= 60 else f'{received[:57]}...'}."
        )
    longest = max(map(len, value), default=0)
    if len(value) > MOST_PHRASES or longest > LONGEST_PHRASE:
        raise ValueError(
            f"Expected {name}: at most {MOST_PHRASES} phrases of at most {LONGEST_PHRASE} characters. Received: "
            f"{len(value)}, the longest of {longest}."
        )
    try:
        "".join(value).encode("utf-8")
    except UnicodeEncodeError as error:  # half of a pair of surrogates, which JSON can write
        raise ValueError(f"Expected {name}: texts. Received: {error}.") from None
    return tuple(phrase for phrase in value if phrase != ANY_OTHER)


def with_hotwords(transcriber, hotwords: Sequence[str]):
    """Return a transcriber that searches for hotwords, and those of them that it cannot write.

    Where it can write none it is the same as before.

    Args:
        transcriber: `LocalTranscriber`.
        hotwords: Strings.
    """
    if not hotwords:
        return transcriber, ()
    try:
        transcriber, left_out = transcriber.with_hotwords(hotwords)
    except ValueError:
        left_out = tuple(hotwords)
    return transcriber, left_out[:MOST_LEFT_OUT]
