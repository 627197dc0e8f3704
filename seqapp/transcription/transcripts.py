"""Transcripts: readings as plain text, JSON, sclite's trn, and for speech as subtitles."""

import dataclasses
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline.read import read_inputs
from seqapp.models.reading import Reading, SpeechReading
from seqapp.transcription.layouts import write_layouts
from seqapp.transcription.output_paths import OutputPaths
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
SUBTITLES = ("srt", "vtt")  # one file a recording; of the others, lines of many may follow one another


def transcript(id: str, reading: Reading, format: str) -> str:
    """One reading in one format.

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


def write_transcripts(readings: Sequence[tuple[str, Reading]], format: str, folder: str | Path | None = None) -> None:
    """All of (id, reading) on standard output, or each in a file of `folder`, as `OutputPaths` places its id.

    Raises:
        ValueError: Subtitles of several recordings, and no folder for them.
    """
    if folder is None:
        if format in SUBTITLES and len(readings) > 1:
            raise ValueError(
                f"--format {format} is one file a recording. Received: {len(readings)} recordings. "
                "Add --output FOLDER, or give one of them."
            )
        sys.stdout.writelines(transcript(id, reading, format) for id, reading in readings)
        return
    paths = OutputPaths(folder, f".{format}")
    for id, reading in readings:
        path = paths.place(id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(transcript(id, reading, format), encoding="utf-8")


def transcribe(
    transcriber,
    paths: Sequence[Path],
    format: str,
    folder: str | Path | None = None,
    silent: list[str | Path] | None = None,
):
    """Reads what lies at some paths and writes it, as `write_transcripts` or, format "xml", `write_layouts` does.

    What cannot be read costs nothing but itself, and a line in the log.

    Args:
        transcriber: `Transcriber`.
        paths: Files, folders or archives of its sense.
        format: Key of `FORMATS`, or "xml".
        folder: For a file each.
        silent: Receives the paths that gave nothing.

    Returns:
        `Examples`, what was read.

    Raises:
        ValueError: The only path cannot be read, or the format is not for this.
    """
    check_format(format, transcriber.sense.has_times, transcriber.sense.plural)
    skipped = Skipped()
    examples = read_inputs(paths, transcriber.sense, skipped, silent)
    readings = transcriber.transcribe([examples.raw_of(i) for i in range(len(examples))])
    readings = list(zip(examples.ids, readings))
    if format == "xml":
        write_layouts(paths, dict(readings), folder)
    else:
        write_transcripts(readings, format, folder)
    for name, reason in skipped:
        logger.warning("skipped %s: %s", name, reason)
    return examples
