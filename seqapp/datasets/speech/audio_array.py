"""Audio arrays from memory: any rate and channels to one channel of int16, as the same audio in a file is read."""

import io

import numpy as np
import soundfile

from seqapp.datasets.speech.audio import SAMPLE_RATE_HZ
from seqapp.datasets.speech.long_waveform import LongWaveform
from seqapp.datasets.speech.waveform import TooLong, read_waveform

MAX_CHANNELS = 32  # more columns than that are no channels
SUBTYPES = {"int16": "PCM_16", "int32": "PCM_32", "uint8": "PCM_U8", "float32": "FLOAT", "float64": "DOUBLE"}


def waveform_of_array(
    samples: np.ndarray,
    sample_rate_hz: int | None = None,
    max_seconds: float | None = None,
    keeps_long: bool = False,
) -> np.ndarray | LongWaveform:
    """Convert an array of audio: mixed to one channel, resampled and checked as a file is.

    Args:
        samples: `[N]`, `[N, C]` or `[C, N]`: int16, int32 or uint8 of their full scales, or float of full scale 1.
        sample_rate_hz: Of the array; None: `SAMPLE_RATE_HZ`.
        max_seconds: Longest accepted; None: any.
        keeps_long: Whether what is longer is no error: it comes as a `LongWaveform`.

    Returns:
        Int16 `[N']` at `SAMPLE_RATE_HZ`.

    Raises:
        ValueError: Another type or shape, no samples, samples that are not finite, another scale or rate, or too long.
    """
    samples = np.asarray(samples)
    if samples.dtype == np.float16:
        samples = samples.astype(np.float32)
    if samples.dtype.name not in SUBTYPES:
        raise ValueError(f"audio: expected an array of {', '.join(SUBTYPES)}. Received: {samples.dtype.name}.")
    if samples.ndim == 2 and samples.shape[0] < samples.shape[1]:
        samples = samples.T
    if samples.ndim not in (1, 2) or (samples.ndim == 2 and samples.shape[1] > MAX_CHANNELS) or not samples.size:
        raise ValueError(
            f"audio: expected samples of shape [N], or [N, C] with at most {MAX_CHANNELS} channels. Received: shape "
            f"{list(samples.shape)}."
        )
    rate_hz = SAMPLE_RATE_HZ if sample_rate_hz is None else sample_rate_hz
    if rate_hz != int(rate_hz):
        raise ValueError(f"audio: expected a whole number of samples per second. Received: {rate_hz}.")
    file = io.BytesIO()
    soundfile.write(file, np.ascontiguousarray(samples), int(rate_hz), SUBTYPES[samples.dtype.name], format="WAV")
    try:
        return read_waveform(file.getvalue(), "audio", max_seconds=max_seconds)
    except TooLong:
        if not keeps_long:
            raise
        return LongWaveform(file.getvalue(), "audio")
