"""Long waveform: audio that is decoded block by block whenever it is asked for, and never held whole."""

import dataclasses
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from seqapp.datasets.speech.waveform import waveform_blocks


@dataclasses.dataclass(frozen=True)
class LongWaveform:
    """What stands for the samples of a recording that is longer than a model takes at once.

    Args:
        source: As for `waveform_blocks`, and the other arguments too.
        name: As there.
        start_s: As there.
        end_s: As there.
        channel: As there.
    """

    source: str | Path | bytes | BinaryIO
    name: str = ""
    start_s: float = 0.0
    end_s: float | None = None
    channel: int | None = None

    def blocks(self) -> Iterator[np.ndarray]:
        """Decode it from its begin: int16 blocks at `SAMPLE_RATE_HZ`; errors as of `waveform_blocks`."""
        return waveform_blocks(self.source, self.name, self.start_s, self.end_s, channel=self.channel)

    def kept(self) -> "LongWaveform":
        """Return one that outlives its file, such as one of an unpacked archive: a copy without a name on the disk."""
        copy = tempfile.TemporaryFile(prefix="seqapp-")  # noqa: SIM115 (it lives as long as what is returned)
        with open(self.source, "rb") as file:
            shutil.copyfileobj(file, copy)
        return dataclasses.replace(self, source=copy, name=self.name or Path(self.source).name)
