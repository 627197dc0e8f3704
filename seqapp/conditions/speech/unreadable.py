"""Sounds without a text: silence, noise, music, and a voice played backwards."""

import numpy as np

from seqapp.conditions.condition import Damage, draw_seed
from seqapp.features.speech.noise import colored_noise
from seqapp.recipe.rules import CORPUS_RATE_HZ

RATE_HZ = CORPUS_RATE_HZ
DITHER = 1.0 / 32768  # one step of 16 bits
NOTE_S = 0.3
SCALE = (0, 2, 4, 7, 9, 12)  # semitones above the lowest note: any of them sound together
LOWEST_HZ = 130.8
OVERTONES = 6


def silence(waveform, strength, rng, others) -> np.ndarray:
    """Return the noise of the last bit, as long as the waveform."""
    return (DITHER * rng.integers(-1, 2, len(waveform))).astype(np.float32)


def noise(waveform, level_db, rng, others) -> np.ndarray:
    """Return noise between white and brown at a level in dB of full scale, as long as the waveform."""
    sound = colored_noise(len(waveform), draw_seed(rng), float(rng.uniform(0.0, 2.0)), RATE_HZ).numpy()
    return _at_level(sound, level_db)


def music(waveform, level_db, rng, others) -> np.ndarray:
    """Return chords of two notes with overtones that fade, at a level in dB of full scale."""
    time_s = np.arange(round(NOTE_S * RATE_HZ)) / RATE_HZ
    chords = [np.zeros(0)]
    for _ in range(-(-len(waveform) // len(time_s))):
        pitches = LOWEST_HZ * 2.0 ** (rng.choice(SCALE, 2) / 12 + rng.integers(0, 3))
        waves = [np.sin(2 * np.pi * k * hz * time_s) / k for hz in pitches for k in range(1, OVERTONES + 1)]
        chords.append(sum(waves) * np.exp(-4.0 * time_s))
    return _at_level(np.concatenate(chords)[: len(waveform)], level_db)


def backwards(waveform, strength, rng, others) -> np.ndarray:
    """Return the waveform from its end to its beginning: the sounds of speech in no language."""
    return np.asarray(waveform)[::-1].copy()


def _at_level(sound, level_db):
    loudness = np.sqrt(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 1.0
    return (sound * (10.0 ** (level_db / 20.0) / max(loudness, 1e-9))).astype(np.float32)


UNREADABLE = {
    "silence": Damage(silence, "", (1.0,), "the last bit's noise alone"),
    "noise_alone": Damage(noise, "dB FS", (-30.0,), "noise of some colour, nobody speaks"),
    "music": Damage(music, "dB FS", (-25.0,), "chords, nobody sings"),
    "backwards": Damage(backwards, "", (1.0,), "the recording from its end to its beginning"),
}
