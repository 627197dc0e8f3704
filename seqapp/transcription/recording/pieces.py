"""Pieces of a recording: cut at its pauses, or with an overlap where it has none, while it is decoded."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from seqapp.transcription.recording.pauses import (
    FRAME_S,
    MARGIN_DB,
    is_even_noise,
    is_pause,
    levels_db,
    noise_floor_db,
    runs,
    smoothed,
)

# Chosen on AN4 utterances joined with pauses of 0.3 to 3 s, of zeros and of noise: see README.md.
LONGEST_S = 10.0  # of a piece: models are trained on utterances of seconds
OVERLAP_S = 4.0  # of two pieces between which there is no pause, a quarter of the longest at most
PAUSE_S = 0.7  # of silence that ends a piece, however short that is: who spells pauses for up to so long
BREATH_S = 0.4  # of silence at which a piece that grows too long is cut, the longest one of its second half
EDGE_S = 0.2  # of this silence that stays at the end of the piece, and before the next one, but no louder noise
QUIET_S = 0.2  # within which a piece that grows too long is cut
QUIET_SHARE = 0.35  # of the way from the noise floor to what is loud, in dB, up to which a place is quiet
HISTORY_S = 30.0  # of levels of which the noise floor is made


class Piece(NamedTuple):
    """A part of a recording.

    Attributes:
        samples: Int16 `[N]`.
        start: Its first sample in the recording.
        overlap: How many of its first samples are the last of the piece before, too.
    """

    samples: np.ndarray
    start: int
    overlap: int


def pieces_of(blocks: Iterable[np.ndarray], rate_hz: int, longest_s: float = LONGEST_S) -> Iterator[Piece]:
    """Cut a recording while it is decoded. Long silence is in no piece but for its edges.

    Args:
        blocks: Int16 `[N]` each, of any lengths.
        rate_hz: Samples per second.
        longest_s: Of a piece.

    Yields:
        `Piece`s in order; all of them take the memory of one.
    """
    cutter = _Cutter(rate_hz, longest_s)
    for block in blocks:
        cutter.push(block)
        yield from cutter.pieces(is_last=False)
    yield from cutter.pieces(is_last=True)


class _Cutter:
    """Samples that are in no piece yet, and their levels by frames."""

    def __init__(self, rate_hz: int, longest_s: float) -> None:
        self._frame_size = round(FRAME_S * rate_hz)
        self._longest = _frames(longest_s)
        self._samples = np.zeros(0, np.int16)
        self._levels = np.zeros(0, np.float32)
        self._past_levels = np.zeros(0, np.float32)
        self._first_sample = 0  # of these in the recording
        self._overlap = 0  # frames of these that were in the last piece

    def push(self, block: np.ndarray) -> None:
        """Take more samples."""
        self._samples = np.concatenate([self._samples, block])
        known = len(self._levels) * self._frame_size
        whole = len(self._samples) // self._frame_size * self._frame_size
        self._levels = np.concatenate([self._levels, levels_db(self._samples[known:whole], self._frame_size)])

    def pieces(self, is_last: bool) -> Iterator[Piece]:
        """Yield pieces as long as enough is known of what follows them."""
        needed = 1 if is_last else self._longest + _frames(PAUSE_S)
        while len(self._levels) >= needed:
            levels = smoothed(self._levels)
            floor = noise_floor_db(np.concatenate([self._past_levels, self._levels]))
            silent = is_pause(levels, floor)
            if is_last and silent.all() and not self._overlap:
                return
            noise = is_even_noise(levels, floor)
            breaths = [run for run in runs(silent) if run[1] - run[0] >= _frames(BREATH_S) or noise[slice(*run)].any()]
            pauses = [run for run in breaths if run[1] - run[0] >= _frames(PAUSE_S) or noise[slice(*run)].any()]
            if pauses and pauses[0][0] == 0 and not self._overlap:
                self._drop(pauses[0][1] - _edge(levels[: pauses[0][1]][::-1], floor))
                continue
            end, next_start = self._end(levels, floor, breaths, pauses)
            piece = self._samples[: end * self._frame_size].copy()
            yield Piece(piece, self._first_sample, self._overlap * self._frame_size)
            self._drop(next_start)
            self._overlap = max(end - next_start, 0)

    def _end(self, levels: np.ndarray, floor: float, breaths: list, pauses: list) -> tuple[int, int]:
        """Return the frame behind the first piece, and the one at which the next begins."""
        behind = [run for run in pauses if run[0] >= self._overlap]
        if behind and behind[0][0] + _frames(EDGE_S) <= self._longest:
            return _around(*behind[0], levels, floor)
        if len(levels) <= self._longest:
            return len(levels), len(levels)
        earliest, latest = max(self._longest // 2, self._overlap), self._longest - _frames(EDGE_S)
        if breaths := [run for run in breaths if earliest <= run[0] <= latest]:
            return _around(*max(breaths, key=lambda run: run[1] - run[0]), levels, floor)
        return self._quietest(levels, floor)

    def _quietest(self, levels: np.ndarray, floor: float) -> tuple[int, int]:
        first = max(self._longest // 2, self._overlap)
        width = _frames(QUIET_S)
        loudest = np.lib.stride_tricks.sliding_window_view(levels[first : self._longest], width).max(axis=1)
        place = int(np.argmin(loudest))
        loud = float(np.percentile(levels[: self._longest], 90))
        if loudest[place] <= floor + max(MARGIN_DB, QUIET_SHARE * (loud - floor)):
            end = first + place + width // 2
            return end, end
        return self._longest, self._longest - min(_frames(OVERLAP_S), self._longest // 4)

    def _drop(self, num_frames: int) -> None:
        self._past_levels = np.concatenate([self._past_levels, self._levels[:num_frames]])[-_frames(HISTORY_S) :]
        self._levels = self._levels[num_frames:]
        self._samples = self._samples[num_frames * self._frame_size :]
        self._first_sample += num_frames * self._frame_size


def _around(first: int, last: int, levels: np.ndarray, floor: float) -> tuple[int, int]:
    """Of a silence, the frame at which the piece before it ends, and the one at which that behind it begins."""
    end = first + _edge(levels[first:last], floor)
    return end, max(end, last - _edge(levels[first:last][::-1], floor))


def _edge(levels: np.ndarray, floor: float) -> int:
    """Frames at the begin of a pause that stay with what was said: of those near the floor, which may hide its end."""
    loud = np.flatnonzero(levels[: _frames(EDGE_S)] >= floor + MARGIN_DB)
    return int(loud[0]) if len(loud) else min(_frames(EDGE_S), len(levels))


def _frames(seconds: float) -> int:
    return round(seconds / FRAME_S)
