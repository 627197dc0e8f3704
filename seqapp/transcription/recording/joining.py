"""Readings of pieces joined to the reading of the recording, with times of the recording."""

import dataclasses
import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from seqapp.models.reading import SpeechReading, Word, iter_words, words
from seqapp.text import Alphabet

CLOSE_S = 0.04  # gaps of two readings that are shorter are no common gap


@dataclasses.dataclass(frozen=True)
class Character:
    """One character of a recording: its text, its frame, when it was said, and its probability."""

    text: str
    frame: int
    start_s: float
    end_s: float
    confidence: float

    @property
    def is_space(self) -> bool:
        """Whether it stands between words."""
        return not self.text.strip()


@dataclasses.dataclass(frozen=True)
class Part:
    """What one piece of a recording says.

    Attributes:
        characters: `Character`s.
        confidence: Of the reading of the piece.
        is_sure: Of the reading of the piece.
        seconds: Length of the piece.
        joins_word: Whether its first word goes on from the part before: no boundary was found between them.
        start_s: Where the piece begins.
        overlap_s: How long it overlaps with the piece before.
        heard: `Character`s that were left out, since nothing seems to be said.
    """

    characters: tuple[Character, ...]
    confidence: float
    is_sure: bool
    seconds: float
    joins_word: bool = False
    start_s: float = 0.0
    overlap_s: float = 0.0
    heard: tuple[Character, ...] = ()

    def without_text(self) -> "Part":
        """Leave out the characters, but as what was heard."""
        return dataclasses.replace(self, characters=(), heard=self.characters)


def part_of(
    reading: SpeechReading,
    start_s: float,
    seconds: float,
    alphabet: Alphabet | None = None,
    frames_per_second: float | None = None,
    overlap_s: float = 0.0,
) -> Part:
    """Move the reading of a piece to its place in the recording.

    Args:
        reading: Of the piece.
        start_s: Where the piece begins.
        seconds: Length of the piece.
        alphabet: Of the model; None: unknown.
        frames_per_second: Of the model's `log_probs`; None: unknown, and told by the reading.
        overlap_s: How long the piece overlaps with the one before.
    """
    step = _frames_per_second(reading) if frames_per_second is None else frames_per_second
    columns = (
        _symbols(reading, alphabet),
        (frame + round(step * start_s) for frame in reading.char_frames),
        (start_s + second for second in reading.char_start_s),
        (start_s + second for second in reading.char_end_s),
        reading.char_confidences,
    )
    characters = tuple(Character(*row) for row in zip(*columns))
    return Part(characters, reading.confidence, reading.is_sure, seconds, start_s=start_s, overlap_s=overlap_s)


def joined_at_overlap(first: Part, second: Part, start_s: float, end_s: float) -> tuple[Part, Part]:
    """Divide an overlap between two parts: between two words in both readings, as near to its middle as can be.

    Args:
        first: Part whose piece ends with the overlap.
        second: Part whose piece begins with it.
        start_s: Where the overlap begins.
        end_s: Where it ends.

    Returns:
        Both, each with the characters on its side; where no gap between words is common to both readings, one between
        characters, and where there is none either, the middle.
    """
    middle_s = (start_s + end_s) / 2
    for is_between_words in (True, False):
        gaps = [_gaps(part.characters, start_s, end_s, is_between_words) for part in (first, second)]
        common = [(max(a[0], b[0]), min(a[1], b[1])) for a, b in itertools.product(*gaps)]
        places = [(left + right) / 2 for left, right in common if right - left >= CLOSE_S]
        if places:
            place_s = min(places, key=lambda place: abs(place - middle_s))
            break
    else:
        place_s, is_between_words = middle_s, False
    before = tuple(c for c in first.characters if c.start_s < place_s)
    behind = tuple(c for c in second.characters if c.start_s >= place_s)
    joins_word = not is_between_words and bool(before and behind) and not (before[-1].is_space or behind[0].is_space)
    return dataclasses.replace(first, characters=before), dataclasses.replace(
        second, characters=behind, joins_word=joins_word
    )


