"""Live ink: it is recognised again and again while it is written, always the newest ink, never a queue of old."""

import collections
import functools
import time
from collections.abc import Callable

from seqapp.datasets.ink.ink import Ink
from seqapp.models.reading import InkReading
from seqapp.serving.server.live.agreement import Agreement
from seqapp.serving.server.live.answer import alternatives_answer, ink_answer
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.message import (
    BadMessage,
    LimitPassed,
    config_of,
    number,
    parse,
    points_of,
    strokes_of,
)
from seqapp.serving.server.live.settled_lines import SettledLines
from seqapp.serving.server.live.settled_words import SettledWords
from seqapp.serving.server.live.words import HOTWORDS, LANGUAGE_MODEL, LEXICON, LiveWords

# A beginning of the text that all readings of this time agree on is stable. On lines of UNIPEN one reading in 74 took
# something back that was stable, with 1 s one in 43, with 2 s one in 111; with settled words one in 184.
STABLE_S = 1.5
READ_EVERY_S = 0.04  # more often no eye sees; it leaves the processor to other writers, and to the browser beside it
REST_S = 0.5  # without a message: then there is time for what nobody waits for
MAX_DEFERRED = 4  # lines whose alternatives are computed later
NOTHING = InkReading(text="", confidence=0.0, char_frames=(), char_confidences=())
KEYS = ("config", "clear", "undo", "strokes", "points", "pen_up", "alternatives", "reset", "eof", "stamp")
CONFIG = ("max_alternatives", "alternatives", HOTWORDS, LEXICON, LANGUAGE_MODEL)


