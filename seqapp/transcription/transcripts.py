"""Transcripts: readings as plain text, JSON, sclite's trn, and for speech as subtitles."""

import collections
import contextlib
import dataclasses
import itertools
import json
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline.read import read_inputs
from seqapp.models.reading import Reading, SpeechReading
from seqapp.models.workdir import write_whole
from seqapp.transcription.layouts import layout_targets, write_layouts
from seqapp.transcription.output_paths import OutputPaths, check_output, check_targets
from seqapp.transcription.recording.joining import Character, Part, characters_of, joined, words_of
from seqapp.transcription.recording.read_recording import has_spaces, read_parts
from seqapp.transcription.subtitles import cues, srt_pieces, to_srt, to_vtt, vtt_pieces

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
SUBTITLES = {
    "srt": srt_pieces,
    "vtt": vtt_pieces,
}  # one file per recording; of the others, lines of many may follow one another
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


def _pieces(id: str, characters: Iterable[Character], format: str) -> Iterator[str]:
    """Yield what `transcript` writes, while characters come."""
    if format in SUBTITLES:
        yield from SUBTITLES[format](cues(words_of(characters)))
        return
    yield f"{id}\t" if format == "txt" else ""
    for _, word in itertools.groupby(characters, key=lambda character: character.is_space):
        yield "".join(character.text for character in word)
    yield "\n" if format == "txt" else f" ({id})\n"


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

    def write_parts(self, place: int, parts: Iterable[Part], is_spaced: bool) -> SpeechReading:
        """Write the reading of one recording while its parts come; return it.

        In a folder what was written so far is in a file named .part behind its suffix until it is whole.

        Raises:
            ValueError: As the parts do; what was written stays.
        """
        heard: list[Part] = []

        def collected():
            for part in parts:
                heard.append(part)
                yield part

        if self._format == "json":  # one object, and so at once
            reading = joined(list(parts), is_spaced)
            self.write(place, reading)
            return reading
        with self._sink(place) as sink:
            for text in _pieces(self._ids[place], characters_of(collected(), is_spaced), self._format):
                sink.write(text)
                sink.flush()
        return joined(heard, is_spaced)

    @contextlib.contextmanager
    def _sink(self, place: int) -> Iterator[TextIO]:
        if not self._paths:
            try:
                yield sys.stdout
            except (ValueError, OSError):
                sys.stdout.write("\n")  # what follows has a line of its own
                raise
            return
        path = self._paths[place]
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        with open(part, "w", encoding="utf-8") as sink:
            yield sink
        part.replace(path)

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
        writer = TranscriptWriter(examples.ids, format, folder, paths)
        _write_as_they_come(transcriber, examples, writer, is_resumed, skipped)
    for name, reason in skipped:
        logger.warning("skipped %s: %s", name, reason)
    return examples


def _check_unique(ids: Sequence[str]) -> None:
    repeated = [id for id, count in collections.Counter(ids).items() if count > 1]
    if repeated:
        listing = ", ".join(repeated[:3])
        raise ValueError(f"{len(repeated)} ids come more than once: {listing}. Give these inputs one after the other.")


def _write_as_they_come(transcriber, examples, writer, is_resumed, skipped):
    places = writer.missing() if is_resumed else list(range(len(examples)))
    if len(places) < len(examples):
        logger.info("%d of %d transcripts are there already", len(examples) - len(places), len(examples))
    for group in _groups(places, examples.long):
        if group[0] in examples.long:
            readings = _write_long(transcriber, examples, writer, group[0], skipped)
        else:
            readings = transcriber.transcribe([examples.raw_of(i) for i in group])
            for place, reading in zip(group, readings):
                writer.write(place, reading)
        _tell_doubts([examples.ids[i] for i in group], readings)


def _groups(places, long) -> Iterator[list[int]]:
    """Yield places to be read together: each long recording by itself, of others some, all in their order."""
    for _, run in itertools.groupby(places, key=lambda place: place if place in long else None):
        run = list(run)
        yield from (run[start : start + EXAMPLES_AT_ONCE] for start in range(0, len(run), EXAMPLES_AT_ONCE))


def _write_long(transcriber, examples, writer, place, skipped) -> list[Reading]:
    """Write a long recording; its reading, none where its audio cannot be decoded to the end."""
    parts = read_parts(transcriber, examples.raw_of(place), examples.ids[place])
    try:
        return [writer.write_parts(place, parts, has_spaces(transcriber))]
    except (ValueError, OSError) as error:
        if len(examples) == 1:
            raise
        skipped.add(examples.ids[place], str(error))
        return []


def _tell_doubts(ids, readings):
    """Name the texts that are empty, and those that the model is not sure of: plain text has no place for it."""
    if empty := [id for id, reading in zip(ids, readings) if not reading.text]:
        logger.warning("nothing read in %d of %d: %s", len(empty), len(ids), _listed(empty))
    if doubtful := [id for id, reading in zip(ids, readings) if not reading.is_sure]:
        logger.warning("not sure of %d of %d texts: %s", len(doubtful), len(ids), _listed(doubtful))


def _listed(ids):
    return f"{', '.join(ids[:10])}{', ...' if len(ids) > 10 else ''}"
