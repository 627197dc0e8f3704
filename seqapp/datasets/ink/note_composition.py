"""Notes composed of single lines of one writer, with the line of every stroke known: for measuring line finding."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from seqapp.datasets.ink.ink import TIME_S, Ink

FEWEST_LINES, MOST_LINES = 2, 8
SPACINGS = (2.6, 5.0)  # from baseline to baseline, in heights of small letters
UNEVEN = 0.1  # of the spacing, standard deviation from line to line
SIZES = 0.08  # standard deviation of the logarithm of a line's size
SLOPE_DEG = 7.0  # of the whole note, at most
DRIFT_DEG = 1.0  # of a line against it, standard deviation
MOST_DRIFT = 0.25  # of the spacing: hands keep clear of the line above
WIDE = 4.0  # heights: a wider ink has a slope
INDENT = 0.3  # of the longest line, at most, in notes with ragged starts
WAVE = 0.25  # heights of small letters: at most so far a baseline swings
LATE_NOTES, LATE_STROKES = 0.5, 0.3  # share of notes with late dots and bars, and of these strokes there
INSERTING_NOTES = 0.4  # share of notes in which a word is written last
WORD_GAP = 0.5  # heights of small letters between words, at least
PAUSE_S = 0.6  # between lines, and before what is written late
RETURN_SHARE, RETURN_DOWN = 0.25, 0.7  # of a line's width back, heights of small letters down: it goes on below
RETURN_STROKES = 3  # higher than a dot, and written there
SMALL = 0.4  # heights of small letters: lower strokes are dots and dashes


@dataclasses.dataclass(frozen=True)
class Note:
    """A composed note.

    Attributes:
        ink: Its points and its text, with a line break between lines.
        stroke_lines: The line of each stroke, counted from 0.
        lines: What the lines were composed of, from top to bottom.
        placed: These as they stand in the note, each stroke in its place and size, but in the order of their line.
    """

    ink: Ink
    stroke_lines: np.ndarray
    lines: tuple[Ink, ...]
    placed: tuple[Ink, ...]


def compose_notes(inks: Sequence[Ink], num_notes: int, seed: int) -> list[Note]:
    """Compose notes of the lines of a corpus, each of one writer with lines enough.

    Args:
        inks: Single lines with texts; writers by their `writer_id`. Those that are none by `is_one_line` are left out.
        num_notes: How many.
        seed: Equal seeds give equal notes.
    """
    rng = np.random.default_rng(seed)
    writers: dict[str, list[Ink]] = {}
    for ink in filter(is_one_line, inks):
        writers.setdefault(ink.writer_id, []).append(ink)
    writers = {writer: lines for writer, lines in writers.items() if len(lines) >= FEWEST_LINES}
    if not writers:
        raise ValueError(f"Expected a writer of at least {FEWEST_LINES} lines. Received: {len(inks)} inks without one.")
    counts = np.array([len(lines) for lines in writers.values()], np.float64)
    notes = []
    for number in range(num_notes):
        lines = list(writers.values())[rng.choice(len(writers), p=counts / counts.sum())]
        num_lines = int(rng.integers(FEWEST_LINES, min(MOST_LINES, len(lines)) + 1))
        chosen = [lines[place] for place in rng.choice(len(lines), num_lines, replace=False)]
        notes.append(compose_note(chosen, rng, f"note_{number}"))
    return notes


def compose_note(lines: Sequence[Ink], rng: np.random.Generator, id: str = "note") -> Note:
    """Write lines one below the other, as hands do.

    The note slopes, its lines drift, swing and begin where they like; some dots and bars, and at times a word, are
    written when everything else is.

    Args:
        lines: At least one `Ink`, from top to bottom.
        rng: Draws everything.
        id: Of the note's ink.

    Returns:
        A `Note`.
    """
    placed = _below_each_other(*_in_small_letters(lines, rng), rng)
    strokes = [stroke for line in placed for stroke in line]
    numbers = np.repeat(np.arange(len(placed)), [len(line) for line in placed])
    order = _order_of_writing(placed, numbers, rng)
    angle = np.radians(rng.uniform(-SLOPE_DEG, SLOPE_DEG))
    strokes = [_turned(stroke, angle) for stroke in strokes]
    text = "\n".join(ink.text for ink in lines)
    columns = slice(None) if all(ink.points[:, TIME_S].any() for ink in lines) else slice(2)

    def ink_of(strokes, text):
        return Ink.from_strokes(id, [stroke[:, columns] for stroke in strokes], text, lines[0].writer_id)

    ink = ink_of(_clocked([strokes[place] for place in order], order), text)
    placed = [ink_of([strokes[i] for i in np.flatnonzero(numbers == k)], line.text) for k, line in enumerate(lines)]
    return Note(ink, numbers[order], tuple(lines), tuple(placed))


def is_one_line(ink: Ink) -> bool:
    """Tell whether an ink can be a line of a note, by a rule that knows nothing of the line finder that is measured.

    No line is a text without a letter or digit that is shorter than three characters: a dash alone shows neither size
    nor baseline. Neither is one whose pen, between two strokes, goes back by a quarter of its width and down by more
    than a small letter, and writes three more strokes there that are no dots: some "lines" of corpora are two.

    Args:
        ink: Ink with its text.
    """
    text = ink.text.strip()
    if len(text) < 3 and not any(map(str.isalnum, text)):
        return False
    strokes, height = _levelled(ink)
    width = max(stroke[:, 0].max() for stroke in strokes)
    middles = np.array([(stroke[:, 1].min() + stroke[:, 1].max()) / 2 for stroke in strokes])
    is_letter = np.array([np.ptp(stroke[:, 1]) >= SMALL * height for stroke in strokes])
    for place in range(1, len(strokes)):
        back = strokes[place - 1][:, 0].max() - strokes[place][:, 0].min()
        below, above = middles[place:][is_letter[place:]], middles[:place][is_letter[:place]]
        is_return = back > RETURN_SHARE * width and len(below) >= RETURN_STROKES and len(above) > 0
        if is_return and np.median(below) - np.median(above) > RETURN_DOWN * height:
            return False
    return True


def _levelled(ink):
    """Strokes of a line without its slope, the origin at the left end of the baseline, and its small letters' height.

    Lines of one writer keep their sizes: they come from one device.
    """
    points = ink.points.astype(np.float64)
    x, y = points[:, 0], points[:, 1]
    is_line = np.ptp(x) > WIDE * np.ptp(y)
    slope = np.cov(x, y)[0, 1] / np.var(x, ddof=1) if is_line else 0.0
    left = x.min()
    top, bottom = np.quantile(y - slope * (x - left), (0.02, 0.98))
    above = 0.0 if set(ink.text) <= set("acegijmnopqrsuvwxyz.,:;_- ") else 0.8
    below = 0.7 if set(ink.text) & set("gjpqyQ,;_()[]{}|") else 0.0
    height = (bottom - top) / (1.0 + above + below)
    baseline = bottom - below * height
    strokes = [stroke.astype(np.float64) for stroke in ink.strokes()]
    level = [(s[:, 0] - left, s[:, 1] - baseline - slope * (s[:, 0] - left), s[:, 2]) for s in strokes]
    return [np.stack(columns, axis=1) for columns in level], height


def _in_small_letters(inks, rng):
    """Levelled lines in heights of small letters of the usual line, each a little larger or smaller; those heights."""
    lines, heights = zip(*map(_levelled, inks), strict=True)
    usual = max(float(np.median(heights)), 1e-6)
    sizes = np.exp(rng.normal(0.0, SIZES, len(lines))) / usual
    scaled = [[stroke * (size, size, 1.0) for stroke in line] for line, size in zip(lines, sizes, strict=True)]
    return scaled, np.maximum(np.array(heights) * sizes, 1.0)


def _below_each_other(lines, heights, rng):
    """Lines at their places on a note that does not slope yet."""
    widths = [max(stroke[:, 0].max() for stroke in line) for line in lines]
    spacing, baseline, placed = rng.uniform(*SPACINGS), 0.0, []
    indent = INDENT * max(widths) * (rng.random() < 0.5)
    rooms = np.maximum(heights, np.concatenate([[1.0], heights[:-1]]))
    for line, width, room in zip(lines, widths, rooms, strict=True):
        most = MOST_DRIFT * spacing / max(width, 1.0)
        drift = np.clip(np.tan(np.radians(rng.normal(0.0, DRIFT_DEG))), -most, most)
        wave, length, phase = rng.uniform(0.0, WAVE), rng.uniform(15.0, 60.0), rng.uniform(0.0, 2 * np.pi)
        start = rng.uniform(0.0, indent) if indent else rng.normal(0.0, 0.5)
        baseline += room * spacing * max(0.8, 1.0 + rng.normal(0.0, UNEVEN))
        moved = []
        for stroke in line:
            x = stroke[:, 0]
            y = stroke[:, 1] + drift * x + wave * np.sin(2 * np.pi * x / length + phase) + baseline
            moved.append(np.stack([x + start, y, stroke[:, 2]], axis=1))
        placed.append(moved)
    return placed


def _order_of_writing(lines, numbers, rng):
    """Strokes line by line, late ones at the end."""
    order = np.arange(len(numbers))
    if rng.random() < LATE_NOTES:
        strokes = [stroke for line in lines for stroke in line]
        small = [np.ptp(s[:, 1]) < SMALL and np.ptp(s[:, 0]) < 1.2 for s in strokes]
        late = np.array(small) & (rng.random(len(order)) < LATE_STROKES)
        order = np.concatenate([order[~late], order[late]])
    if rng.random() < INSERTING_NOTES:
        line = int(rng.integers(len(lines)))
        word = np.flatnonzero(numbers == line)[_word(lines[line], rng)]
        order = np.concatenate([order[~np.isin(order, word)], word])
    return order


def _word(strokes, rng):
    """Which strokes of a line are one word of it; none where it has no two words."""
    left = np.array([stroke[:, 0].min() for stroke in strokes])
    right = np.array([stroke[:, 0].max() for stroke in strokes])
    reach = np.maximum.accumulate(right)
    begins = np.concatenate([[True], left[1:] > reach[:-1] + WORD_GAP])
    words = np.cumsum(begins) - 1
    return words == rng.integers(words[-1] + 1) if words[-1] else np.zeros(len(strokes), bool)


def _turned(stroke, angle):
    cos, sin = np.cos(angle), np.sin(angle)
    x, y, time_s = stroke.T
    return np.stack([cos * x - sin * y, sin * x + cos * y, time_s], axis=1)


def _clocked(strokes, order):
    """The strokes with times that rise: pauses as they were, and a longer one before what is not written next."""
    clocked, now = [], 0.0
    for number, stroke in enumerate(strokes):
        if number:
            pause = stroke[0, 2] - strokes[number - 1][-1, 2]
            is_next = order[number] == order[number - 1] + 1 and pause >= 0
            now += pause if is_next else PAUSE_S
        times = now + stroke[:, 2] - stroke[0, 2]
        clocked.append(np.column_stack([stroke[:, :2], times]))
        now = times[-1]
    return clocked
