"""Audio decoding and resampling in blocks, to one channel of int16: six hours take no more memory than a second.

libsndfile decodes (WAV, FLAC, Ogg Vorbis and Opus, MP3, NIST SPHERE, AIFF, AU ...), and soxr resamples as librosa
does ("soxr_hq", to the last bit).
"""

import contextlib
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr

from seqapp.datasets.speech.audio import SAMPLE_RATE_HZ
from seqapp.datasets.speech.steady_file import SteadyFile
from seqapp.datasets.speech.truncation import lacks_end, states_length

RATES_HZ = (4_000, 192_000)  # a header with another rate is damaged more often than true
_BLOCK = 65_536  # samples of all channels decoded at a time
_LARGEST = 16.0  # of float samples, full scale being 1: mixes go over it by little, other scales by much
_UNKNOWN_LENGTH = 2**63 - 1  # libsndfile's, of a FLAC file that an encoder could not go back in
_AGAIN = "Copy or download it again (ffmpeg -i IN OUT.wav keeps what is there)."
_MP3_TAIL = 2_048  # bytes of a last frame and of the tags behind it
FORMATS = "WAV, FLAC, Ogg (Vorbis, Opus), MP3, NIST SPHERE, AIFF, AU"


def read_waveform(
    source: str | Path | bytes,
    name: str = "",
    start_s: float = 0.0,
    end_s: float | None = None,
    max_seconds: float | None = None,
) -> np.ndarray:
    """Read audio whole; arguments and errors as `waveform_blocks`.

    Returns:
        Int16 `[N]` at `SAMPLE_RATE_HZ`, N > 0. A file of that kind comes back unchanged.

    Raises:
        ValueError: Also where there is not one sample.
    """
    blocks = list(waveform_blocks(source, name, start_s, end_s, max_seconds))
    if not sum(map(len, blocks)):
        raise ValueError(f"no samples: {_name(source, name)}. Was the recording ever started?")
    return np.concatenate(blocks)


