"""Settled words of live ink: of a line that goes on, the words at its end alone are read again."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from seqapp.models.reading import InkReading
from seqapp.serving.server.live.settled_lines import Stroke

READ_AGAIN = 2  # words before the new ones, for what the network and the language model make of those behind


@dataclasses.dataclass(frozen=True)
class _Cut:
    """Words that stay, and the strokes that are read from now on.

    Attributes:
        strokes: That the settled words are made of.
        start: Stroke from which on ink is read; those from there to the end of `strokes` are read again.
        reading: Of the settled words, a space behind the last.
    """

    strokes: tuple[Stroke, ...]
    start: int
    reading: InkReading


class SettledWords:
    """The first words of a line of which the text was stable while the pen wrote behind them.

    A reading covers the strokes of the words behind them alone, and of a few before, which keeps its time near that of
    a few words however long the line is. What belongs to settled words after all takes them back, and everything is
    read once more: a new stroke that does not lie behind them (a late dot, a word put in, another line), one of theirs
    undone, a word before the new ones that is read otherwise now.
    """

    def __init__(self) -> None:
        self._cut: _Cut | None = None
        self._middles: dict[int, tuple[Stroke, float]] = {}  # of strokes by their ids, which stay theirs while kept

    def read(self, strokes: Sequence[Stroke], read: Callable[[Sequence[Stroke]], InkReading]) -> InkReading:
        """Read ink, all of it or what is not settled.

        Args:
            strokes: Points (x, y, time_s), in the order of writing.
            read: Function that reads strokes.

        Returns:
            The reading of all strokes.
        """
        if self._cut and not self._is_touched(strokes):
            reading = _joined(self._cut, strokes, read(strokes[self._cut.start :]))
            if reading is not None:
                return reading
        self._cut = None
        return read(strokes)

    def settle(self, strokes: Sequence[Stroke], reading: InkReading, stable_text: str) -> None:
        """Settle the words of a reading that are stable, where their strokes stand apart from those behind.

        Args:
            strokes: Those that were read.
            reading: Of them.
            stable_text: The beginning of its text that is stable.
        """
        if any(reading.stroke_lines) or not reading.stroke_lines or not _is_one_character_each(reading):
            return
        points_before = np.cumsum([0, *map(len, strokes)])
        middles = self._middles_of(strokes)
        begins = [
            (place, stroke)
            for place in _word_places(reading.text, len(stable_text))
            if (stroke := _first_stroke(reading.char_points, place, points_before, middles))
        ]
        if len(begins) <= READ_AGAIN:
            return
        (end, end_stroke), (_, start) = begins[-1], begins[-1 - READ_AGAIN]
        self._cut = _Cut(tuple(strokes[:end_stroke]), start, _beginning(reading, end))

    def _is_touched(self, strokes):
        cut = self._cut
        if len(strokes) <= len(cut.strokes) or any(a is not b for a, b in zip(cut.strokes, strokes)):
            return True
        middles = self._middles_of(strokes)
        return not (_is_apart(middles, len(cut.strokes)) and _is_apart(middles, cut.start))

    def _middles_of(self, strokes):
        """Place of each stroke along the line, `[S]`."""
        known = self._middles
        self._middles = {
            id(stroke): known[id(stroke)] if id(stroke) in known else (stroke, _middle(stroke)) for stroke in strokes
        }
        return np.array([middle for _, middle in self._middles.values()])


def _middle(stroke):
    across = [point[0] for point in stroke]
    return (min(across) + max(across)) / 2


def _is_apart(middles, stroke):
    """Whether all strokes before one lie on one side of it and those behind."""
    before, behind = middles[:stroke], middles[stroke:]
    return before.max() < behind.min() or behind.max() < before.min()


def _is_one_character_each(reading):
    return len(reading.text) == len(reading.char_points) == len(reading.char_confidences)


def _word_places(text, end):
    """Where words begin, but for the first one, of which one character at least stands before the end."""
    return [place for place in range(1, end) if text[place - 1] == " " and text[place] != " "]


def _first_stroke(char_points, place, points_before, middles):
    """Return the first stroke of a word; None where the pen was not lifted before it, or its strokes are not apart."""
    first, last = np.searchsorted(points_before, [char_points[place - 2], char_points[place]], side="right") - 1
    apart = [stroke for stroke in range(first + 1, last + 1) if _is_apart(middles, stroke)]
    gaps = [abs(middles[stroke] - middles[stroke - 1]) for stroke in apart]
    return apart[int(np.argmax(gaps))] if apart else None


def _beginning(reading, end):
    return InkReading(
        reading.text[:end], reading.confidence, (), reading.char_confidences[:end], is_sure=reading.is_sure,
        char_points=reading.char_points[:end], stroke_lines=(),
    )  # fmt: skip


def _joined(cut, strokes, part):
    """The settled words and what was read behind them; None where the words read again are others now."""
    settled = cut.reading
    if any(part.stroke_lines) or not _is_one_character_each(part):
        return None
    before = sum(map(len, strokes[: cut.start]))
    points = [point + before for point in part.char_points]
    end = sum(map(len, cut.strokes))
    place = sum(point < end for point in points)
    word = settled.text.split()[-1]
    if part.text[:place].split()[-1:] != [word]:
        return None
    while part.text[place : place + 1] == " ":
        place += 1
    return InkReading(
        settled.text + part.text[place:], min(settled.confidence, part.confidence), (),
        settled.char_confidences + part.char_confidences[place:], is_sure=settled.is_sure and part.is_sure,
        char_points=settled.char_points + tuple(points[place:]), stroke_lines=(0,) * len(strokes),
    )  # fmt: skip
