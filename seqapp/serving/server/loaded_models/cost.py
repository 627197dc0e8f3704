"""Predicted memory of a computation, from shapes, lengths and headers, before anything is allocated.

Measured with the shipped models (TensorFlow 2.21): 0.13 MB per row whatever is in it, and 16 kB per frame behind the
strides of an encoder of 2 x 256 units, which are eight tensors as wide as its layers.
"""

import io
import math

import numpy as np
from PIL import Image

from seqapp.recipe.rules import CORPUS_HEIGHT
from seqapp.serving.server.loaded_models.signature import Signature
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.settings import Settings

BATCH_SIZE = "batch_size"  # the scalar input that says how many rows to make
ROW_MB = 0.15
TENSORS_PER_LAYER = 8  # of its width, alive at the same time
INPUT_COPIES = 3  # of raw input: as it came, joined with others, and in the graph
FEATURE_COPIES = 6
BYTES = 4  # of a float

MAX_PIXELS = 40_000_000  # of one picture: a line has far fewer, and a few bytes can claim many
PIXEL_BYTES = 20  # three bytes decoded, grey and scaled as floats
MAX_STROKE_ASPECT = 6.0  # as in `seqapp.features.ink.normalization`, which no ink of strokes goes below
SMALLEST_SPREAD = 1 / 40  # of the height of an image, as in `seqapp.features.image.line_extent`


class CostModel:
    """Predicts the memory of requests to the signatures of one model.

    Args:
        transcriber: `Transcriber`, of whose recipe frames and widths are; None for a model that reads nothing.
        settings: `Settings`.
    """

    def __init__(self, transcriber, settings: Settings):
        self._input = transcriber and transcriber.to_text.INPUT
        self._sense = transcriber and transcriber.sense
        self._encoder = transcriber and transcriber.recipe.encoder
        self._max_rows = settings.max_rows
        self._max_bytes = 1e6 * settings.max_cost_mb

    def megabytes(self, signature: Signature, inputs: dict[str, np.ndarray]) -> float:
        """Predict the memory of a computation.

        Args:
            signature: `Signature`.
            inputs: NumPy arrays by name, which it has checked.

        Raises:
            Refusal: INVALID_ARGUMENT: more rows than one request may have, or a picture that is none.
        """
        num_rows = self._num_rows(signature, inputs)
        bytes_ = sum(_num_bytes(array) for array in inputs.values()) * INPUT_COPIES
        bytes_ += _output_bytes(signature, num_rows)
        if self._sense and num_rows:
            bytes_ += self._network_bytes(inputs, num_rows)
        return num_rows * ROW_MB + bytes_ / 1e6

    def _num_rows(self, signature, inputs):
        if BATCH_SIZE in inputs and not inputs[BATCH_SIZE].ndim:
            num_rows = int(inputs[BATCH_SIZE])
        else:
            num_rows = max((len(array) for array in inputs.values() if array.ndim), default=1)
        if num_rows > self._max_rows and (self._sense or BATCH_SIZE in inputs):
            reason = f"{signature.name}: expected at most {self._max_rows} rows in one request. Received: {num_rows}."
            raise Refusal("INVALID_ARGUMENT", f"{reason} Send them in several.")
        return num_rows

    def _network_bytes(self, inputs, num_rows):
        """Bytes of the features and layers of a padded batch."""
        name = self._input
        if name not in inputs:  # pictures as files, or no input that becomes frames
            if "images" not in inputs:
                return 0
            frames = max(map(self._picture_frames, inputs["images"]), default=0)
            return self._bytes_of_frames(num_rows * frames) + sum(map(_picture_bytes, inputs["images"]))
        rows = _valid_rows(inputs[name], inputs.get("lengths"))
        frames = num_rows * max(map(self._rough_frames, rows), default=0)
        if self._sense.name != "speech" and self._bytes_of_frames(frames) > self._max_bytes:
            frames = self._exact_frames(rows)
        return self._bytes_of_frames(frames)

    def _exact_frames(self, rows):
        """Frames of a padded batch, by their features, which takes time: until it is known to be too large."""
        frames = 0
        for row in rows:
            frames = max(frames, len(rows) * int(self._sense.num_frames(np.float32(row))))
            if self._bytes_of_frames(frames) > self._max_bytes:
                break
        return frames

    def _bytes_of_frames(self, frames):
        encoder = self._encoder
        width = encoder.units * (1 + encoder.bidirectional)
        per_frame = FEATURE_COPIES * self._sense.num_features + TENSORS_PER_LAYER * width / encoder.frames_per_output
        return BYTES * frames * per_frame

    def _rough_frames(self, row):
        """At most so many frames of one row, without its features; of ink at most what its config allows."""
        config = self._sense.config
        if self._sense.name == "speech":
            return 2 + len(row) / (config.sample_rate_hz * config.frame_step_ms / 1e3)
        if self._sense.name == "ink":
            return min(_ink_frames(row, config.step), config.max_points) + 2 * len(row)
        return len(row) * config.height / (2 * config.extent * SMALLEST_SPREAD * CORPUS_HEIGHT)

    def _picture_frames(self, content):
        width, height = picture_size(content)
        return width / height * self._sense.config.height / (2 * self._sense.config.extent * SMALLEST_SPREAD)


def picture_size(content: bytes) -> tuple[int, int]:
    """Read width and height of a picture from its header.

    Raises:
        Refusal: INVALID_ARGUMENT: no picture, or one of too many pixels.
    """
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "BMP", "GIF")) as picture:
            width, height = picture.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refusal("INVALID_ARGUMENT", f"images: expected PNG, JPEG, BMP or GIF. Received: {error}") from None
    if not width or not height or width * height > MAX_PIXELS:
        reason = f"too large: {width} x {height} pixels, more than the {MAX_PIXELS:,} allowed"
        raise Refusal("INVALID_ARGUMENT", f"images: {reason}", http_status=413)
    return width, height


def _picture_bytes(content):
    width, height = picture_size(content)
    return PIXEL_BYTES * width * height


def _valid_rows(inputs, lengths):
    if lengths is None or len(lengths) != len(inputs):
        return list(inputs)
    return [row[: max(int(length), 0)] for row, length in zip(inputs, lengths)]


def _ink_frames(points, step):
    """Steps on the path of an ink, in heights of at least a sixth of its strokes' mean width."""
    points = np.nan_to_num(points.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    if len(points) < 2:
        return len(points)
    ends = points[:-1, 3] > 0.5
    lengths = np.where(ends, 0.0, np.hypot(*np.diff(points[:, :2], axis=0).T))
    starts = np.flatnonzero(np.concatenate([[True], ends]))
    widths = np.maximum.reduceat(points[:, 0], starts) - np.minimum.reduceat(points[:, 0], starts)
    box = np.ptp(points[:, :2], axis=0)
    # The height along a tilted line is less than that of its box, and not known before it is turned.
    upright = box[1] if box[0] < box[1] or not widths.any() else 0.0
    height = max(widths.mean() / MAX_STROKE_ASPECT, upright / 4)
    return lengths.sum() / (step * height) if height > 0 else len(points)


def _num_bytes(array):
    return sum(map(len, array.ravel())) if array.dtype == object else array.nbytes


def _output_bytes(signature, num_rows):
    """Bytes of outputs of a known width, such as the state of a stream."""
    shapes = [spec.shape.as_list()[1:] for spec in signature.outputs.values() if spec.shape.rank]
    return sum(2 * BYTES * num_rows * math.prod(shape) for shape in shapes if None not in shape)
