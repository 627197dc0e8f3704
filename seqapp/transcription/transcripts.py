"""Transcripts: readings as plain text, JSON, sclite's trn, and for speech as subtitles."""

import collections
import dataclasses
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline.read import read_inputs
from seqapp.models.reading import Reading, SpeechReading
from seqapp.models.workdir import write_whole
from seqapp.transcription.layouts import layout_targets, write_layouts
from seqapp.transcription.output_paths import OutputPaths, check_output, check_targets
from seqapp.transcription.subtitles import to_srt, to_vtt

logger = logging.getLogger(__name__)


def _json(id, reading):
    return json.dumps({"id": id, **dataclasses.asdict(reading)}, ensure_ascii=False) + "\n"


FORMATS = {
    "txt": lambda id, reading: f"{id}\t{reading.text}\n",
    "json": _json,
    "trn": lambda id, reading: f"{reading.text} ({id})\n",
    "srt": lambda id, reading: to_srt(reading.words),
    "vtt": lambda id, reading: to_vtt(reading.words),
}
SUBTITLES = ("srt", "vtt")  # one file per recording; of the others, lines of many may follow one another
EXAMPLES_AT_ONCE = 64  # transcribed before they are written: two batches, each of examples of similar length


def transcript(id: str, reading: Reading, format: str) -> str:
    """Write one reading in one format.

    Args:
        id: Of the example.
        reading: `Reading`.
        format: Key of `FORMATS`.

    Returns:
        Text that ends in a line break, but for subtitles without a word.

    Raises:
        ValueError: Subtitles of something that has no times.
    """
    if not isinstance(reading, SpeechReading):
        check_format(format, has_times=False, received=type(reading).__name__)
    return FORMATS[format](id, reading)


def check_format(format: str, has_times: bool, received: str) -> None:
    """Raise ValueError for subtitles of something whose words have no times; `received` names it."""
    if format in SUBTITLES and not has_times:
        raise ValueError(
            f"--format {format} is for speech, whose words have times. Received: {received}. Use txt or json."
        )


class TranscriptWriter:
    """Writes readings on standard output, or each in a file of a folder, as `OutputPaths` places its id.

    A file appears whole, under its final name: what is there needs no second look after an interruption.

    Args:
        ids: Of all examples, in their order.
        format: Key of `FORMATS`.
        folder: Where the files lie; None: standard output.

        inputs: What the examples were read from.

    Raises:
        ValueError: Subtitles of several recordings, and no folder for them; or a file would replace one among the
            inputs.
    """

    def __init__(
        self,
        ids: Sequence[str],
        format: str,
        folder: str | Path | None = None,
        inputs: Sequence[str | Path] = (),
    ):
        if folder is None and format in SUBTITLES and len(ids) > 1:
            raise ValueError(
                f"--format {format} is one file per recording. Received: {len(ids)} recordings. "
                "Add --output FOLDER, or give one of them."
            )
        self._ids = list(ids)
        self._format = format
        paths = OutputPaths(folder or "", f".{format}")
        self._paths = [] if folder is None else [paths.place(id) for id in ids]
        check_targets(inputs, self._paths)

    def missing(self) -> list[int]:
        """Return the places, among the ids, of the examples whose files are not there yet."""
        return [place for place in range(len(self._ids)) if not (self._paths and self._paths[place].is_file())]

    def write(self, place: int, reading: Reading) -> None:
        """Write the reading of one example."""
        text = transcript(self._ids[place], reading, self._format)
        if not self._paths:
            sys.stdout.write(text)
            sys.stdout.flush()
            return
        self._paths[place].parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._paths[place], text)


def write_transcripts(readings: Sequence[tuple[str, Reading]], format: str, folder: str | Path | None = None) -> None:
    """Write all of (id, reading), as a `TranscriptWriter` does."""
    writer = TranscriptWriter([id for id, _ in readings], format, folder)
    for place, (_, reading) in enumerate(readings):
        writer.write(place, reading)


def transcribe(
    transcriber,
    paths: Sequence[Path],
    format: str,
    folder: str | Path | None = None,
    silent: list[str | Path] | None = None,
    is_resumed: bool = False,
):
    """Read what lies at some paths and write it: transcripts as they come, or, format "xml", layouts at the end.

    What cannot be read costs nothing but itself, and a line in the log.

    Args:
        transcriber: `Transcriber`.
        paths: Files, folders or archives of its sense.
        format: Key of `FORMATS`, or "xml".
        folder: For a file each.
        silent: Receives the paths that gave nothing.
        is_resumed: Whether examples whose file lies in the folder are left out; told in the log.

    Returns:
        `Examples`, what was read.

    Raises:
        ValueError: The only path cannot be read, the format is not for this, files among the inputs would be written
            over, or two examples have one id.
    """
    check_format(format, transcriber.sense.has_times, transcriber.sense.plural)
    if format == "xml":
        layout_targets(paths, folder)
    elif folder is not None:
        check_output(paths, folder, f".{format}")
    skipped = Skipped()
    examples = read_inputs(paths, transcriber.sense, skipped, silent)
    _check_unique(examples.ids)
    if format == "xml":
        readings = transcriber.transcribe([examples.raw_of(i) for i in range(len(examples))])
        _tell_doubts(examples.ids, readings)
        write_layouts(paths, dict(zip(examples.ids, readings)), folder)
    else:
        _write_as_they_come(transcriber, examples, TranscriptWriter(examples.ids, format, folder, paths), is_resumed)
    for name, reason in skipped:
        logger.warning("skipped %s: %s", name, reason)
    return examples


def _check_unique(ids: Sequence[str]) -> None:
    repeated = [id for id, count in collections.Counter(ids).items() if count > 1]
    if repeated:
        listing = ", ".join(repeated[:3])
        raise ValueError(f"{len(repeated)} ids come more than once: {listing}. Give these inputs one after the other.")


def _write_as_they_come(transcriber, examples, writer, is_resumed):
    places = writer.missing() if is_resumed else list(range(len(examples)))
    if len(places) < len(examples):
        logger.info("%d of %d transcripts are there already", len(examples) - len(places), len(examples))
    for start in range(0, len(places), EXAMPLES_AT_ONCE):
        group = places[start : start + EXAMPLES_AT_ONCE]
        readings = transcriber.transcribe([examples.raw_of(i) for i in group])
        for place, reading in zip(group, readings):
            writer.write(place, reading)
        _tell_doubts([examples.ids[i] for i in group], readings)


def _tell_doubts(ids, readings):
    """Name the texts that the model is not sure of: plain text has no place for it."""
    if doubtful := [id for id, reading in zip(ids, readings) if not reading.is_sure]:
        listing = f"{', '.join(doubtful[:10])}{', ...' if len(doubtful) > 10 else ''}"
        logger.warning("not sure of %d of %d texts: %s", len(doubtful), len(ids), listing)
