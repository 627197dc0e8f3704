"""Audio decoding and resampling in blocks, to one channel of int16: six hours take no more memory than a second.

libsndfile decodes (WAV, FLAC, Ogg Vorbis and Opus, MP3, NIST SPHERE, AIFF, AU ...), PyAV what phones and browsers
record (M4A, WebM, AMR ...), and soxr resamples as librosa does ("soxr_hq", to the last bit).
"""

import contextlib
import io
import itertools
import logging
import math
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr

from seqapp.datasets.speech.audio import SAMPLE_RATE_HZ
from seqapp.datasets.speech.channels import choose_channel
from seqapp.datasets.speech.container_file import FORMATS as CONTAINERS
from seqapp.datasets.speech.container_file import ContainerError, ContainerFile, container_of
from seqapp.datasets.speech.joined_recordings import recordings_in
from seqapp.datasets.speech.steady_file import SteadyFile
from seqapp.datasets.speech.truncation import lacks_end, states_length

logger = logging.getLogger(__name__)

RATES_HZ = (4_000, 192_000)  # a header with another rate is damaged more often than true
_BLOCK = 65_536  # samples of all channels decoded at a time
_LARGEST = 16.0  # of float samples, full scale being 1: mixes go over it by little, other scales by much
_UNKNOWN_LENGTH = 2**63 - 1  # libsndfile's, of a FLAC file that an encoder could not go back in
_AGAIN = "Copy or download it again (ffmpeg -i IN OUT.wav keeps what is there)."
_MP3_TAIL = 2_048  # bytes of a last frame and of the tags behind it
FORMATS = f"WAV, FLAC, Ogg (Vorbis, Opus), MP3, NIST SPHERE, AIFF, AU; with PyAV {CONTAINERS}"


class TooLong(ValueError):
    """Audio that is longer than is accepted."""


def read_waveform(
    source: str | Path | bytes | BinaryIO,
    name: str = "",
    start_s: float = 0.0,
    end_s: float | None = None,
    max_seconds: float | None = None,
    channel: int | None = None,
) -> np.ndarray:
    """Read audio whole; arguments and errors as `waveform_blocks`.

    Returns:
        Int16 `[N]` at `SAMPLE_RATE_HZ`, N > 0. A file of that kind comes back unchanged.

    Raises:
        ValueError: Also where there is not one sample.
    """
    blocks = list(waveform_blocks(source, name, start_s, end_s, max_seconds, channel))
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
    source: str | Path | bytes | BinaryIO,
    name: str = "",
    start_s: float = 0.0,
    end_s: float | None = None,
    max_seconds: float | None = None,
    channel: int | None = None,
) -> Iterator[np.ndarray]:
    """Decode audio a few seconds at a time.

    Args:
        source: File, or its content, or a file open in binary mode, which stays open. The format is told by content,
            not by the name.
        name: What errors call it; "": the file's own name.
        start_s: Where to begin, in seconds.
        end_s: Where to end; None: at the end.
        max_seconds: Longest accepted, asked of the header before anything is decoded; None: any.
        channel: Index of the channel to read; None: the average of all where they hold the same, else the loudest.

    Yields:
        int16 blocks at `SAMPLE_RATE_HZ`; floats beyond full scale clipped. Recordings joined in one file come one after
        the other.

    Raises:
        TooLong: A ValueError, too.
        ValueError: No such file, no audio, damaged, truncated, a rate outside `RATES_HZ`, a part that lies
            beyond the end, no such channel, or float samples that are NaN, infinite or of another scale.
    """
    name = _name(source, name)
    with _opened(source, name) as raw:
        parts, remarks = recordings_in(raw)
        for remark in remarks:
            logger.warning("%s: %s", name, remark)
        if len(parts) == 1:
            yield from _limited(_decoded(parts[0], name, start_s, end_s, max_seconds, channel), name, max_seconds)
        else:
            blocks = itertools.chain.from_iterable(_decoded(part, name, channel=channel) for part in parts)
            yield from _limited(_cut(blocks, name, start_s, end_s), name, max_seconds)


def _decoded(
    raw: BinaryIO,
    name: str,
    start_s: float = 0.0,
    end_s: float | None = None,
    max_seconds: float | None = None,
    channel: int | None = None,
) -> Iterator[np.ndarray]:
    """Yield the blocks of one recording."""
    with _recording(raw, name) as recording:
        start, end = recording.part(start_s, end_s)
        if max_seconds is not None:
            _check_seconds(name, recording.stated_seconds(start, end), max_seconds)
        if recording.num_channels == 1 and not channel:
            yield from _resampled(recording, start, end, None)
            return
        channel = recording.channel(start, end, channel)
    with _recording(raw, name) as recording:  # anew: not every format can be sought back to the frame
        yield from _resampled(recording, start, end, channel)