def joined(parts: Sequence[Part], has_spaces: bool = True) -> SpeechReading:
    """Join the parts of a recording.

    Args:
        parts: In order.
        has_spaces: Whether the model's words are divided by spaces: one is put between parts.

    Returns:
        The reading: its confidence is the mean of those of the pieces, each weighted by its characters (by its length
        where nothing was read in any), the share of the text that stands in pieces without a fault, to be expected; it
        is sure where all pieces are. It has no alternatives.
    """
    characters = list(characters_of(parts, has_spaces))
    heard = [dataclasses.replace(part, characters=part.heard) for part in parts if part.heard]
    texts, starts, ends = ([getattr(c, name) for c in characters] for name in ("text", "start_s", "end_s"))
    confidences = [c.confidence for c in characters]
    return SpeechReading(
        text="".join(texts),
        confidence=mean_confidence(parts),
        is_sure=all(part.is_sure for part in parts),
        char_frames=tuple(c.frame for c in characters),
        char_confidences=tuple(confidences),
        char_start_s=tuple(starts),
        char_end_s=tuple(ends),
        words=words(texts, starts, ends, confidences),
        heard="".join(c.text for c in characters_of(heard, has_spaces)),
    )


def mean_confidence(parts: Sequence[Part]) -> float:
    """Average the confidences of parts, each weighted by its characters, or by its length where none has any."""
    weights = [len(part.characters) for part in parts]
    weights = weights if any(weights) else [len(part.heard) for part in parts]
    weights = weights if any(weights) else [part.seconds for part in parts]
    total = sum(weights)
    return sum(w * part.confidence for w, part in zip(weights, parts)) / total if total else 1.0


def characters_of(parts: Iterable[Part], has_spaces: bool = True) -> Iterator[Character]:
    """Yield the characters of parts while these come, and a space between two parts; arguments as of `joined`."""
    last = None
    for part in parts:
        own = _trimmed(part.characters)
        if own and last is not None and has_spaces and not part.joins_word:
            yield Character(" ", last.frame + 1, last.end_s, max(last.end_s, own[0].start_s), 1.0)
        yield from own
        last = own[-1] if own else last


def words_of(characters: Iterable[Character]) -> Iterator[Word]:
    """Yield words while their characters come."""
    return iter_words((c.text, c.start_s, c.end_s, c.confidence) for c in characters)


def _trimmed(characters: Sequence[Character]) -> list[Character]:
    """Leave out spaces at both ends."""
    said = [place for place, character in enumerate(characters) if not character.is_space]
    return list(characters[said[0] : said[-1] + 1]) if said else []


def _gaps(characters, start_s, end_s, is_between_words) -> list[tuple[float, float]]:
    """Spans of time between neighbouring characters, or words, within an overlap."""
    said = [c for c in characters if not c.is_space]
    spaces = [c.start_s for c in characters if c.is_space]
    gaps = []
    for left, right in zip([None, *said], [*said, None]):
        span = left.start_s if left else start_s, right.start_s if right else end_s
        is_boundary = left is None or right is None or any(span[0] <= second <= span[1] for second in spaces)
        if is_boundary or not is_between_words:
            gaps.append((max(span[0], start_s), min(span[1], end_s)))
    return gaps


def _symbols(reading: SpeechReading, alphabet: Alphabet | None) -> list[str]:
    """The characters of a reading, one for each of its frames."""
    if alphabet is not None and len(reading.text) != len(reading.char_frames):
        return alphabet.split(reading.text)
    symbols: list[str] = []
    for character in reading.text:  # where nobody knows the alphabet: letters with what combines with them
        if symbols and unicodedata.combining(character) and len(reading.text) != len(reading.char_frames):
            symbols[-1] += character
        else:
            symbols.append(character)
    return symbols


def _frames_per_second(reading: SpeechReading) -> float:
    """How many frames of `log_probs` a second has; 0 where a reading is too short to tell."""
    if len(reading.char_frames) < 2 or reading.char_start_s[-1] <= reading.char_start_s[0]:
        return 0.0
    return (reading.char_frames[-1] - reading.char_frames[0]) / (reading.char_start_s[-1] - reading.char_start_s[0])
