"""A file as it lies on a disk to what is read or heard in it: ink, a recording, the image of a line."""

import dataclasses
import tempfile
from pathlib import Path

from PIL import Image

from seqapp.datasets.image.picture import picture_size
from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline.read import read_files
from seqapp.models.transcriber.transcriber import pad
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.predict_json import DEFAULT_SIGNATURE

MAX_PIXELS = 40_000_000  # of an upload: a line has far fewer, and a few bytes can claim many
UPLOAD = "upload"


class Transcription:
    """One file for one `Model`.

    Raises:
        Refusal: FAILED_PRECONDITION: A model that reads nothing.
    """

    def __init__(self, model):
        if not model.sense:
            raise Refusal("FAILED_PRECONDITION", f"{model.name} reads no files. Use :predict.")
        self._model, self._transcriber = model, model.transcriber

    def submit(self, content: bytes):
        """The future of the model's outputs; for a thread, since decoding takes time.

        Args:
            content: Of a file: InkML, JSON strokes, UNIPEN, IAM-OnDB; any audio; or the picture of one line.

        Raises:
            Refusal: INVALID_ARGUMENT: no such file, not exactly one example in it, or one that is too long.
                UNAVAILABLE: too many requests wait.
        """
        self._model.check_room(DEFAULT_SIGNATURE)
        sense, to_text = self._transcriber.sense, self._transcriber.to_text
        inputs, lengths = pad([read_upload(content, sense)], sense)
        return self._model.submit(DEFAULT_SIGNATURE, {to_text.INPUT: inputs.numpy(), "lengths": lengths.numpy()})

    def describe(self, outputs) -> dict:
        """The JSON of an answer: all fields of the reading, and which model it is of."""
        reading = dataclasses.asdict(self._transcriber.to_text.READING.from_outputs(outputs, 0))
        return {**reading, "model": self._model.name, "version": self._model.version}


def read_upload(content: bytes, sense):
    """The raw array of the one example of a file.

    Raises:
        Refusal: INVALID_ARGUMENT.
    """
    skipped = Skipped()
    with tempfile.TemporaryDirectory(prefix="seqapp-") as folder:
        path = Path(folder) / UPLOAD
        path.write_bytes(content)
        try:
            if sense.name == "image":
                _check_size(path)
            found = [vars(example)[sense.raw_key] for example in read_files(path, sense, skipped)]
        except (ValueError, OSError, RecursionError, Image.DecompressionBombError) as error:
            raise _refusal(str(error).replace(f"{folder}/", "")) from None
    faults = [*(reason for _, reason in skipped.items), *filter(None, map(sense.fault, found))]
    if faults:
        raise _refusal(f"{UPLOAD}: {faults[0]}")
    if len(found) != 1:
        raise _refusal(f"Expected one {sense.unit} of {sense.name}. Received: {len(found)}. Send one a request.")
    return found[0]


def _check_size(path):
    width, height = picture_size(path)
    if width * height > MAX_PIXELS:
        raise ValueError(f"too large: {width} x {height} pixels, more than the {MAX_PIXELS:,} allowed")


def _refusal(message):
    return Refusal("INVALID_ARGUMENT", message)