class InkConversation:
    """One writer. Messages go in by `take`, in the event loop; a function that `work` gives is run in a thread, one at
    a time.

    Messages, one or several keys each, in this order: {"config": {"max_alternatives": 5}} for final results with an
    n-best list, {"config": {"alternatives": 5}} for such a list behind them, when the pen rests; {"clear": 1} the line;
    {"undo": 1} the last stroke; {"strokes": [[[x, y, time_s], ...], ...]} whole strokes; {"points": [[x, y, time_s],
    ...]} more points of the stroke that is being written, {"pen_up": 1} its end; {"alternatives": 5} an n-best list of
    the line so far; {"reset": 1} the line is finished, a new one begins; {"eof": 1} likewise, and nothing follows.
    {"stamp": number} comes back with the reading that has seen it. {"config": {"phrase_list": ["Ada Lovelace"]}} names
    words and phrases that are likelier here than elsewhere from now on, {"config": {"lexicon": ["yes", "no"]}} the only
    words that are read; those that the model cannot write come back with the next reading, as "ignored_phrases" and
    "ignored_lexicon". {"config": {"language_model": "none"}} reads without the model's own from now on, another name
    with that one.

    Args:
        transcriber: `Transcriber` of ink.
        decoder: Transcriber of the same model by beam search, for alternatives.
        limits: `LiveLimits`.
        clock: Seconds that only grow.
        language_models: `LanguageModels` of the model, where a config may name one.
    """

    def __init__(
        self, transcriber, decoder, limits: LiveLimits, clock: Callable[[], float] = time.monotonic,
        language_models=None,
    ):  # fmt: skip
        self._words = LiveWords(transcriber, decoder, language_models)
        self._limits = limits
        self._clock = clock
        self._requests = collections.deque()  # to be done before anything else, in order
        self._deferred = collections.deque(maxlen=MAX_DEFERRED)  # likewise, but after everything else
        self._last_reading = NOTHING
        self._agreement = Agreement(STABLE_S)
        self._settled, self._settled_words = SettledLines(), SettledWords()
        self._last_part = [], NOTHING  # of the ink, read last: strokes beside settled lines
        self._next_read_s = 0.0
        self._segment = -1  # of the line that is written
        self._read_segment = 0  # of the line that was read last
        self._max_alternatives = 0
        self._alternatives = 0
        self._stamp = None
        self._touched_s = 0.0
        self._is_final_sent = False
        self.is_ending = False
        self.is_over = False
        self._begin()

    def take(self, message: str | bytes) -> None:
        """Take one message.

        Raises:
            BadMessage: It cannot be used, and nothing of it was.
            LimitPassed: The line is too long.
        """
        if isinstance(message, bytes):
            raise BadMessage("Expected ink as text: a JSON object with points. Received: a binary message.")
        message = parse(message, KEYS)
        config = config_of(message, CONFIG)
        most = self._limits.max_alternatives
        max_alternatives = number(config, "max_alternatives", 0, most, self._max_alternatives)
        alternatives = number(config, "alternatives", 0, most, self._alternatives)
        alternatives_now = number(message, "alternatives", 0, most, 0)
        words = self._words.parse(config)
        stamp = number(message, "stamp", -1e15, 1e15, 0)
        strokes = strokes_of(message.get("strokes", []))
        points = points_of(message.get("points", []))
        self._max_alternatives = int(max_alternatives)
        self._alternatives = int(alternatives)
        self._is_new |= words != self._words.wanted and bool(self._strokes)
        self._words.wanted = words
        self._touched_s = self._clock()
        self._stamp = stamp if "stamp" in message else self._stamp
        self._change(message, strokes, points)
        if alternatives_now:
            self._request(self._find_alternatives, self._segment, int(alternatives_now))
        if message.get("reset") or message.get("eof"):
            self.is_ending = bool(message.get("eof"))
            if self._alternatives and self._strokes:
                self._deferred.append((list(self._strokes), self._segment, self._alternatives, None))
            self._request(self._finish, self._segment, self._max_alternatives, self.is_ending)
            self._begin()

    def work(self) -> Callable[[], list[dict]] | None:
        """Get the next thing to do: a function that gives a list of answers; None where there is nothing."""
        if self._requests:
            return self._requests.popleft()
        now_s = self._clock()
        if self._is_new and now_s >= self._next_read_s:
            self._is_new = False
            self._next_read_s = now_s + READ_EVERY_S
            return functools.partial(self._read, list(self._strokes), self._segment, self._stamp)
        if not self._is_new and 0 < self._agreement.settled_s <= now_s and self._read_segment == self._segment:
            return self._settle
        if self._deferred and (self.is_ending or now_s >= self._touched_s + REST_S):
            return functools.partial(self._find_alternatives, *self._deferred.popleft())
        return None

    @property
    def wait_s(self) -> float | None:
        """Seconds until `work` has something to do without a message; None where only a message makes work."""
        times_s = [self._touched_s + REST_S] if self._deferred else []
        if self._is_new:
            times_s.append(self._next_read_s)
        elif self._agreement.settled_s > 0 and self._read_segment == self._segment:
            times_s.append(self._agreement.settled_s)
        return max(min(times_s) - self._clock(), 0.0) if times_s else None

    @property
    def is_full(self) -> bool:
        """True where no more messages should be taken before some work is done."""
        return len(self._requests) >= 4

    def _begin(self):
        """Begin a new line, under a number of its own."""
        self._strokes = []
        self._is_down = False
        self._num_points = 0
        self._is_new = False  # ink that no reading has seen
        self._segment += 1

    def _change(self, message, strokes, points):
        """Change the ink as a message says. Strokes are tuples: a thread that reads them meanwhile sees no change."""
        before = self._num_points if not message.get("clear") else 0
        if before + sum(map(len, strokes)) + len(points) > self._limits.max_points:
            raise LimitPassed(
                f"A line holds at most {self._limits.max_points} points. Received: more. "
                'Finish it with {"reset": 1} before.'
            )
        if message.get("clear"):
            self._strokes = []
            self._is_down = False
        if message.get("undo"):
            self._strokes = self._strokes[:-1]
            self._is_down = False
        for stroke in strokes:
            self._write(stroke, is_up=True)
        if len(points) or message.get("pen_up"):
            self._write(points, is_up=bool(message.get("pen_up")))
        self._num_points = sum(map(len, self._strokes))
        self._is_new |= any(message.get(key) for key in ("clear", "undo", "strokes", "points"))

    def _write(self, points, is_up):
        rows = tuple(map(tuple, points.tolist()))
        if self._is_down:
            self._strokes[-1] += rows
        elif rows:
            self._strokes.append(rows)
        self._is_down = not is_up and bool(rows or self._is_down)

    def _request(self, function, *arguments):
        self._requests.append(functools.partial(function, list(self._strokes), *arguments, self._stamp))

    def _read(self, strokes, segment, stamp):
        """Read the newest ink; no answer where its line was finished meanwhile: then its end is read anyway."""
        ignored = self._words.use()
        if segment != self._read_segment:
            self._agreement = Agreement(STABLE_S)
        if segment != self._read_segment or ignored is not None:
            self._settled, self._settled_words = SettledLines(), SettledWords()
        self._read_segment = segment
        unsettled = self._settled.unsettled(strokes)
        part = self._settled_words.read(unsettled, functools.partial(self._reading, self._words.transcriber))
        if segment != self._segment:
            return []
        self._last_part = unsettled, part
        self._last_reading = reading = self._settled.joined(part)
        stable_text = self._agreement.add(reading.text, self._clock())
        self._settle_stable(stable_text)
        return [_stamped(ink_answer(reading, segment, stable_text) | (ignored or {}), stamp)]

    def _settle(self):
        """Answer, when the pen rests, with the same text, all of it stable now."""
        stable_text = self._agreement.stable_text(self._clock())
        self._settle_stable(stable_text)
        return [ink_answer(self._last_reading, self._read_segment, stable_text)]

    def _settle_stable(self, stable_text):
        strokes, part = self._last_part
        before = len(self._last_reading.text) - len(part.text)  # in settled lines
        self._settled_words.settle(strokes, part, stable_text[before:])
        self._settled.settle(strokes, part, stable_text)

    def _find_alternatives(self, strokes, segment, count, stamp):
        """Make an n-best list."""
        alternatives = alternatives_answer(self._reading(self._words.decoder, strokes), count)
        self.is_over = self._is_final_sent and not self._deferred
        return [_stamped({"type": "alternatives", "segment": segment, "alternatives": alternatives}, stamp)]

    def _finish(self, strokes, segment, max_alternatives, is_eof, stamp):
        """Read a line that is complete."""
        ignored = self._words.use() or {}
        answer = ink_answer(self._reading(self._words.transcriber, strokes), segment) | ignored
        if max_alternatives:
            answer["alternatives"] = alternatives_answer(self._reading(self._words.decoder, strokes), max_alternatives)
        self._is_final_sent = is_eof
        self.is_over = is_eof and not self._deferred
        return [_stamped(answer, stamp)]

    def _reading(self, transcriber, strokes):
        points = Ink.from_strokes("live", strokes).points
        return transcriber.transcribe([points])[0] if len(points) else NOTHING


def _stamped(answer, stamp):
    return answer if stamp is None else answer | {"stamp": stamp}
