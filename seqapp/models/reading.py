"""Readings: the text, confidence, character places and alternatives of one example, as plain Python values."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from seqapp.decoding.confidence import geometric_mean
from seqapp.decoding.decoder import Alternative

SILENCE_S = 1.0  # after a character, within which no word goes on
OF_ROWS = {"text", "confidence", "is_sure"}  # outputs with one value a row
OF_STROKES = {"stroke_lines"}  # one a stroke; all others have one a character


@dataclasses.dataclass(frozen=True)
class Reading:
    """The reading of one example, whatever its sense.

    Attributes:
        text: The hypothesis.
        confidence: In [0, 1], the probability that the text is right; of a model without a fitted confidence the
            geometric mean over the characters.
        char_frames: Frame of `log_probs` of each character.
        char_confidences: Probability of each character.
        is_sure: False where the text is less probable than the model's bound: more like nothing that it can read. True
            where a model has no bound.
        alternatives: `seqapp.decoding.decoder.Alternative`s, this text first; none where decoding is greedy.
    """

    text: str
    confidence: float
    char_frames: tuple[int, ...]
    char_confidences: tuple[float, ...]
    is_sure: bool = dataclasses.field(default=True, kw_only=True)
    alternatives: tuple[Alternative, ...] = dataclasses.field(default=(), kw_only=True)

    @classmethod
    def from_outputs(cls, outputs, row, alternatives=(), has_spaces=False):
        """Build the reading of one row of the arrays that a signature gave.

        Args:
            outputs: Dict of NumPy arrays, as `RawToText.recognize` returns tensors.
            row: Index.
            alternatives: As the attribute.
            has_spaces: Of speech: whether the model divides words by spaces, and a silence of over a second shall be
                one too.
        """
        count = outputs["num_characters"][row]
        named = {field.name for field in dataclasses.fields(cls)} & outputs.keys()
        columns = {name: tuple(outputs[name][row, :count].tolist()) for name in named - OF_ROWS - OF_STROKES}
        return cls(
            text=outputs["text"][row].decode("utf-8"),
            confidence=float(outputs["confidence"][row]),
            is_sure=bool(outputs["is_sure"][row]) if "is_sure" in outputs else True,
            **columns,
            **cls._derived(outputs, row, count),
            alternatives=tuple(alternatives),
        )

    @classmethod
    def _derived(cls, outputs, row, count):
        return {}


@dataclasses.dataclass(frozen=True)
class InkReading(Reading):
    """The reading of one ink.

    Attributes:
        char_points: Point of the ink being written when each character is recognised.
        stroke_lines: Line of the text, counted from 0, that each stroke belongs to; none of models that read one line.
    """

    char_points: tuple[int, ...] = ()
    stroke_lines: tuple[int, ...] = ()

    @classmethod
    def _derived(cls, outputs, row, count):
        if "stroke_lines" not in outputs:
            return {}
        return {"stroke_lines": tuple(outputs["stroke_lines"][row, : outputs["num_strokes"][row]].tolist())}


@dataclasses.dataclass(frozen=True)
class ImageReading(Reading):
    """The reading of one line image.

    Attributes:
        char_left: Where each character begins, in columns of the image.
        char_right: Where it ends.
    """

    char_left: tuple[float, ...] = ()
    char_right: tuple[float, ...] = ()


@dataclasses.dataclass(frozen=True)
class Word:
    """One word of speech: its text, when it was said, and the geometric mean of its characters' probabilities."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclasses.dataclass(frozen=True)
