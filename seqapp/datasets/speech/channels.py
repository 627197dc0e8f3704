"""Channel selection: the stated channel, the average of channels that hold the same, else the loudest."""

import numpy as np
import soundfile

PROBE_S = 60.0  # of a part that are looked at
_ALIKE = 0.6  # energy of the average over that of the loudest channel: 1 for equal ones, 0 for an inverted pair
_BLOCK = 65_536  # samples of all channels at a time


def choose_channel(file: soundfile.SoundFile, start: int, end: int) -> int | None:
    """Choose the channel to be read.

    Args:
        file: Open; is left behind what was looked at.
        start: First frame of the part that will be read.
        end: Frame behind the last.

    Returns:
        Index of the loudest channel; None where the channels are to be averaged: there is one, or they hold the same.
        The average of two speakers is both at once, that of one speaker in eight channels an eighth of the speaker, and
        that of an inverted pair silence.
    """
    if file.channels == 1:
        return None
    if start:
        file.seek(start)
    energies = np.zeros(file.channels)
    energy_of_mean = 0.0
    rest = min(end - start, int(PROBE_S * file.samplerate))
    while rest > 0:
        block = file.read(min(rest, max(1, _BLOCK // file.channels)), dtype="float32", always_2d=True)
        if not len(block):
            break
        energies += np.square(block, dtype=np.float64).sum(axis=0)
        energy_of_mean += float(np.square(block.mean(axis=1), dtype=np.float64).sum())
        rest -= len(block)
    loudest = int(np.argmax(energies))
    if not np.isfinite(energies).all() or energy_of_mean >= _ALIKE * energies[loudest]:
        return None
    return loudest
