"""Predicted memory of decoding an upload, from its size, its header and its marks, before anything is decoded.

Measured: a picture of 16 bits takes 25 bytes per pixel, an element of XML 94 bytes, a number of JSON up to 100.
"""

import io
import zlib
from collections.abc import Callable

from PIL import Image

from seqapp.datasets.ink.xopp import MAGIC as GZIP_MAGIC
from seqapp.serving.server.budget import count_marks
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.bodies import too_large
from seqapp.serving.server.rest.inflating import PIECE, Inflater

COPIES = 6  # of a file: as it came, taken out of a form, and as text, whose characters take up to 4 bytes
PIXEL_BYTES = 30
MOST_TIMES = 200  # samples of a byte: of silence in Opus; speech has 10
SAMPLE_BYTES = 10  # of audio: as integers, in blocks and whole, and as floats
MARK_BYTES = 200
MARKS = (b"<", b"=", b"[", b"{", b",", b":", b" ", b"\n", b"\t")  # about one for each value or element of ink
POINT_MARKS = (b"[", b"{")
MAX_POINTS_TIMES = 4  # an ink is made of fewer points than it has, and has some brackets more than points


def decoding_megabytes(content: bytes, sense) -> float:
    """Predict the memory of decoding a file.

    Args:
        content: Of the file, unzipped.
        sense: `Sense` of the model that is to read it.

    Raises:
        Refusal: RESOURCE_EXHAUSTED, 413: ink of far more points than the model takes.
    """
    num_bytes = COPIES * len(content)
    if sense.name == "ink":
        _check_points(content, sense.config.max_points)
        num_bytes += MARK_BYTES * count_marks(content, MARKS)
    elif sense.name == "speech":  # a few bytes of a codec can stand for minutes: as many as are accepted at most
        num_bytes += SAMPLE_BYTES * min(
            sense.config.max_seconds * sense.config.sample_rate_hz, MOST_TIMES * len(content)
        )
    elif sense.name == "image":
        num_bytes += PIXEL_BYTES * _num_pixels(content)
    return num_bytes / 1e6


def unzipped(content: bytes, max_bytes: int, grow: Callable[[float], None]) -> bytes:
    """Unzip a file of ink where it is a gzip, as Xournal++ writes.

    Args:
        content: Of the file.
        max_bytes: Unzipped.
        grow: Called with the megabytes of each piece before it is kept; may refuse it.

    Raises:
        Refusal: 413: too large; INVALID_ARGUMENT: damaged.
    """
    if not content.startswith(GZIP_MAGIC):
        return content
    inflater, received = Inflater(31), bytearray()
    try:
        for start in range(0, len(content), PIECE):
            for piece in inflater.pieces(content[start : start + PIECE]):
                if len(received) + len(piece) > max_bytes:
                    raise too_large(max_bytes)
                grow(len(piece) / 1e6)
                received += piece
    except zlib.error as error:
        raise Refusal("INVALID_ARGUMENT", f"upload: broken gzip: {error}") from None
    if not inflater.is_whole:
        raise Refusal("INVALID_ARGUMENT", "upload: broken gzip: its end is missing")
    return bytes(received)


def _check_points(content, max_points):
    most = MAX_POINTS_TIMES * max_points
    if max(count_marks(content, (mark,)) for mark in POINT_MARKS) > most:
        message = f"Expected ink of at most {max_points:,} points. Received: more than {most:,} lists or objects."
        raise Refusal("RESOURCE_EXHAUSTED", message, http_status=413)


def _num_pixels(content):
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.width * picture.height
    except Exception:  # of many kinds: whoever decodes it says what is wrong with it
        return 0
