"""Transcripts: readings as plain text, JSON, sclite's trn, for speech as subtitles, for pages as ALTO and PAGE."""

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

from seqapp.datasets.image.page_picture import PagePicture
from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline.read import read_inputs
from seqapp.models.page_reader import FindsLines, PageReader
from seqapp.models.page_reading import PageReading
from seqapp.models.reading import Reading, SpeechReading
from seqapp.models.workdir import write_whole
from seqapp.transcription.layouts import has_layouts, layout_targets, write_layouts
from seqapp.transcription.output_paths import OutputPaths, check_output, check_targets
from seqapp.transcription.pages import page_formats
from seqapp.transcription.pages.given_layouts import with_given_layouts
from seqapp.transcription.recording.joining import Character, Part, characters_of, joined, words_of
from seqapp.transcription.subtitles import cues, srt_pieces, to_srt, to_vtt, vtt_pieces
from seqapp.transcription.transcription_job import TranscriptionJob, tell_doubts

logger = logging.getLogger(__name__)


def _json(id, reading):
    return json.dumps({"id": id, **dataclasses.asdict(reading)}, ensure_ascii=False) + "\n"


def _in_one_line(text):
    return text.replace("\n", " ")


FORMATS = {  # a note of several lines is as many lines of txt, each behind the id, and one line of trn
    "txt": lambda id, reading: "".join(f"{id}\t{line}\n" for line in reading.text.split("\n")),
    "json": _json,
    "trn": lambda id, reading: f"{_in_one_line(reading.text)} ({id})\n",
    "srt": lambda id, reading: to_srt(reading.words),
    "vtt": lambda id, reading: to_vtt(reading.words),
}
SUBTITLES = {
    "srt": srt_pieces,
    "vtt": vtt_pieces,
}  # one file per recording; of the others, lines of many may follow one another
LAYOUTS = ("xml", "alto", "page")  # one file per page
SUFFIXES = {"alto": ".xml", "page": ".xml"}  # of the others the format's name


def transcript(id: str, reading: Reading, format: str) -> str:
    """Write one reading in one format.

    Args:
        id: Of the example.
        reading: `Reading`.
        format: Key of `FORMATS`.

    Returns:
        Text that ends in a line break, but for subtitles without a word. Of a page a row for each line.

    Raises:
        ValueError: Subtitles of something that has no times.
    """
    if isinstance(reading, PageReading):
        check_format(format, has_times=False, received="a page")
        return page_formats.FORMATS[format](id, reading)
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


def suffix_of(format: str) -> str:
    """Return the suffix, with its dot, of files in a format."""
    return SUFFIXES.get(format, f".{format}")


class TranscriptWriter:
    """Writes readings on standard output, or each in a file of a folder, as `OutputPaths` places its id.

    A file appears whole, under its final name: what is there needs no second look after an interruption.

    Args:
        ids: Of all examples, in their order.
        format: Key of `FORMATS`, or of pages one of `LAYOUTS`.
        folder: Where the files lie; None: standard output.
        inputs: What the examples were read from.

    Raises:
        ValueError: Subtitles or layouts of several, and no folder for them; or a file would replace one among the
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
        if folder is None and format in LAYOUTS and len(ids) > 1:
            raise ValueError(f"--format {format} is one file per page. Received: {len(ids)}. Add --output FOLDER.")
        self._ids = list(ids)
        self._format = format
        paths = OutputPaths(folder or "", suffix_of(format))
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
        if self._format == "txt" and isinstance(reading, PageReading):
            text = page_formats.plain_text(self._ids[place], reading)  # the file's name says which page it is
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
    line_finder: FindsLines | None = None,
):
    """Read what lies at some paths and write it: transcripts as they come, and given layouts, format "xml", at the end.

    What cannot be read costs nothing but itself, and a line in the log.

    Args:
        transcriber: `Transcriber`.
        paths: Files, folders or archives of its sense.
        format: Key of `FORMATS`, or one of `LAYOUTS`: "xml" fills in layouts that are given, and writes other pages as
            ALTO; "alto" and "page" write pages whose lines were found.
        folder: For a file each.
        silent: Receives the paths that gave nothing.
        is_resumed: Whether examples whose file lies in the folder are left out; told in the log.
        line_finder: Of pages of images; None: every picture is one of a line.

    Returns:
        `Examples`, what was read.

    Raises:
        ValueError: The only path cannot be read, the format is not for this, files among the inputs would be written
            over, or two examples have one id.
    """
    sense = transcriber.sense
    check_format(format, sense.has_times, sense.plural)
    finds_lines = line_finder is not None and sense.name == "image"
    paths = with_given_layouts(paths) if finds_lines else paths
    is_filled_in = format in LAYOUTS and not _writes_new_layouts(paths, format, finds_lines)
    if is_filled_in:
        layout_targets(paths, folder)
    elif folder is not None:
        check_output(paths, folder, suffix_of(format))
    skipped = Skipped()
    options = {"keeps_long": finds_lines or sense.name != "image", "single_lines": not transcriber.reads_notes}
    examples = read_inputs(paths, sense, skipped, silent, **options)
    _check_unique(examples.ids)
    pages = [place for place, raw in examples.long.items() if isinstance(raw, PagePicture)]
    places = pages if format in LAYOUTS else range(len(examples))
    if is_filled_in:
        _fill_in(transcriber, examples, [place for place in range(len(examples)) if place not in pages], paths, folder)
    elif format in LAYOUTS:
        _leave_out_lines(examples, pages, format, skipped)
    writer = TranscriptWriter([examples.ids[place] for place in places], format, folder, paths)
    job = TranscriptionJob(transcriber, examples, list(places), writer, skipped, PageReader(transcriber, line_finder))
    job.run(is_resumed)
    if silent is not None:
        silent += job.lost(paths)
    for name, reason in skipped:
        logger.warning("skipped %s: %s", name, reason)
    return examples


def _writes_new_layouts(paths, format: str, finds_lines: bool) -> bool:
    """Whether layouts are written of pages whose lines are found, and none is filled in."""
    is_filled_in = format == "xml" and (not finds_lines or has_layouts(paths))
    if not is_filled_in and not finds_lines:
        raise ValueError(
            f"--format {format} writes pages of images whose lines were found. Received: no line finder, or a model "
            "that reads no images. --format xml fills in the ALTO or PAGE that is given."
        )
    if format != "xml" and has_layouts(paths):
        raise ValueError(f"--format {format} is for pages without a layout. Received: layouts, too. Use --format xml.")
    return not is_filled_in


def _fill_in(transcriber, examples, places, paths, folder):
    readings = transcriber.transcribe([examples.raw_of(place) for place in places])
    ids = [examples.ids[place] for place in places]
    tell_doubts(ids, readings)
    write_layouts(paths, dict(zip(ids, readings)), folder)


def _leave_out_lines(examples, pages, format, skipped):
    if not pages:
        raise ValueError(
            f"--format {format} writes pages. Received: {len(examples)} pictures of lines. Use txt or json, or give "
            "pictures of pages, or ALTO or PAGE files with --format xml."
        )
    for place in sorted({*range(len(examples))} - {*pages}):
        skipped.add(examples.ids[place], f"a line: --format {format} writes pages")


def _check_unique(ids: Sequence[str]) -> None:
    repeated = [id for id, count in collections.Counter(ids).items() if count > 1]
    if repeated:
        listing = ", ".join(repeated[:3])
        raise ValueError(f"{len(repeated)} ids come more than once: {listing}. Give these inputs one after the other.")
