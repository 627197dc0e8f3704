"""Uploaded files: ink, a recording, the image of a line or page to the reading of its one example."""

import contextlib
import dataclasses
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

import numpy as np
from PIL import Image

from seqapp.datasets.archive import is_archive
from seqapp.datasets.image.picture import picture_size
from seqapp.datasets.skipped import Skipped
from seqapp.models.page_reader import FindsLines
from seqapp.models.page_reading import PageReading
from seqapp.models.transcriber.padding import pad
from seqapp.recipe.rules import CORPUS_EXTENT, CORPUS_HEIGHT
from seqapp.serving.server.budget import Budget
from seqapp.serving.server.hotwords import MOST_PHRASES, MOST_WORDS, NONE, Phrases, expect_phrases, with_words
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.bodies import file_of, texts_of
from seqapp.serving.server.rest.page_upload import PAGE_MB, page_of, read_page
from seqapp.serving.server.rest.predict_json import DEFAULT_SIGNATURE
from seqapp.serving.server.rest.upload_cost import decoding_megabytes, unzipped

MAX_PIXELS = 40_000_000  # of an upload: a line has far fewer, and a few bytes can claim many
LARGEST_SPREAD = 1 / 3  # of ink, in heights of its line, as in `seqapp.datasets.image.line_height`
UPLOAD = "upload"
LOG_PROBS = "log_probs"
HOTWORDS, LEXICON, LANGUAGE_MODEL = "hotwords", "lexicon", "language_model"
MOST = {HOTWORDS: MOST_PHRASES, LEXICON: MOST_WORDS}


class Transcription:
    """One file for one model.

    Args:
        model: `Model`.
        budget: `Budget` in which decoding is reserved, as long as it takes: whether or not somebody waits.
        max_bytes: Of a file, unzipped.
        open_line_finder: Of pages, as `served_line_finder`; None: every picture is one of a line.

    Raises:
        Refusal: FAILED_PRECONDITION: A model that reads nothing.
    """

    def __init__(self, model, budget: Budget, max_bytes: int, open_line_finder: Callable[[], FindsLines] | None = None):
        if not model.sense:
            raise Refusal("FAILED_PRECONDITION", f"{model.name} reads no files. Use :predict.")
        self._model = model
        self._budget = budget
        self._max_bytes = max_bytes
        self._open_line_finder = open_line_finder
        self._transcriber = model.transcriber

    def submit(self, content_type: str, body: bytes) -> Future:
        """Decode a file and submit it to the model. For a thread, since decoding takes time.

        Args:
            content_type: Of the body: a form with the file, or anything else.
            body: Of a file: InkML, JSON strokes, UNIPEN, IAM-OnDB; any audio; or the picture of one line or page.

        Returns:
            Future of the model's outputs, or of a `PageReading`.

        Raises:
            Refusal: FAILED_PRECONDITION: a page, and no line finder. INVALID_ARGUMENT: no such file, not exactly one
                example in it, or one that is too long. RESOURCE_EXHAUSTED, 413: one that is too large. UNAVAILABLE: too
                many requests wait.
        """
        self._model.check_room(DEFAULT_SIGNATURE)
        example = self._open(content_type, body, self._transcriber)
        if isinstance(example, PageReading):
            future: Future = Future()
            future.set_result(example)
            return future
        inputs, lengths = pad([example], self._transcriber.sense)
        return self._model.submit(DEFAULT_SIGNATURE, {self._transcriber.to_text.INPUT: inputs, "lengths": lengths})

    def read(self, content_type: str, body: bytes, words: Mapping[str, Phrases], language_model: str = "") -> dict:
        """Read a file with words or a language model of its own: by a beam search beside the model, where it needs one.

        Args:
            content_type, body: As for `submit`.
            words: As of `words_of`.
            language_model: As of `language_model_of`; "": that of the model, where it has one.

        Returns:
            The JSON of an answer; ignored_hotwords and ignored_lexicon name those that are left out.

        Raises:
            Refusal: As `submit`.
        """
        self._model.check_room(LOG_PROBS)
        transcriber = self._model.language_models.transcriber(language_model)
        transcriber, left_out = with_words(transcriber, *(words.get(name, NONE) for name in MOST))
        reading = self._open(content_type, body, transcriber)
        if not isinstance(reading, PageReading):
            (reading,) = transcriber.transcribe([reading])
        ignored = {f"ignored_{name}": list(names) for name, names in zip(MOST, left_out) if name in words}
        return self._answer(reading) | ignored | ({LANGUAGE_MODEL: language_model} if language_model else {})

    def _open(self, content_type, body, transcriber) -> np.ndarray | PageReading:
        """Decode a file to the raw array of its example; a page is read at once."""
        sense = self._transcriber.sense
        with self._budget.growing() as grow:
            content = file_of(content_type, body)
            if sense.name == "ink":
                content = unzipped(content, self._max_bytes, grow)
            grow(decoding_megabytes(content, sense))
            if sense.name == "image" and self._open_line_finder:
                page = self._read_page(content, grow, transcriber)
                if page is not None:
                    return page
            return read_upload(content, sense, not transcriber.reads_notes)

    def _read_page(self, content: bytes, grow: Callable[[float], None], transcriber) -> PageReading | None:
        """Read a page here, its lines in the queue of the model; None for the picture of a line."""
        with _as_file(content) as path:
            page = page_of(path)
            if page is None:
                return None
            _check_pixels(*picture_size(path))
            grow(PAGE_MB)
            return read_page(transcriber, self._open_line_finder, page)

    def describe(self, outputs: dict[str, np.ndarray] | PageReading) -> dict:
        """Make the JSON of an answer: all fields of the reading, and the model that it is of."""
        if isinstance(outputs, PageReading):
            return self._answer(outputs)
        has_spaces = " " in self._transcriber.alphabet.symbols
        return self._answer(self._transcriber.to_text.READING.from_outputs(outputs, 0, has_spaces=has_spaces))

    def _answer(self, reading):
        return {**dataclasses.asdict(reading), "model": self._model.name, "version": self._model.version}


