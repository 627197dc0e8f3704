"""Framing of a waveform: frame length, step and padding in samples."""

from seqapp.features.windows import Windows


def frame_windows(config) -> Windows:
    """Return the windows of samples that one frame each is computed from.

    "librosa" pads by half a transform and lays its window in the middle of it; where the window is zero nothing need
    be read, so a frame of S samples begins S / 2 before its centre. "kaldi" neither pads nor centres. Zeros are known
    before they come, where reflected samples would not be: so both kinds stream.

    Args:
        config: `seqapp.recipe.LogMelConfig`.

    Returns:
        `Windows`, in samples.
    """
    size = _num_samples(config, config.frame_length_ms)
    step = _num_samples(config, config.frame_step_ms)
    if config.kind == "kaldi":
        return Windows(size, step)
    # The longer half of an odd window goes first, as librosa.util.pad_center has it.
    return Windows(size, step, left=size - size // 2, right=size // 2)


def fft_length(config) -> int:
    """Return the samples of the Fourier transform, int: the power of two from the frame length on."""
    return 1 << (_num_samples(config, config.frame_length_ms) - 1).bit_length()


def _num_samples(config, duration_ms):
    """Return the whole samples in `duration_ms`, rounded down as Kaldi does."""
    return int(config.sample_rate_hz * duration_ms / 1000)
