"""Pauses in audio, by energy above a running noise floor, at any level of the recording."""

import numpy as np

FRAME_S = 0.01
SMOOTHED_FRAMES = 5  # over which levels are averaged: noise flickers
FLOOR_PERCENTILE = 10  # of the levels of half a minute: even fast talkers are silent that often
MARGIN_DB = 6.0  # above the floor that still counts as silence
STEADY_FRAMES = 50  # half a second in which
STEADY_DB = 3.0  # levels differ by no more: noise or a tone, whatever its level, for syllables come faster
EVEN_FRAMES = 25  # a quarter of a second in which levels above the floor
EVEN_DB = 1.0  # differ by no more: noise alone is as even, no letter of 948 utterances of AN4 is
DIGITAL_DB = 1.0  # of less the samples are zeros but for rounding: the floor of a recording lies above


def levels_db(samples: np.ndarray, frame_size: int) -> np.ndarray:
    """Compute the level of each frame, without its mean, in dB above one step of int16.

    Args:
        samples: Int16 `[N]`, N a multiple of `frame_size`.
        frame_size: Samples of a frame.

    Returns:
        Float32 `[N / frame_size]`, 0 for zeros, 90 for full scale.
    """
    frames = samples.reshape(-1, frame_size).astype(np.float32)
    return 10.0 * np.log10(frames.var(axis=1) + 1.0)


def smoothed(levels: np.ndarray) -> np.ndarray:
    """Average each level with its neighbours, `SMOOTHED_FRAMES` in all."""
    padded = np.pad(levels, SMOOTHED_FRAMES // 2, mode="edge")
    return np.convolve(padded, np.full(SMOOTHED_FRAMES, 1.0 / SMOOTHED_FRAMES, np.float32), mode="valid")


def noise_floor_db(levels: np.ndarray) -> float:
    """Estimate the level of the noise behind what is said, of some half a minute of levels."""
    heard = levels[levels > DIGITAL_DB]
    return float(np.percentile(heard, FLOOR_PERCENTILE)) if len(heard) else 0.0


def is_pause(levels: np.ndarray, floor_db: float) -> np.ndarray:
    """Tell which frames say nothing: near the noise floor, in half a second of one level, or of a louder even noise.

    Args:
        levels: Smoothed.
        floor_db: As of `noise_floor_db`.

    Returns:
        Bool, of the same length.
    """
    is_quiet = levels < floor_db + MARGIN_DB
    return is_quiet | _is_steady(levels, floor_db, STEADY_FRAMES, STEADY_DB) | is_even_noise(levels, floor_db)


def is_even_noise(levels: np.ndarray, floor_db: float) -> np.ndarray:
    """Tell which frames are of a noise above the floor that keeps its level; arguments and values as of `is_pause`."""
    is_loud = levels >= floor_db + MARGIN_DB
    return _is_steady(levels, floor_db, EVEN_FRAMES, EVEN_DB) & is_loud


def _is_steady(levels, floor_db, num_frames, most_db):
    """Tell which frames are in so many of one level."""
    if len(levels) < num_frames:
        return np.zeros(len(levels), bool)
    windows = np.lib.stride_tricks.sliding_window_view(levels, num_frames)
    lowest = windows.min(axis=1)
    # The begin of a noise, before its level is steady, would be heard as a plosive.
    rim = np.where(lowest >= floor_db + MARGIN_DB, SMOOTHED_FRAMES, 0)
    places = np.flatnonzero(windows.max(axis=1) - lowest < most_db)
    changes = np.zeros(len(levels) + 1, np.int32)
    np.add.at(changes, np.maximum(places - rim[places], 0), 1)
    np.add.at(changes, np.minimum(places + num_frames + rim[places], len(levels)), -1)
    return np.cumsum(changes[:-1]) > 0


def runs(is_silent: np.ndarray) -> list[tuple[int, int]]:
    """Return the first frame of each run of silent frames and the one behind its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_silent, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist()))