def words_of(content_type: str, body: bytes, query: Mapping[str, Sequence[str]]) -> dict[str, Phrases]:
    """Get the words of a request: fields `hotwords` and `lexicon` of its form, and of its query.

    Args:
        content_type, body: Of the request.
        query: Those of the query, by name.

    Returns:
        `Phrases` by name; each field is a word or phrase, or a JSON list of such. Empty ones are left out.

    Raises:
        Refusal: INVALID_ARGUMENT: more than can be, or a list that is none.
    """
    words = {}
    for name, most in MOST.items():
        phrases = []
        try:
            for field in (*query.get(name, ()), *texts_of(content_type, body, name)):
                phrases += json.loads(field) if field.startswith("[") else [field]
            kept = [phrase for phrase in phrases if not isinstance(phrase, str) or phrase.strip()]
            if expected := expect_phrases(kept, name, most):
                words[name] = expected
        except (ValueError, RecursionError) as error:
            raise _refusal(str(error)) from None
    return words


def language_model_of(content_type: str, body: bytes, query: Mapping[str, Sequence[str]]) -> str:
    """Get the name of the language model that a request asks for: field `language_model` of its form or query.

    Args:
        content_type, body, query: As for `words_of`.

    Returns:
        The name; "" where there is none.

    Raises:
        Refusal: INVALID_ARGUMENT: several names.
    """
    fields = [*query.get(LANGUAGE_MODEL, ()), *texts_of(content_type, body, LANGUAGE_MODEL)]
    names = sorted({field.strip() for field in fields} - {""})
    if len(names) > 1:
        raise _refusal(f"Expected one {LANGUAGE_MODEL}. Received: {', '.join(names)[:200]}.")
    return names[0] if names else ""


def read_upload(content: bytes, sense, single_lines: bool = False) -> np.ndarray:
    """Read the raw array of the one example of a file.

    Args:
        content: Of the file.
        sense: `Sense` of the model.
        single_lines: Whether notes of several lines are divided, for a model that reads one; it is asked for one.

    Raises:
        Refusal: INVALID_ARGUMENT.
        OSError: A fault of this machine, such as a full disk.
    """
    skipped = Skipped()
    with _as_file(content) as path:
        if sense.name == "image":
            _check_size(path, sense.config)
        if is_archive(path):
            raise ValueError(f"{path}: expected one file. Received: an archive")
        items = sense.read_files(path, skipped)
        items = sense.single_lines(items) if single_lines else items
        examples = [vars(example)[sense.raw_key] for example in items]
    faults = [*(reason for _, reason in skipped.items), *filter(None, map(sense.fault, examples))]
    if faults:
        raise _refusal(f"{UPLOAD}: {faults[0]}")
    if len(examples) != 1:
        raise _refusal(f"Expected one {sense.unit} of {sense.name}. Received: {len(examples)}. Send one per request.")
    return examples[0]


@contextlib.contextmanager
def _as_file(content: bytes) -> Iterator[Path]:
    """Give an upload as a file; what its reader says of it becomes a `Refusal`."""
    with tempfile.TemporaryDirectory(prefix="seqapp-") as folder:
        path = Path(folder) / UPLOAD
        path.write_bytes(content)
        try:
            yield path
        except (ValueError, OSError, RecursionError, Image.DecompressionBombError) as error:
            if getattr(error, "errno", None) is not None:  # of the system; decoders raise OSErrors without a number
                raise
            raise _refusal(str(error).replace(f"{folder}/", "")) from None


def _check_pixels(width, height):
    if width * height > MAX_PIXELS:
        raise ValueError(f"too large: {width} x {height} pixels, more than the {MAX_PIXELS:,} allowed")


def _check_size(path, config):
    """Refuse a picture of too many pixels, or one that is too wide even where its ink is as large as can be."""
    width, height = picture_size(path)
    _check_pixels(width, height)
    columns = width / max(height, 1) * CORPUS_HEIGHT / (2 * CORPUS_EXTENT * LARGEST_SPREAD)
    if columns > config.max_width:
        raise ValueError(
            f"too wide: {width} x {height} pixels are {columns:.0f} columns, features.max_width = {config.max_width}"
        )


def _refusal(message):
    return Refusal("INVALID_ARGUMENT", message)
