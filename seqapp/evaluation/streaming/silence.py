"""False alarms of a speech model: words that it emits in silence and in noise."""

import numpy as np

SECONDS = (0.0, 0.5, 1.0, 2.0, 3.0)
KINDS = {"silence": None, "noise -60 dB": -60.0, "noise -40 dB": -40.0, "noise -20 dB": -20.0}  # of full scale


def nothing_said(level_db: float | None, seconds: float, rate_hz: int, seed: int = 0):
    """Return int16 `[N]`, white noise of this level (mean power is 0 dB at full scale); zeros where it is None."""
    num_samples = round(seconds * rate_hz)
    if level_db is None:
        return np.zeros(num_samples, np.int16)
    noise = np.random.default_rng(seed).normal(scale=10 ** (level_db / 20), size=num_samples)
    return np.clip(np.rint(32_768 * noise), -32_768, 32_767).astype(np.int16)


def false_alarms(transcriber) -> dict[str, tuple[int, ...]]:
    """Count the words recognised in each of `KINDS`, one number for each of `SECONDS`, by `Transcriber.stream`."""
    rate_hz = transcriber.sense.config.sample_rate_hz
    stream = transcriber.stream()

    def num_words(samples):
        stream.push(samples)
        return len(stream.finish()[-1].words)

    return {
        kind: tuple(num_words(nothing_said(level_db, seconds, rate_hz)) for seconds in SECONDS)
        for kind, level_db in KINDS.items()
    }
