"""Image files of any kind as grey arrays: what scanners, telephones and archives write."""

import contextlib
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".jp2", ".bmp", ".webp", ".gif", ".pgm", ".ppm", ".heic", ".heif")
MAX_PIXELS = 300_000_000  # a folio at 1200 dpi has 230 million: what is larger is no page
_WHITE_16_BIT = 65_535
_PAPER = "white"  # behind what is transparent
_ORIENTATION, _QUARTER_TURNS = 0x0112, (5, 6, 7, 8)  # the tag of EXIF, and its values that exchange width and height
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_PICTURE_ERRORS = (OSError, SyntaxError, RuntimeError)  # SyntaxError: Pillow's for PNG; RuntimeError: libheif's


def read_picture(path: str | Path, is_turned: bool = True) -> np.ndarray:
    """Read a picture as a reader sees it.

    Args:
        path: Any file that Pillow opens: colour (CMYK, palettes and transparency too), grey of 1, 8 or 16 bits, float.
        is_turned: Whether to turn it as its EXIF orientation says.

    Returns:
        Grey uint8 `[H, W]`, 255 white; the first page of several.

    Raises:
        ValueError: Nothing there, no picture, damaged, or far too large.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"no image: expected {path.name} in {path.parent.name or path.parent}, found nothing")
    try:
        with picture_opened(path) as picture:
            return as_grey(picture, is_turned)
    except (*_PICTURE_ERRORS, EOFError, Image.DecompressionBombError) as error:
        raise _broken(path, error) from error


def picture_size(path: str | Path) -> tuple[int, int]:
    """Return (width, height) of a picture from its header, turned as its EXIF orientation says; errors as above."""
    return picture_sizes(path)[-1]


def picture_sizes(path: str | Path) -> list[tuple[int, int]]:
    """Return (width, height) of a picture as stored, and where its EXIF orientation turns it, also as turned."""
    path = Path(path)
    try:
        with picture_opened(path) as picture:
            return [picture.size, turned_size(picture)] if _is_turned(picture) else [picture.size]
    except _PICTURE_ERRORS as error:
        raise ValueError(f"broken image: {path.name}: {error}") from error


def turned_size(picture: Image.Image) -> tuple[int, int]:
    """Return (width, height) of an open picture as its EXIF orientation turns it, from its header."""
    width, height = picture.size
    if picture.format == "PNG" and "exif" not in picture.info:  # Pillow would look behind the pixels for it
        return width, height
    return (height, width) if picture.getexif().get(_ORIENTATION, 1) in _QUARTER_TURNS else (width, height)


@contextlib.contextmanager
def picture_errors(name: str) -> Iterator[None]:
    """Raise what Pillow raises of a damaged picture as a ValueError that names it."""
    try:
        yield
    except (*_PICTURE_ERRORS, EOFError, Image.DecompressionBombError) as error:
        raise ValueError(f"broken image: {name}: {error}") from error


def picture_opened(source: str | Path | BinaryIO) -> Image.Image:
    """Open a picture as Pillow does, HEIC too where pillow-heif is installed.

    Raises:
        ValueError: HEIC, and pillow-heif is missing.
    """
    try:
        return Image.open(source)
    except Image.UnidentifiedImageError:
        if not _is_heic(source):
            raise
    _register_heic(getattr(source, "name", source))
    return Image.open(source)


def _is_heic(source) -> bool:
    """Return whether a file begins as HEIC does: a box "ftyp" with one of its brands."""
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(open(source, "rb")) if isinstance(source, str | Path) else source
        file.seek(0)
        head = file.read(12)
        file.seek(0)
    return head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS


def _register_heic(name) -> None:
    try:
        _heic_opener()
    except ImportError as error:
        remedy = "pip install 'seqapp[pages]', or save it as JPEG"
        raise ValueError(f"pillow-heif is missing: {name} is HEIC, which it decodes: {remedy}.") from error


@functools.cache
def _heic_opener() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()


def as_grey(picture: Image.Image, is_turned: bool = True) -> np.ndarray:
    """Return an open picture as grey uint8 `[H, W]`; ValueError where it has too many pixels."""
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise ValueError(f"too large: {width} x {height} pixels, more than the {MAX_PIXELS:,} allowed")
    if is_turned and _is_turned(picture):
        picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith(("I", "F")):
        return _deep(np.asarray(picture, np.float64))
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, _PAPER), picture)
    return np.asarray(picture.convert("L"))


def _broken(path: Path, error: Exception) -> ValueError:
    with open(path, "rb") as file:
        is_pdf = file.read(5) == b"%PDF-"
    if is_pdf:
        return ValueError(
            f"PDF: {path.name} is not read. Make images of its pages: pdftoppm -r 300 -png {path.name} page"
        )
    return ValueError(f"broken image: {path.name}: {error}")


def _is_turned(picture: Image.Image) -> bool:
    return picture.getexif().get(_ORIENTATION, 1) != 1


def _deep(values: np.ndarray) -> np.ndarray:
    """Scale 16-bit and float grey to 8 bits: Pillow's own conversion cuts off what is above 255."""
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    highest = values.max(initial=0.0)
    white = 1.0 if highest <= 1.0 else 255.0 if highest <= 255.0 else max(_WHITE_16_BIT, highest)
    return np.round(255.0 * np.clip(values / white, 0.0, 1.0)).astype(np.uint8)