class SpeechReading(Reading):
    """The reading of one recording.

    Attributes:
        char_start_s: When each character begins, in seconds.
        char_end_s: When it ends.
        words: `Word`s, in the order of speaking.
        heard: Text that was left out, since nothing seems to be said: music gives some, of next to no confidence.
    """

    char_start_s: tuple[float, ...] = ()
    char_end_s: tuple[float, ...] = ()
    words: tuple[Word, ...] = ()
    heard: str = dataclasses.field(default="", kw_only=True)

    def without_text(self) -> "SpeechReading":
        """Leave out the text, but as what was heard."""
        columns = ("char_frames", "char_confidences", "char_start_s", "char_end_s", "words", "alternatives")
        return dataclasses.replace(self, text="", heard=self.text, **dict.fromkeys(columns, ()))

    @classmethod
    def from_outputs(cls, outputs, row, alternatives=(), has_spaces=False):
        reading = super().from_outputs(outputs, row, alternatives)
        if not has_spaces:
            return reading
        characters = outputs["characters"][row, : outputs["num_characters"][row]].tolist()
        return reading.with_silences_as_spaces([character.decode("utf-8") for character in characters])

    def with_silences_as_spaces(self, characters: list[str]) -> "SpeechReading":
        """Return this reading with a space in its text wherever a silence of over a second divides a word.

        Args:
            characters: Of the text, one for each of `char_frames`.
        """
        places = silences(characters, self.char_start_s, self.char_end_s)
        if not places:
            return self
        before = [place - 1 for place in places]
        columns = {
            "char_frames": [self.char_frames[place] + 1 for place in before],
            "char_confidences": [1.0] * len(places),
            "char_start_s": [self.char_end_s[place] for place in before],
            "char_end_s": [self.char_start_s[place] for place in places],
        }
        text = "".join(_inserted(characters, places, [" "] * len(places)))
        return dataclasses.replace(
            self,
            text=text,
            alternatives=tuple(dataclasses.replace(a, text=text) for a in self.alternatives[:1])
            + self.alternatives[1:],
            **{name: tuple(_inserted(getattr(self, name), places, added)) for name, added in columns.items()},
        )

    @classmethod
    def _derived(cls, outputs, row, count):
        columns = [outputs[name][row, :count] for name in ("characters", "char_start_s", "char_end_s")]
        characters, starts, ends = (column.tolist() for column in columns)
        confidences = outputs["char_confidences"][row, :count].tolist()
        return {"words": words([c.decode("utf-8") for c in characters], starts, ends, confidences)}


@dataclasses.dataclass(frozen=True)
class StreamedReading(SpeechReading):
    """The reading so far of one utterance of a stream. All times count from the beginning of the stream.

    Attributes:
        number: Of the utterance, from 0.
        start_s: Where it begins.
        end_s: Where it ends, or how far it was heard.
        is_final: Whether it has ended.
        stable_text: The beginning of `text` that more audio cannot change, start and confidence of its characters
            included. With greedy decoding it lacks at most the last character, whose place may still move.
    """

    number: int = 0
    start_s: float = 0.0
    end_s: float = 0.0
    is_final: bool = False
    stable_text: str = ""

    def with_silences_as_spaces(self, characters: list[str]) -> "StreamedReading":
        spaced = super().with_silences_as_spaces(characters)
        if spaced is self:
            return self
        places, num_settled = silences(characters, self.char_start_s, self.char_end_s), 0
        while len("".join(characters[:num_settled])) < len(self.stable_text):
            num_settled += 1
        settled = [place for place in places if place < num_settled]
        stable = _inserted(characters[:num_settled], settled, [" "] * len(settled))
        return dataclasses.replace(spaced, stable_text="".join(stable))


def words(characters, starts_s, ends_s, confidences) -> tuple[Word, ...]:
    """Join characters between spaces, and between silences of over a second, to words.

    Args:
        characters: List of strings, one per symbol.
        starts_s: When each begins.
        ends_s: When each ends.
        confidences: In [0, 1].
    """
    return tuple(iter_words(zip(characters, starts_s, ends_s, confidences, strict=True)))


def iter_words(rows: Iterable[tuple[str, float, float, float]]) -> Iterator[Word]:
    """Yield words while their characters come: (text, start_s, end_s, confidence) each; as `words`."""
    word = []
    for row in rows:
        is_space = not row[0].strip()
        if word and (is_space or is_silence(word[-1][2], row[1])):
            yield _word(word)
            word = []
        if not is_space:
            word.append(row)
    if word:
        yield _word(word)


def silences(characters: Sequence[str], starts_s: Sequence[float], ends_s: Sequence[float]) -> list[int]:
    """Return the characters before which a silence divides a word."""
    return [
        place
        for place in range(1, len(characters))
        if characters[place - 1].strip()
        and characters[place].strip()
        and is_silence(ends_s[place - 1], starts_s[place])
    ]


def _inserted(column, places, values):
    """A column with each value inserted before its place."""
    result = list(column)
    for place, value in zip(reversed(places), reversed(values)):
        result.insert(place, value)
    return result


def is_silence(end_s: float, start_s: float) -> bool:
    """Return whether two characters are so far apart that no word goes on between them."""
    return start_s - end_s > SILENCE_S


def _word(rows):
    texts, starts, ends, probabilities = zip(*rows, strict=True)
    return Word("".join(texts).strip(), starts[0], ends[-1], geometric_mean(probabilities))
