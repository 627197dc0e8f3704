"""Lines of words: words of one writer written side by side, on one baseline and in one size.

Words are plenty, lines are rare. Heights of small letters and baselines are told by the letters of each word, as
`seqapp.features.ink.joining` tells them in the graph; readers do without TensorFlow, and a test holds both together.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from seqapp.datasets.ink.ink import PEN_UP, TIME_S, Ink, X, Y

MOST_WORDS = 6
GAPS = (0.8, 2.0)  # narrowest and widest word gap of a line, in heights of small letters
UNEVEN = 0.15  # standard deviation of the logarithm of a gap against the others of its line
SWING = 0.12  # heights of small letters, standard deviation of a word's baseline
PAUSE_S = 0.3  # between words
MOST_SCALE = 4.0  # and its inverse: a wrong guess of the size stays bearable
EXTENT_QUANTILE = 0.02  # of the points at either end of y count as flourishes
TALL, HANGING = 0.8, 0.7  # reach of letters above the small ones and below the baseline, in their height
LOW_TEXT = re.compile(r"[acegijmnopqrsuvwxyz.,:;_\s-]*")
HANGING_TEXT = re.compile(r"(?s).*[gjpqyQ,;_()\[\]{}|].*")


def word_lines(words: Sequence[Ink], seed: int) -> Iterator[Ink]:
    """Set every word into one line of 1 to `MOST_WORDS`, beside words of its writer drawn by chance.

    Args:
        words: Single words with their texts; those of an unknown writer stay alone.
        seed: Equal seeds and words give equal lines.

    Yields:
        Lines, their words' texts with a space between; the id is that of the first word behind `line/`.
    """
    writers: dict[str, list[Ink]] = {}
    for word in words:
        if len(word.points):
            writers.setdefault(word.writer_id, []).append(word)
    rng = np.random.default_rng(seed)
    for writer, own in sorted(writers.items()):
        order = rng.permutation(len(own))
        start = 0
        while start < len(order):
            count = int(rng.integers(1, MOST_WORDS + 1)) if writer else 1
            yield write_side_by_side([own[place] for place in order[start : start + count]], rng)
            start += count


def write_side_by_side(words: Sequence[Ink], rng: np.random.Generator) -> Ink:
    """Write words from left to right, the first one in its own place and size."""
    line_height, baseline = writing_size(words[0].points, words[0].text)
    gap = rng.uniform(*GAPS) * line_height
    parts = [words[0].points.astype(np.float32)]
    for word in words[1:]:
        height, own_baseline = writing_size(word.points, word.text)
        scale = np.clip(line_height / height, 1 / MOST_SCALE, MOST_SCALE) if height > 0 and line_height > 0 else 1.0
        points = word.points.astype(np.float32)
        left = parts[-1][:, X].max() + gap * np.exp(rng.normal(0.0, UNEVEN))
        points[:, X] = (points[:, X] - points[:, X].min()) * scale + left
        points[:, Y] = (points[:, Y] - own_baseline) * scale + baseline + rng.normal(0.0, SWING) * line_height
        points[:, TIME_S] += parts[-1][-1, TIME_S] + PAUSE_S - points[0, TIME_S]
        parts.append(points)
    for part in parts:
        part[-1, PEN_UP] = 1.0
    points = np.concatenate(parts)
    if not all(word.points[:, TIME_S].any() for word in words):
        points[:, TIME_S] = 0.0
    return Ink(f"line/{words[0].id}", points, " ".join(word.text for word in words), words[0].writer_id)


def writing_size(points: np.ndarray, text: str) -> tuple[float, float]:
    """Estimate the height of small letters and the baseline; see `seqapp.features.ink.joining.writing_size`.

    Args:
        points: Float `[N, 4]`, N > 0.
        text: What was written.

    Returns:
        x_height: >= 0, in the unit of y.
        baseline: Its y.
    """
    y = np.sort(points[:, Y])
    margin = int(EXTENT_QUANTILE * (len(y) - 1))
    top, bottom = float(y[margin]), float(y[len(y) - 1 - margin])
    above = 0.0 if LOW_TEXT.fullmatch(text) else TALL
    below = HANGING if HANGING_TEXT.fullmatch(text) else 0.0
    x_height = (bottom - top) / (1.0 + above + below)
    return x_height, bottom - below * x_height
