"""What a model read in one example, as plain Python values."""

import dataclasses
import itertools
import math


@dataclasses.dataclass(frozen=True)
class Reading:
    """What every model says.

    Attributes:
        text: The hypothesis.
        confidence: In [0, 1], geometric mean over the characters.
        char_frames: Frame of `log_probs` of each character.
        char_confidences: Probability of each character.
    """

    text: str
    confidence: float
    char_frames: tuple[int, ...]
    char_confidences: tuple[float, ...]

    @classmethod
    def from_outputs(cls, outputs, row):
        """The reading of one row of the arrays that a signature gave.

        Args:
            outputs: Dict of NumPy arrays, as `RawToText.recognize` returns tensors.
            row: Index.
        """
        count = outputs["num_characters"][row]
        named = {field.name for field in dataclasses.fields(cls)} & outputs.keys()
        columns = {name: tuple(outputs[name][row, :count].tolist()) for name in named - {"text", "confidence"}}
        text, confidence = outputs["text"][row].decode("utf-8"), float(outputs["confidence"][row])
        return cls(text=text, confidence=confidence, **columns, **cls._derived(outputs, row, count))

    @classmethod
    def _derived(cls, outputs, row, count):
        return {}


@dataclasses.dataclass(frozen=True)
class InkReading(Reading):
    """What was read in one ink.

    Attributes:
        char_points: Point of the ink being written when each character is recognised.
    """

    char_points: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True)
class Word:
    """One word of speech: its text, when it was said, and the geometric mean of its characters' probabilities."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclasses.dataclass(frozen=True)
class SpeechReading(Reading):
    """What was heard in one recording.

    Attributes:
        char_start_s: When each character begins, in seconds.
        char_end_s: When it ends.
        words: `Word`s, in the order of speaking.
    """

    char_start_s: tuple[float, ...] = ()
    char_end_s: tuple[float, ...] = ()
    words: tuple[Word, ...] = ()

    @classmethod
    def _derived(cls, outputs, row, count):
        columns = [outputs[name][row, :count] for name in ("characters", "char_start_s", "char_end_s")]
        characters, starts, ends = (column.tolist() for column in columns)
        confidences = outputs["char_confidences"][row, :count].tolist()
        return {"words": words([c.decode("utf-8") for c in characters], starts, ends, confidences)}


def words(characters, starts_s, ends_s, confidences) -> tuple[Word, ...]:
    """Characters between spaces as words.

    Args:
        characters: List of strings, one a symbol.
        starts_s: When each begins.
        ends_s: When each ends.
        confidences: In [0, 1].
    """
    found = []
    rows = zip(characters, starts_s, ends_s, confidences, strict=True)
    for is_word, group in itertools.groupby(rows, key=lambda row: bool(row[0].strip())):
        if is_word:
            texts, starts, ends, probabilities = zip(*group, strict=True)
            mean = math.exp(sum(math.log(max(p, 1e-30)) for p in probabilities) / len(probabilities))
            found.append(Word("".join(texts).strip(), starts[0], ends[-1], mean))
    return tuple(found)
