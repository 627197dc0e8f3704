"""Containers of phones and browsers (M4A, MP4, WebM, AMR, WMA, CAF, 3GP), decoded by PyAV with its own codecs."""

import contextlib
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np

# The demuxer is named by the first bytes, never guessed: some that would be guessed open other files and addresses.
_DEMUXERS = {
    b"\x1aE\xdf\xa3": ("matroska", "WebM"), b"#!AMR": ("amr", "AMR"), b"caff": ("caf", "CAF"),
    b"0&\xb2u\x8ef\xcf\x11": ("asf", "WMA"),
}  # fmt: skip
# Decoders of pictures are not wanted at all: they are what hostile files aim at.
_CODECS = (
    "aac", "alac", "opus", "libopus", "vorbis", "libvorbis", "flac", "mp3", "mp3float", "mp2", "mp2float", "amrnb",
    "amrwb", "libopencore_amrnb", "libopencore_amrwb", "wmav1", "wmav2", "wmapro", "wmavoice", "wmalossless", "ac3",
    "eac3", "adpcm_ima_qt", "adpcm_ms", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be",
    "pcm_f32le", "pcm_f32be", "pcm_u8", "pcm_s8", "pcm_alaw", "pcm_mulaw",
)  # fmt: skip
_ENDLESS = 2**62  # frames of a recording whose end is where its packets end: headers of browsers do not know it
_SLACK_S = 0.5  # that a recording may be shorter than its header says, and a twentieth of it
_STATE_LENGTH = ("matroska", "mov", "asf", "caf")  # of others the length is a guess by the bit rate
FORMATS = "M4A, MP4, WebM, AMR, WMA, CAF, 3GP"


class Container(NamedTuple):
    """A kind of container: its demuxer in FFmpeg, and its name."""

    demuxer: str
    name: str


def container_of(raw: BinaryIO) -> Container | None:
    """Tell which container a file is; None for any other file.

    Args:
        raw: Open in binary mode; is left at its start.
    """
    raw.seek(0)
    head = raw.read(12)
    raw.seek(0)
    if head[4:8] == b"ftyp":
        return Container("mov", "3GP" if head[8:11] == b"3gp" else "MP4")
    if head[:1] == b"\xff" and head[1:2] and head[1] & 0xF6 == 0xF0:
        return Container("aac", "AAC")
    return next((Container(*names) for magic, names in _DEMUXERS.items() if head.startswith(magic)), None)


class ContainerError(ValueError):
    """A container that cannot be decoded."""


class ContainerFile:
    """An open container, with what `soundfile.SoundFile` has and `seqapp.datasets.speech.waveform` needs.

    Args:
        raw: Open in binary mode.
        demuxer: As `container_of` gives it.

    Raises:
        ImportError: PyAV is not installed.
        ContainerError: Damaged, without audio, or of a codec of no phone or browser; also when it is read.

    Attributes:
        samplerate: Samples per second.
        channels: Number of channels.
        frames: More than any recording has: where it ends is known when it is decoded.
        stated_s: Its length by the header, in seconds; None where the header does not tell.
    """

    frames = _ENDLESS

    def __init__(self, raw: BinaryIO, demuxer: str) -> None:
        import av  # late: an extra

        self._av = av
        raw.seek(0)
        with self._damage_told():
            codecs = {"codec_whitelist": ",".join(_CODECS)}
            self._container = av.open(_Borrowed(raw), format=demuxer, options=codecs, metadata_errors="replace")
        try:
            self._stream = self._container.streams.best("audio")
            if self._stream is None:
                raise ContainerError("no audio in it, pictures alone")
            if self._stream.codec_context is None or self._stream.codec_context.name not in _CODECS:
                raise ContainerError("its codec is unknown")
            self.samplerate = self._stream.codec_context.sample_rate
            self.channels = self._stream.codec_context.channels
            if not self.samplerate or not self.channels:
                raise ContainerError("its audio is damaged")
        except ContainerError:
            self._container.close()
            raise
        self.stated_s = self._stated_s() if demuxer in _STATE_LENGTH else None
        self._blocks = self._decoded()
        self._rest = np.zeros((0, self.channels), np.float32)
        self._num_decoded = 0

    def __enter__(self) -> "ContainerFile":
        return self

    def __exit__(self, *_) -> None:
        self._container.close()

    def seek(self, frame: int) -> None:
        """Go forward to a frame; what is before it is decoded and forgotten."""
        position = 0
        while position < frame and len(block := self.read(min(65_536, frame - position))):
            position += len(block)

    def read(self, frames: int, dtype: str = "float32", always_2d: bool = True) -> np.ndarray:
        """Return the next frames, float32 `[n, channels]`: fewer at the end."""
        parts, missing = [], frames
        while missing > 0:
            if not len(self._rest):
                self._rest = next(self._blocks, self._rest)
                if not len(self._rest):
                    break
            parts.append(self._rest[:missing])
            self._rest = self._rest[missing:]
            missing -= len(parts[-1])
        return np.concatenate(parts) if parts else self._rest[:0]

    def _decoded(self) -> Iterator[np.ndarray]:
        to_floats = self._av.AudioResampler("fltp", self._stream.codec_context.layout, self.samplerate)
        with self._damage_told():
            for frame in self._container.decode(self._stream):
                frame.pts = None  # gaps of a recording are not filled: a damaged time could stand for hours
                for floats in to_floats.resample(frame):
                    block = floats.to_ndarray().T
                    self._num_decoded += len(block)
                    if len(block):
                        yield block
        heard_s = self._num_decoded / self.samplerate
        if self.stated_s is not None and heard_s < self.stated_s * 0.95 - _SLACK_S:
            raise ContainerError(f"truncated: {heard_s:.1f} s of the {self.stated_s:.1f} that its header promises")

    def _stated_s(self) -> float | None:
        if self._stream.duration and self._stream.time_base:
            return float(self._stream.duration * self._stream.time_base)
        return self._container.duration / self._av.time_base if self._container.duration else None

    @contextlib.contextmanager
    def _damage_told(self) -> Iterator[None]:
        try:
            yield
        except (self._av.FFmpegError, EOFError) as error:
            raise ContainerError(f"truncated or damaged ({getattr(error, 'strerror', None) or error})") from error


class _Borrowed(io.RawIOBase):
    """A file of somebody else's, at whose end nothing is closed."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._raw.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()
