"""Transcription of examples in groups, each written as soon as it is read: lines, pages and long recordings."""

import itertools
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from seqapp.command_line import log_progress
from seqapp.datasets.image.page_picture import PagePicture
from seqapp.models.page_reading import PageReading
from seqapp.models.reading import Reading, SpeechReading
from seqapp.transcription.pages.read_pages import read_pages
from seqapp.transcription.recording.read_recording import has_spaces, read_parts, without_short_sounds

logger = logging.getLogger(__name__)

EXAMPLES_AT_ONCE = 64  # transcribed before they are written: two batches, each of examples of similar length


class TranscriptionJob:
    """Reads examples and writes them as they come.

    Args:
        transcriber: `Transcriber`.
        examples: `Examples`.
        places: Of those to be read.
        writer: `TranscriptWriter` of these, in their order.
        skipped: Receives what cannot be decoded to its end.
        page_reader: `PageReader` of the pages among them.
    """

    def __init__(self, transcriber, examples, places, writer, skipped, page_reader):
        self._transcriber, self._examples, self._places, self._writer = transcriber, examples, places, writer
        self._skipped, self._page_reader = skipped, page_reader
        self._lost: list[int] = []

    def run(self, is_resumed: bool) -> None:
        """Read and write; where a run is resumed, only what is not there yet."""
        count = len(self._places)
        numbers = self._writer.missing() if is_resumed else list(range(count))
        if len(numbers) < count:
            logger.info("%d of %d transcripts are there already", count - len(numbers), count)
        self._number_of = {self._places[number]: number for number in numbers}
        long = self._examples.long
        pages = [raw for raw in map(long.get, self._number_of) if isinstance(raw, PagePicture)]
        page_readings = read_pages(self._page_reader, pages)
        groups = list(_groups(list(self._number_of), long))
        for group in log_progress(groups, "transcribing pages", len(groups)) if len(pages) > 1 else groups:
            if isinstance(long.get(group[0]), PagePicture):
                readings = self._write_page(group[0], next(page_readings))
            elif group[0] in long:
                readings = self._write_long(group[0])
            else:
                raws = [self._examples.raw_of(i) for i in group]
                readings = without_short_sounds(self._transcriber, raws, self._transcriber.transcribe(raws))
                for place, reading in zip(group, readings):
                    self._writer.write(self._number_of[place], reading)
            tell_doubts([self._examples.ids[i] for i in group], readings)

    def lost(self, paths) -> list[Path]:
        """Return the files of which no page could be read."""
        sources = {place: raw.source for place, raw in self._examples.long.items() if isinstance(raw, PagePicture)}
        places_of = {path: [place for place, source in sources.items() if source == path] for path in map(Path, paths)}
        return [path for path, places in places_of.items() if places and {*places} <= {*self._lost}]

    def _write_page(self, place: int, read) -> list[Reading]:
        """Write a page; its reading, none where it cannot be decoded."""
        try:
            reading = read()
        except ValueError as error:
            if len(self._examples) == 1 or len(self._lost) + 1 == len(self._examples):  # nothing at all was read
                raise
            self._lost.append(place)
            self._skipped.add(self._examples.ids[place], str(error))
            return []
        self._writer.write(self._number_of[place], reading)
        return [reading]

    def _write_long(self, place: int) -> list[Reading]:
        """Write a long recording; its reading, none where its audio cannot be decoded to the end."""
        id = self._examples.ids[place]
        parts = read_parts(self._transcriber, self._examples.raw_of(place), id)
        try:
            return [self._writer.write_parts(self._number_of[place], parts, has_spaces(self._transcriber))]
        except (ValueError, OSError) as error:
            if len(self._examples) == 1:
                raise
            self._skipped.add(id, str(error))
            return []


def _groups(places, long) -> Iterator[list[int]]:
    """Yield places to be read together: each long recording by itself, of others some, all in their order."""
    for _, run in itertools.groupby(places, key=lambda place: place if place in long else None):
        run = list(run)
        yield from (run[start : start + EXAMPLES_AT_ONCE] for start in range(0, len(run), EXAMPLES_AT_ONCE))


def tell_doubts(ids: Sequence[str], readings: Sequence[Reading]) -> None:
    """Name in the log texts that are empty and those that the model is not sure of: plain text has no place for it."""
    if told := [id for id, reading in zip(ids, readings) if isinstance(reading, PageReading) and not reading.lines]:
        logger.warning("no line found on %d of %d pages: %s", len(told), len(ids), _listed(told))
    silent = [id for id, reading in zip(ids, readings) if isinstance(reading, SpeechReading) and reading.heard]
    if silent:
        logger.warning(
            "nothing seems to be said in %d of %d, as in music: their texts are left out (in --format json: heard): %s",
            len(silent), len(ids), _listed(silent),
        )  # fmt: skip
    told += silent
    if empty := [id for id, reading in zip(ids, readings) if not reading.text and id not in told]:
        logger.warning("nothing read in %d of %d: %s", len(empty), len(ids), _listed(empty))
    if doubtful := [id for id, reading in zip(ids, readings) if not reading.is_sure and id not in told]:
        logger.warning("not sure of %d of %d texts: %s", len(doubtful), len(ids), _listed(doubtful))


def _listed(ids):
    return f"{', '.join(ids[:10])}{', ...' if len(ids) > 10 else ''}"
