"""Speech audio with its transcript, as every reader yields it and every later stage receives it.

Corpora differ in file formats, sample rates and channels; readers remove those differences here, once, so that
features, training and serving know a single array layout at a single rate.
"""

import dataclasses

import numpy as np

SAMPLE_RATE_HZ = 16_000  # of everything that readers yield
MAX_SECONDS = 600.0  # of one utterance of a corpus; whatever is longer is no utterance but a recording to be cut


@dataclasses.dataclass(frozen=True)
class Audio:
    """Speech and what is known about it.

    Args:
        id: Names the example in logs and errors; unique within its corpus.
        samples: Int16 `[N]`, one channel; of a recording of any length, where these are asked for, a `LongWaveform`.
        sample_rate_hz: Samples a second.
        text: What was said, in the corpus' own characters; empty when unknown.
        speaker_id: Who said it, never a real name (readers hash it); empty when unknown.
    """

    id: str
    samples: np.ndarray
    sample_rate_hz: int = SAMPLE_RATE_HZ
    text: str = ""
    speaker_id: str = ""

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self.samples) / self.sample_rate_hz


def check(audio: Audio, max_seconds: float = MAX_SECONDS) -> str | None:
    """Return the reason why audio cannot be used, or None.

    Args:
        audio: Any audio.
        max_seconds: Longest accepted.

    Returns:
        The reason, or None where nothing is wrong. Silence is fine: recordings of it exist.
    """
    samples = np.asarray(audio.samples)
    if samples.ndim != 1:
        return f"samples: expected shape [N], one channel, received {list(samples.shape)}"
    if not len(samples):
        return "no samples"
    if samples.dtype != np.int16:
        return f"samples: expected int16, received {_described(samples)}"
    if audio.sample_rate_hz <= 0:
        return f"sample rate: expected a positive number of Hz, received {audio.sample_rate_hz}"
    if audio.seconds > max_seconds:
        return f"too long: {audio.seconds:.1f} s, more than the {max_seconds:g} allowed"
    return None


def _described(samples: np.ndarray) -> str:
    if samples.dtype.kind == "f" and not np.isfinite(samples).all():
        return f"{samples.dtype} with NaN or infinity, first at sample {int(np.argmin(np.isfinite(samples)))}"
    return str(samples.dtype)
