"""JPEG: a picture written and read again, with blocks and rings."""

import io

import numpy as np
from PIL import Image


def jpeg(columns: np.ndarray, quality: int) -> np.ndarray:
    """Write and read as JPEG with a quality in [1, 95]: float32 `[W, H]`."""
    file = io.BytesIO()
    picture = np.round(255.0 * np.clip(columns, 0.0, 1.0)).astype(np.uint8).T
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    file.seek(0)
    with Image.open(file) as read:
        return np.asarray(read).T.astype(np.float32) / 255.0
