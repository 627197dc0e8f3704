"""Strings of digits: takes of one speaker joined with short pauses, always the same ones."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from seqapp.datasets.speech.audio import SAMPLE_RATE_HZ, Audio

PASSES = 4  # how often each take is used
MAX_DIGITS = 7  # in one string, as in a telephone number; the number is drawn evenly from 1 on
PAUSE_S = (0.03, 0.25)  # shortest and longest pause before, between and behind digits
_FRAME = SAMPLE_RATE_HZ // 100  # 10 ms


def join_strings(takes: Sequence[Audio], name: str) -> Iterator[Audio]:
    """Join takes of one speaker in random order.

    Args:
        takes: Of one speaker, each with one word as its text.
        name: Of the split: seeds the draw together with the speaker, and stands in the ids.

    Yields:
        Strings such as "three one four". Each take occurs `PASSES` times in all.
    """
    if not takes:
        return
    speaker_id = takes[0].speaker_id
    rng = np.random.default_rng(int(hashlib.sha1(f"{speaker_id}/{name}".encode()).hexdigest(), 16))
    deck = np.concatenate([rng.permutation(len(takes)) for _ in range(PASSES)])
    position = 0
    for number in range(len(deck)):
        if position == len(deck):
            return
        string = [takes[index] for index in deck[position : position + rng.integers(1, MAX_DIGITS + 1)]]
        position += len(string)
        text = " ".join(take.text for take in string)
        id = f"{speaker_id.rpartition('/')[2]}_{name}_{number:04d}"
        yield Audio(id, _joined(string, rng), text=text, speaker_id=speaker_id)


def _joined(takes: Sequence[Audio], rng: np.random.Generator) -> np.ndarray:
    """Join the samples of takes, int16, with pauses around them.

    Pauses hold noise as soft as the softest 10 ms of their neighbours: digital silence would give the pauses away.
    """
    pieces = [_pause(takes[0], rng)]
    for take in takes:
        pieces += [take.samples, _pause(take, rng)]
    return np.concatenate(pieces)


def _pause(take: Audio, rng: np.random.Generator) -> np.ndarray:
    length = int(rng.uniform(*PAUSE_S) * SAMPLE_RATE_HZ)
    noise = rng.standard_normal(length) * _softest_rms(take.samples)
    return np.clip(np.rint(noise), -32_768, 32_767).astype(np.int16)


def _softest_rms(samples: np.ndarray) -> float:
    whole = samples[: len(samples) // _FRAME * _FRAME].astype(np.float64).reshape(-1, _FRAME)
    return float(np.sqrt(np.square(whole).mean(axis=1)).min()) if len(whole) else 0.0