def _resampled(recording: "_Recording", start: int, end: int, channel: int | None) -> Iterator[np.ndarray]:
    resampler = soxr.ResampleStream(recording.rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32", quality="HQ")
    for block in recording.mono_blocks(start, end, channel):
        if recording.rate_hz != SAMPLE_RATE_HZ:
            block = resampler.resample_chunk(block, last=not len(block))
        yield _to_int16(block)


def _limited(blocks: Iterator[np.ndarray], name: str, max_seconds: float | None) -> Iterator[np.ndarray]:
    num_samples = 0
    for block in blocks:
        num_samples += len(block)
        if max_seconds is not None:
            _check_seconds(name, num_samples / SAMPLE_RATE_HZ, max_seconds)
        yield block


def _cut(blocks: Iterator[np.ndarray], name: str, start_s: float, end_s: float | None) -> Iterator[np.ndarray]:
    """Yield the part of joined recordings between two times."""
    _check_part(name, start_s, end_s)
    start = round(start_s * SAMPLE_RATE_HZ)
    end = math.inf if end_s is None else round(end_s * SAMPLE_RATE_HZ)
    position = 0
    for block in blocks:
        first = max(start - position, 0)
        last = int(min(end - position, len(block)))
        position += len(block)
        if first < last:
            yield block[first:last]
    if max(start, 0 if end_s is None else end) > position + SAMPLE_RATE_HZ // 10:
        raise _beyond_the_end(name, start_s, end_s, position / SAMPLE_RATE_HZ)


def _check_seconds(name: str, seconds: float, max_seconds: float) -> None:
    if seconds > max_seconds + 1.0 / SAMPLE_RATE_HZ:  # resampling rounds up to whole samples
        received = f"{seconds:.1f} s, more than the {max_seconds:g} allowed"
        raise TooLong(f"too long: {name}: {received}. Cut it, or let transcribe.py read it, which takes any length.")


def _opened(source: str | Path | bytes | BinaryIO, name: str) -> contextlib.AbstractContextManager[BinaryIO]:
    if hasattr(source, "seek"):
        return contextlib.nullcontext(source)
    try:
        return io.BytesIO(source) if isinstance(source, bytes) else open(source, "rb")
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"unreadable: {name}: {reason}. Check the path.") from error


@contextlib.contextmanager
def _recording(raw: BinaryIO, name: str) -> Iterator["_Recording"]:
    if lacks_end(raw):
        raise ValueError(f"truncated: {name}: shorter than its header says. {_AGAIN}")
    is_stated = states_length(raw)
    file = _open_decoder(raw, name)
    with file:
        try:
            yield _Recording(file, raw, name, is_stated and isinstance(file, soundfile.SoundFile))
        except soundfile.LibsndfileError as error:
            raise ValueError(f"truncated or damaged: {name}: {_reason(error)}. {_AGAIN}") from error
        except ContainerError as error:
            raise ValueError(f"truncated or damaged: {name}: {error}. {_AGAIN}") from error


def _open_decoder(raw: BinaryIO, name: str) -> soundfile.SoundFile | ContainerFile:
    container = container_of(raw)
    if not container or container.name == "CAF":  # libsndfile knows most of these
        try:
            return soundfile.SoundFile(SteadyFile(raw))
        except soundfile.LibsndfileError as error:
            if not container:
                raise _undecodable(raw, name, error) from error
    try:
        return ContainerFile(raw, container.demuxer)
    except ImportError as error:
        remedy = "pip install 'seqapp[containers]', or convert it with ffmpeg"
        raise ValueError(f"PyAV is missing: {name} is {container.name}, which it decodes: {remedy}.") from error
    except ContainerError as error:
        raise ValueError(f"no audio or damaged: {name}: {container.name}, {error}. {_AGAIN}") from error


def _check_part(name: str, start_s: float, end_s: float | None) -> None:
    if not 0 <= start_s < math.inf or not (end_s is None or start_s < end_s < math.inf):
        raise ValueError(f"part: {name}: expected 0 <= start < end, received {start_s} to {end_s} s.")


def _beyond_the_end(name: str, start_s: float, end_s: float | None, length_s: float) -> ValueError:
    seconds = f"{start_s} to {end_s} s of {length_s:.2f}"
    return ValueError(f"part beyond the end: {name}: {seconds}. Is it the right file?")


def _undecodable(raw: BinaryIO, name: str, error: soundfile.LibsndfileError) -> ValueError:
    if not raw.seek(0, io.SEEK_END):
        return ValueError(f"empty file: {name}. Copy or record it again.")
    supported = f"Supported: {FORMATS}. Convert others with ffmpeg."
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
        self.num_channels = file.channels
        self.states_length = states_length

    def stated_seconds(self, start: int, end: int) -> float:
        """Return the length of a part as the header states it; 0 where it states none."""
        if isinstance(self._file, ContainerFile):
            stated = int((self._file.stated_s or 0.0) * self.rate_hz)
            return max(min(end, stated) - start, 0) / self.rate_hz
        return (end - start) / self.rate_hz if self.states_length else 0.0

    def part(self, start_s: float, end_s: float | None) -> tuple[int, int]:
        """Return the first frame of the part and the one behind its last, rounded to the nearest."""
        _check_part(self._name, start_s, end_s)
        start = round(start_s * self.rate_hz)
        length = self._file.frames
        end = length if end_s is None else round(end_s * self.rate_hz)
        if max(start, end) > length + self.rate_hz // 10 and self.states_length:  # lists round their times
            raise _beyond_the_end(self._name, start_s, end_s, length / self.rate_hz)
        return min(start, length), min(end, length)

    def channel(self, start: int, end: int, channel: int | None) -> int | None:
        """Return the channel to read of a part, None for the average of all; ValueError where there is no such one."""
        if channel is None:
            loudest = choose_channel(self._file, start, end)
            if loudest is not None:
                message = "%s: its %d channels differ: channel %d is read, the loudest"
                logger.info(message, self._name, self._file.channels, loudest)
            return loudest
        if not 0 <= channel < self._file.channels:
            received = f"expected 0 to {self._file.channels - 1}, received {channel}"
            raise ValueError(f"channel: {self._name}: {received}. Is it the right file?")
        return channel

    def mono_blocks(self, start: int, end: int, channel: int | None = None) -> Iterator[np.ndarray]:
        """Yield float blocks `[n]` of a channel, or of the average of all, and an empty one at the end."""
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
            yield block.mean(axis=1) if channel is None else block[:, channel]
        if end == self._file.frames and not self.states_length and not isinstance(self._file, ContainerFile):
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


def _name(source: str | Path | bytes | BinaryIO, name: str) -> str:
    return name or (Path(source).name if isinstance(source, str | Path) else "audio")