def to_waveform(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    """Resample decoded audio.

    Args:
        samples: Integers of 16 bits, of any dtype, `[N]`.
        rate_hz: Their rate.

    Returns:
        Int16 `[M]` at `SAMPLE_RATE_HZ`.
    """
    if rate_hz == SAMPLE_RATE_HZ:
        return samples.astype(np.int16)
    floats = (samples / 32_768.0).astype(np.float32)
    return _to_int16(soxr.resample(floats, rate_hz, SAMPLE_RATE_HZ, quality="HQ"))


def waveform_blocks(
    source: str | Path | bytes,
    name: str = "",
    start_s: float = 0.0,
    end_s: float | None = None,
    max_seconds: float | None = None,
) -> Iterator[np.ndarray]:
    """Decode audio a few seconds at a time.

    Args:
        source: File, or its content. The format is told by content, not by the name.
        name: What errors call it; "": the file's own name.
        start_s: Where to begin, in seconds.
        end_s: Where to end; None: at the end.
        max_seconds: Longest accepted, asked of the header before anything is decoded; None: any.

    Yields:
        int16 blocks at `SAMPLE_RATE_HZ`; channels are averaged, floats beyond full scale clipped.

    Raises:
        ValueError: No such file, no audio, damaged, truncated, too long, a rate outside `RATES_HZ`, a part that lies
            beyond the end, or float samples that are NaN, infinite or of another scale.
    """
    name = _name(source, name)
    with _opened(source, name) as recording:
        start, end = recording.part(start_s, end_s)
        if max_seconds is not None and recording.states_length:
            _check_seconds(name, (end - start) / recording.rate_hz, max_seconds)
        resampler = soxr.ResampleStream(recording.rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32", quality="HQ")
        num_samples = 0
        for block in recording.mono_blocks(start, end):
            if recording.rate_hz != SAMPLE_RATE_HZ:
                block = resampler.resample_chunk(block, last=not len(block))
            num_samples += len(block)
            if max_seconds is not None:
                _check_seconds(name, num_samples / SAMPLE_RATE_HZ, max_seconds)
            yield _to_int16(block)


def _check_seconds(name: str, seconds: float, max_seconds: float) -> None:
    if seconds > max_seconds + 1.0 / SAMPLE_RATE_HZ:  # resampling rounds up to whole samples
        received = f"{seconds:.1f} s, more than the {max_seconds:g} allowed"
        raise ValueError(f"too long: {name}: {received}. Cut it, or transcribe it as a stream.")


@contextlib.contextmanager
def _opened(source: str | Path | bytes, name: str) -> Iterator["_Recording"]:
    with contextlib.ExitStack() as stack:
        try:
            raw = io.BytesIO(source) if isinstance(source, bytes) else stack.enter_context(open(source, "rb"))
        except OSError as error:
            raise ValueError(f"unreadable: {name}: {error.strerror}. Check the path.") from error
        if lacks_end(raw):
            raise ValueError(f"truncated: {name}: shorter than its header says. {_AGAIN}")
        is_stated = states_length(raw)
        try:
            file = stack.enter_context(soundfile.SoundFile(SteadyFile(raw)))
        except soundfile.LibsndfileError as error:
            raise _undecodable(raw, name, error) from error
        try:
            yield _Recording(file, raw, name, is_stated)
        except soundfile.LibsndfileError as error:
            raise ValueError(f"truncated or damaged: {name}: {_reason(error)}. {_AGAIN}") from error


def _undecodable(raw: BinaryIO, name: str, error: soundfile.LibsndfileError) -> ValueError:
    if not raw.seek(0, io.SEEK_END):
        return ValueError(f"empty file: {name}. Copy or record it again.")
    supported = f"Supported: {FORMATS}; convert others with ffmpeg."
    return ValueError(f"no audio or damaged: {name}: {_reason(error)}. {supported}")


def _reason(error: soundfile.LibsndfileError) -> str:
    return error.error_string.removeprefix("Error : ").strip(" .")


class _Recording:
    """An open file whose header can be believed."""

    def __init__(self, file: soundfile.SoundFile, raw: BinaryIO, name: str, states_length: bool) -> None:
        lowest, highest = RATES_HZ
        if not lowest <= file.samplerate <= highest:
            received = f"expected {lowest} to {highest} Hz, received {file.samplerate}"
            raise ValueError(f"sample rate: {name}: {received}. Resample it.")
        if file.frames == _UNKNOWN_LENGTH:
            raise ValueError(f"no length: {name}: its header was never completed, as in a pipe. Encode it to a file.")
        self._file = file
        self._raw = raw
        self._name = name
        self.rate_hz = file.samplerate
        self.states_length = states_length

    def part(self, start_s: float, end_s: float | None) -> tuple[int, int]:
        """Return the first frame of the part and the one behind its last, rounded to the nearest."""
        if not 0 <= start_s < math.inf or not (end_s is None or start_s < end_s < math.inf):
            raise ValueError(f"part: {self._name}: expected 0 <= start < end, received {start_s} to {end_s} s.")
        start = round(start_s * self.rate_hz)
        length = self._file.frames
        end = length if end_s is None else round(end_s * self.rate_hz)
        if max(start, end) > length + self.rate_hz // 10 and self.states_length:  # lists round their times
            seconds = f"{start_s} to {end_s} s of {length / self.rate_hz:.2f}"
            raise ValueError(f"part beyond the end: {self._name}: {seconds}. Is it the right file?")
        return min(start, length), min(end, length)

    def mono_blocks(self, start: int, end: int) -> Iterator[np.ndarray]:
        """Yield float blocks `[n]` of the average of all channels, and an empty one at the end."""
        if start:
            self._file.seek(start)
        position = start
        num_frames = max(1, _BLOCK // self._file.channels)  # a header may claim 1,024 channels
        while position < end:
            length = min(num_frames, end - position)
            block = self._file.read(length, dtype="float32", always_2d=True)
            if len(block) < length and self.states_length:  # reading on would skip what is damaged
                place = f"frame {position + len(block)} of {end} cannot be decoded"
                raise ValueError(f"truncated or damaged: {self._name}: {place}. {_AGAIN}")
            if not len(block):
                break
            self._check_numbers(block, position)
            position += len(block)
            yield block.mean(axis=1)
        if end == self._file.frames and not self.states_length:
            self._check_nothing_is_left()
        yield np.zeros(0, np.float32)

    def _check_nothing_is_left(self) -> None:
        """Refuse an MP3 that libsndfile read as far as its guess of the length goes, and no further."""
        position = self._raw.tell()
        size = self._raw.seek(0, io.SEEK_END)
        if size - position > size // 20 + _MP3_TAIL:
            raise ValueError(f"no length: {self._name}: an MP3 of changing bitrate must state it. Encode it anew.")

    def _check_numbers(self, block: np.ndarray, position: int) -> None:
        finite = np.isfinite(block).all(axis=1)
        if not finite.all():
            frame = position + int(np.argmin(finite))
            raise ValueError(f"NaN: {self._name}: frame {frame} is NaN or infinite. Write the file again.")
        peak = float(np.abs(block).max())
        if peak > _LARGEST:
            received = f"expected floats within -1 and 1, received {peak:g}"
            raise ValueError(f"scale: {self._name}: {received}. Divide them, or repair the file.")


def _to_int16(samples: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(samples * 32_768.0), -32_768, 32_767).astype(np.int16)


def _name(source: str | Path | bytes, name: str) -> str:
    return name or ("audio" if isinstance(source, bytes) else Path(source).name)
