"""Mel filter bank: triangular bands in the two forms of the field, librosa's (Slaney) and Kaldi's (HTK).

They differ in three things: the scale (linear below 1 kHz, or logarithmic throughout), where the sides of a triangle
are straight (in Hz, or in mel), and the weight (equal areas, or equal heights).
"""

import functools

import numpy as np

KINDS = ("librosa", "kaldi")


@functools.lru_cache(maxsize=8)
def mel_filters(
    kind: str, sample_rate_hz: int, fft_length: int, num_mel_bins: int, min_hz: float, max_hz: float
) -> np.ndarray:
    """Return the weight of every frequency of a power spectrum in every band.

    Args:
        kind: One of `KINDS`.
        sample_rate_hz: Of the waveform.
        fft_length: Samples in the Fourier transform, even.
        num_mel_bins: Bands F.
        min_hz: Where the first triangle begins.
        max_hz: Where the last one ends; 0: half the sample rate.

    Returns:
        Float32 `[fft_length // 2 + 1, F]`, NumPy, read-only: for `power_spectrum @ mel_filters(...)`.

    Raises:
        ValueError: Unknown `kind`, a range that is empty or above half the sample rate, or bands so narrow that no
            frequency of the transform falls into one of them.

    Reference: `librosa.filters.mel`; Kaldi's feat/mel-computations.cc.
    """
    if kind not in KINDS:
        raise ValueError(f"features.kind: expected one of {KINDS}, received {kind!r}")
    top_hz = max_hz or sample_rate_hz / 2
    if not 0 <= min_hz < top_hz <= sample_rate_hz / 2:
        raise ValueError(
            f"features: expected 0 <= min_hz < max_hz <= {sample_rate_hz / 2:g} (half the sample rate), "
            f"received min_hz={min_hz:g}, max_hz={top_hz:g}"
        )
    make = _slaney if kind == "librosa" else _htk
    filters = make(sample_rate_hz, fft_length, num_mel_bins, min_hz, top_hz).astype(np.float32)
    if not (filters.max(axis=0) > 0).all():
        raise ValueError(
            f"features.num_mel_bins: expected bands that each hold a frequency of a transform of {fft_length} samples, "
            f"received {num_mel_bins} bands from {min_hz:g} to {top_hz:g} Hz. Take fewer, or a longer frame_length_ms."
        )
    filters.flags.writeable = False  # one array for all who ask
    return filters


def _slaney(sample_rate_hz, fft_length, num_mel_bins, min_hz, max_hz):
    import librosa.filters  # two seconds, and a saved graph holds the constant

    filters = librosa.filters.mel(sr=sample_rate_hz, n_fft=fft_length, n_mels=num_mel_bins, fmin=min_hz, fmax=max_hz)
    return filters.T


def _htk(sample_rate_hz, fft_length, num_mel_bins, min_hz, max_hz):
    """Return triangles of height 1, their corners equidistant in mel, their sides straight in mel."""
    corners = np.linspace(_mel(min_hz), _mel(max_hz), num_mel_bins + 2)
    left = corners[:-2]
    centre = corners[1:-1]
    right = corners[2:]
    mel = _mel(np.arange(fft_length // 2 + 1) * sample_rate_hz / fft_length)[:, np.newaxis]
    rise = (mel - left) / (centre - left)
    fall = (right - mel) / (right - centre)
    return np.maximum(0.0, np.minimum(rise, fall))


def _mel(hz):
    return 1127.0 * np.log1p(np.asarray(hz, np.float64) / 700.0)


def band_centres(kind: str, sample_rate_hz: int, num_mel_bins: int, min_hz: float, max_hz: float) -> np.ndarray:
    """Return the centre of each band in Hz: float32 `[F]`, NumPy. Arguments as for `mel_filters`."""
    top_hz = max_hz or sample_rate_hz / 2
    if kind == "librosa":
        import librosa

        corners = librosa.mel_frequencies(num_mel_bins + 2, fmin=min_hz, fmax=top_hz)
    else:
        corners = 700.0 * np.expm1(np.linspace(_mel(min_hz), _mel(top_hz), num_mel_bins + 2) / 1127.0)
    return corners[1:-1].astype(np.float32)
