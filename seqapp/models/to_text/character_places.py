"""Character places: where in the raw input each character lies, from its frame, for each sense, in NumPy.

The graphs of `InkToText`, `SpeechToText` and `ImageToText` compute the same; a test compares them. Here are the forms
for texts that a search outside of the graph has found, and for streams.
"""

import numpy as np

from seqapp.senses import Sense

LONGEST_CHARACTER_S = 0.3  # a character ends here where no other follows sooner: vowels seldom last longer


def point_places(frames: np.ndarray, frame_of_point: np.ndarray, num_points: int, sense: Sense) -> dict:
    """Find the first point of each frame.

    Args:
        frames: Int `[U]`, of the characters.
        frame_of_point: Int `[N]`, as the signature `log_probs` of ink gives it.
        num_points: Valid ones.
        sense: `InkSense`.

    Returns:
        char_points int `[U]`.
    """
    if not num_points:
        return {"char_points": np.zeros(len(frames), np.int64)}
    order = np.argsort(frame_of_point[:num_points], kind="stable")  # of reading: late strokes stand in between
    first = np.searchsorted(frame_of_point[order], frames, side="left")
    return {"char_points": order[np.minimum(first, num_points - 1)]}


def time_places(frames: np.ndarray, frame_start_s: np.ndarray, num_samples: int, sense: Sense) -> dict:
    """Find when each character begins and ends.

    Args:
        frames: Int `[U]`.
        frame_start_s: Float `[T']`, as the signature `log_probs` of speech gives it.
        num_samples: Of the waveform.
        sense: `SpeechSense`.

    Returns:
        char_start_s and char_end_s, float `[U]`.
    """
    duration_s = num_samples / sense.config.sample_rate_hz
    start_s, end_s = spans_s(frame_start_s[frames].astype(np.float64), duration_s)
    return {"char_start_s": start_s, "char_end_s": end_s}


def spans_s(start_s: np.ndarray, duration_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Bound characters by their neighbours, the end of the audio, and the longest that a character lasts.

    Args:
        start_s: Float `[U]`: where the network is surest of each character.
        duration_s: Of the audio.

    Returns:
        When each begins and ends, float `[U]`.
    """
    next_s = np.append(start_s[1:], duration_s)[: len(start_s)]
    end_s = np.minimum(np.minimum(next_s, duration_s), start_s + LONGEST_CHARACTER_S)
    return np.minimum(start_s, duration_s), end_s


def column_places(frames: np.ndarray, frame_columns: np.ndarray, num_columns: int, sense: Sense) -> dict:
    """Find the columns between which each character stands: borders lie half-way between neighbours.

    The outer characters are as wide outwards as inwards; one that is alone fills the line.

    Args:
        frames: Int `[U]`.
        frame_columns: Float `[T']`, as the signature `log_probs` of images gives it.
        num_columns: Of the line.
        sense: `ImageSense`.

    Returns:
        char_left and char_right, float `[U]`.
    """
    middles = frame_columns[frames].astype(np.float64)
    if sense.reads_leftwards:
        middles = num_columns - middles
    between = (middles[1:] + middles[:-1]) / 2
    if len(between):
        borders = np.concatenate([[2 * middles[0] - between[0]], between, [2 * middles[-1] - between[-1]]])
    else:
        borders = np.array([0.0, num_columns])
    first, last = borders[: len(middles)], borders[1 : len(middles) + 1]
    left, right = (num_columns - last, num_columns - first) if sense.reads_leftwards else (first, last)
    return {"char_left": left.clip(0, num_columns), "char_right": right.clip(0, num_columns)}
