"""Image files of any kind as grey arrays: what scanners, telephones and archives write."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".jp2", ".bmp", ".webp", ".gif", ".pgm", ".ppm")
MAX_PIXELS = 300_000_000  # a folio at 1200 dpi has 230 million: what is larger is no page
_WHITE_16_BIT = 65_535
_PAPER = "white"  # behind what is transparent


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
        with Image.open(path) as picture:
            return as_grey(picture, is_turned)
    except (OSError, SyntaxError, EOFError, Image.DecompressionBombError) as error:  # SyntaxError: Pillow's for PNG
        raise _broken(path, error) from error


def picture_size(path: str | Path) -> tuple[int, int]:
    """Return (width, height) of a picture from its header, turned as its EXIF orientation says; errors as above."""
    return picture_sizes(path)[-1]


def picture_sizes(path: str | Path) -> list[tuple[int, int]]:
    """Return (width, height) of a picture as stored, and where its EXIF orientation turns it, also as turned."""
    path = Path(path)
    try:
        with Image.open(path) as picture:
            sizes = [picture.size]
            return [*sizes, ImageOps.exif_transpose(picture).size] if _is_turned(picture) else sizes
    except (OSError, SyntaxError) as error:
        raise ValueError(f"broken image: {path.name}: {error}") from error


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
    return picture.getexif().get(0x0112, 1) != 1


def _deep(values: np.ndarray) -> np.ndarray:
    """Scale 16-bit and float grey to 8 bits: Pillow's own conversion cuts off what is above 255."""
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    highest = values.max(initial=0.0)
    white = 1.0 if highest <= 1.0 else 255.0 if highest <= 255.0 else max(_WHITE_16_BIT, highest)
    return np.round(255.0 * np.clip(values / white, 0.0, 1.0)).astype(np.uint8)
