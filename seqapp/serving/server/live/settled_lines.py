"""Settled lines of live ink: while further lines are written they are not read again, and so they neither change nor
cost anything."""

from collections.abc import Sequence

import numpy as np

from seqapp.models.reading import InkReading

Stroke = tuple[tuple[float, ...], ...]

SIDEWAYS = 0.35  # what a gap beside a stroke counts against a distance above or below it


class SettledLines:
    """The upper lines of a note of which the text was stable while the pen wrote below them.

    A reading covers the strokes of the other lines alone, which keeps its time near that of one or two lines however
    long the note is. What belongs to settled lines after all takes them back, and everything is read once more: a
    new stroke that lies nearer to one of theirs than to any other (a late dot, a word put in), one of theirs undone.
    """

    def __init__(self) -> None:
        self._take_back()

    def unsettled(self, strokes: Sequence[Stroke]) -> list[Stroke]:
        """Return the strokes to read, in the order of writing: all where there is no settled line, or none any more.

        Args:
            strokes: Of the whole note: points (x, y, time_s).
        """
        settled = set(map(id, self._strokes))
        others = [stroke for stroke in strokes if id(stroke) not in settled]
        if len(others) + len(settled) != len(strokes) or (settled and self._is_touched(others)):
            self._take_back()
            return list(strokes)
        return others

    def joined(self, reading: InkReading) -> InkReading:
        """Return the text of the settled lines with that of the others below; the confidence is the smaller one."""
        if not self._num_lines:
            return reading
        return InkReading(
            text=f"{self._reading.text}\n{reading.text}",
            confidence=min(self._reading.confidence, reading.confidence),
            char_frames=(),
            char_confidences=(*self._reading.char_confidences, 1.0, *reading.char_confidences),
            is_sure=self._reading.is_sure and reading.is_sure,
        )

    def settle(self, strokes: Sequence[Stroke], reading: InkReading, stable_text: str) -> None:
        """Settle what is stable of a reading, but for the line that was written in last and those below it.

        Args:
            strokes: Those that `unsettled` gave.
            reading: Of them.
            stable_text: Of the whole note.
        """
        if not strokes or len(reading.stroke_lines) != len(strokes):
            return  # a model that reads one line
        if not set(map(id, self._strokes)).isdisjoint(map(id, strokes)):
            return  # some of it was settled when it was read; the rest is with the next reading
        num_lines = min(stable_text.count("\n"), self._num_lines + reading.stroke_lines[-1])
        whole = self.joined(reading)
        if num_lines <= self._num_lines or len(whole.text) != len(whole.char_confidences):
            return  # or symbols of several characters, which nothing tells apart
        upper = num_lines - self._num_lines
        end = len("\n".join(whole.text.split("\n")[:num_lines]))
        self._reading = InkReading(
            whole.text[:end], whole.confidence, (), whole.char_confidences[:end], is_sure=whole.is_sure
        )
        self._num_lines = num_lines
        self._strokes += tuple(stroke for stroke, line in zip(strokes, reading.stroke_lines) if line < upper)
        self._known = {id(stroke): stroke for stroke in strokes}

    def _take_back(self):
        self._num_lines = 0
        self._strokes: tuple[Stroke, ...] = ()  # of these lines; ids stay theirs as long as they are kept here
        self._known: dict[int, Stroke] = {}  # those of the reading that settled last: where they belong is known
        self._reading: InkReading | None = None

    def _is_touched(self, others):
        """Whether a stroke that came since lies nearer to a settled one than to those written before it."""
        boxes, settled = _boxes(others), _boxes(self._strokes)
        for place in range(1, len(others)):
            if id(others[place]) not in self._known:
                new = boxes[place]
                if _distances(new, settled).min() < _distances(new, boxes[:place]).min():
                    return True
        return False


def _boxes(strokes):
    """Left, top, right, bottom: `[S, 4]`."""
    points = [np.asarray(stroke)[:, :2] for stroke in strokes]
    return np.array([[*p.min(axis=0), *p.max(axis=0)] for p in points])


def _distances(box, others):
    """From line to line of writing, `[S]`: between the middles of heights, and the gap beside, if there is one."""
    gap = np.maximum(np.maximum(others[:, 0] - box[2], box[0] - others[:, 2]), 0.0)
    return np.hypot(SIDEWAYS * gap, (others[:, 1] + others[:, 3] - box[1] - box[3]) / 2)
