"""Data of the alignment plots as arrays: the frame of each symbol, and the points that it read.

Apart from the drawing, so that tests compare data and not pixels.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from seqapp.evaluation.recognition import Recognition
from seqapp.text.alphabet import Alphabet
from seqapp.text.error_rates import align_characters

MIN_PROBABILITY = 0.05  # a label that never exceeds it explains nothing
MAX_LABELS = 25  # rows that can still be read apart
_QUANTILES = np.linspace(0.0, 1.0, 41)


@dataclasses.dataclass(frozen=True)
class Column:
    """A reference character above a hypothesis character; "" is none.

    Args:
        reference: What was written here.
        hypothesis: What was read here.
        position: Output frame; between its neighbours' for a deletion, which has no frame of its own.
        symbol_index: Index of the hypothesis character in the hypothesis; -1 for a deletion.
    """

    reference: str
    hypothesis: str
    position: float
    symbol_index: int

    @property
    def correct(self) -> bool:
        """Whether it was read as written."""
        return self.reference == self.hypothesis


def shown_labels(log_probs: np.ndarray) -> list[int]:
    """Choose the rows of the posteriorgram.

    Args:
        log_probs: Float `[T, K]`, blank last.

    Returns:
        At most MAX_LABELS labels that exceed MIN_PROBABILITY somewhere, the strongest if there are more, in
        the order in which they first come near (half) their peak: a text read along the frames then descends.
    """
    if not len(log_probs):
        return []
    peaks = np.exp(log_probs[:, :-1].max(axis=0, initial=-np.inf))
    labels = [label for label in np.argsort(-peaks, kind="stable") if peaks[label] > MIN_PROBABILITY][:MAX_LABELS]
    rises = {int(label): int(np.argmax(np.exp(log_probs[:, label]) >= peaks[label] / 2)) for label in labels}
    return sorted(rises, key=lambda label: (rises[label], label))


def text_columns(reference: str, hypothesis: str, char_frames: Sequence[int], num_frames: int) -> list[Column]:
    """Set the reference above the hypothesis, each pair at its output frame.

    Args:
        reference: What was written.
        hypothesis: What was read.
        char_frames: Frame of each code point of the hypothesis.
        num_frames: T, the end of the axis for deletions after the last character.

    Returns:
        Columns in the order of writing.
    """
    pairs = align_characters(reference, hypothesis)
    emitted = np.array([bool(read) for _, read in pairs], bool)
    places = np.arange(len(pairs))
    # Virtual neighbours at both ends give deletions before the first and after the last emission a place too.
    anchors = np.concatenate([[-1], places[emitted], [len(pairs)]])
    frames = np.concatenate([[-1.0], np.asarray(char_frames, float), [float(num_frames)]])
    positions = np.interp(places, anchors, frames)
    indices = np.where(emitted, np.cumsum(emitted) - 1, -1)
    return [Column(*pair, float(x), int(i)) for pair, x, i in zip(pairs, positions, indices, strict=True)]


def code_point_frames(recognition: Recognition, alphabet: Alphabet) -> list[int]:
    """Repeat the frame of each symbol for each of its code points.

    Raises:
        ValueError: The recognition's frames do not match its hypothesis.
    """
    symbols = alphabet.split(recognition.hypothesis)
    if len(symbols) != len(recognition.char_frames):
        raise ValueError(
            f"{recognition.id}: expected {len(symbols)} char_frames, one a symbol of the hypothesis. "
            f"Received: {len(recognition.char_frames)}. Give the texts as decoded, before any normalisation."
        )
    return [frame for symbol, frame in zip(symbols, recognition.char_frames, strict=True) for _ in symbol]


def character_of_point(frame_of_point: np.ndarray, char_frames: Sequence[int]) -> np.ndarray:
    """Find the character that is emitted nearest in time to each point; of two equally near, the earlier.

    Args:
        frame_of_point: Int `[N]`, output frame of each point; negative where a point reached no frame.
        char_frames: Frames of the U characters, not decreasing.

    Returns:
        Int32 `[N]`, index of the character in [0, U), or -1 where there is none.
    """
    frame_of_point = np.asarray(frame_of_point)
    frames = np.asarray(char_frames)
    if not len(frames) or not len(frame_of_point):
        return np.full(len(frame_of_point), -1, np.int32)
    nearest = np.abs(frame_of_point[:, None] - frames[None, :]).argmin(axis=1)
    return np.where(frame_of_point >= 0, nearest, -1).astype(np.int32)


def lines_of_points(frame_of_point: np.ndarray, char_frames: Sequence[int], hypothesis: str) -> np.ndarray:
    """Return the line of each point, counted from 0: int `[N]`.

    Args:
        frame_of_point: Int `[N]`.
        char_frames: Frame of each code point of the hypothesis.
        hypothesis: What was read, with line breaks.
    """
    breaks = [frame for character, frame in zip(hypothesis, char_frames, strict=True) if character == "\n"]
    return np.searchsorted(breaks, np.asarray(frame_of_point), side="right")


def frame_positions(points: np.ndarray, frame_of_point: np.ndarray) -> np.ndarray:
    """Move points along the frame axis so that ink stands about where it is read, still as it was written.

    x is bent by the one monotone curve that carries the distribution of x onto that of the frames, so letters
    keep their shape and a late dot stays above its i, as a plain plot over time would not have it.
    Right-to-left ink, whose x falls while frames rise, is mirrored.

    Args:
        points: Float `[N, 4]`, x in column 0.
        frame_of_point: Int `[N]`; negative entries are left out of the fit.

    Returns:
        Float64 `[N]`, positions on the frame axis.
    """
    x = np.asarray(points[:, 0], np.float64)
    frames = np.asarray(frame_of_point, np.float64)
    valid = frames >= 0
    if not valid.any():
        return np.zeros(len(x))
    if valid.sum() > 2 and np.cov(x[valid], frames[valid])[0, 1] < 0:
        x = -x
    return np.interp(x, np.quantile(x[valid], _QUANTILES), np.quantile(frames[valid], _QUANTILES))
