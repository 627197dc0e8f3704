"""Words of one request or stream: hotwords, likelier here than elsewhere, and a lexicon, besides which none is read."""

import contextlib
from typing import NamedTuple

MOST_PHRASES, LONGEST_PHRASE = 500, 200
MOST_WORDS = 20_000  # of a lexicon
MOST_LEFT_OUT, LONGEST_NAME = 12, 60  # that an answer names, and characters of each
ANY_OTHER = "[unk]"  # vosk's, for all other words: these may be said here in any case


class Phrases(NamedTuple):
    """Words and phrases that somebody sent.

    Attributes:
        usable: Texts within bounds.
        refused: Names of the others.
    """

    usable: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def __bool__(self):
        return bool(self.usable or self.refused)

    def __add__(self, other):
        return Phrases(self.usable + other.usable, self.refused + other.refused)


NONE = Phrases()


def expect_phrases(value: object, name: str, most: int = MOST_PHRASES) -> Phrases:
    """Return a list of words and phrases that somebody sent; one that is none does not spoil the others.

    Args:
        value: Parsed JSON.
        name: Of the field, for errors.
        most: Of them.

    Raises:
        ValueError: No list, or one of more than that.
    """
    if not isinstance(value, list):
        raise ValueError(f"Expected {name}: a list of words and phrases. Received: {_named(value)}.")
    if len(value) > most:
        raise ValueError(f"Expected {name}: at most {most} words and phrases. Received: {len(value)}.")
    value = [phrase for phrase in value if phrase != ANY_OTHER]
    usable = tuple(phrase for phrase in value if _is_usable(phrase))
    return Phrases(usable, tuple(_named(phrase) for phrase in value if not _is_usable(phrase)))


def with_words(transcriber, hotwords: Phrases = NONE, lexicon: Phrases = NONE):
    """Return a transcriber that minds hotwords and a lexicon, and those of either that it does not mind.

    Where it can write none of them it is the same as before.

    Args:
        transcriber: `LocalTranscriber`.
        hotwords, lexicon: `Phrases`.

    Returns:
        transcriber: `LocalTranscriber`.
        left_out: Two tuples of names, of hotwords and of the lexicon, at most `MOST_LEFT_OUT` each.
    """
    left_out = []
    for phrases, mind in ((lexicon, "with_lexicon"), (hotwords, "with_hotwords")):
        unwritable = phrases.usable
        if phrases.usable:
            with contextlib.suppress(ValueError):  # all of them cannot be written
                transcriber, unwritable = getattr(transcriber, mind)(phrases.usable)
        left_out.append((*phrases.refused, *map(_named, unwritable))[:MOST_LEFT_OUT])
    return transcriber, tuple(reversed(left_out))


def _is_usable(phrase):
    if not isinstance(phrase, str) or len(phrase) > LONGEST_PHRASE:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in phrase)  # half of a pair, which JSON can write


def _named(value):
    """Name anything that was sent, as text of UTF-8."""
    name = value if isinstance(value, str) else repr(value)
    name = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 3]}..."
