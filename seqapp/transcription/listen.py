"""Streams on a terminal or in a pipe: partial texts on one line that changes, final texts as lines that stay."""

import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import TextIO

from seqapp.datasets.speech.audio_source import in_real_time, source_chunks
from seqapp.models.reading import StreamedReading
from seqapp.models.transcriber.endpointing import Endpointing
from seqapp.transcription.subtitles import cues, srt_pieces, vtt_pieces

CLEAR_LINE = "\r\x1b[K"


def listen(open_transcriber, given) -> None:
    """Write what is said, on standard output and on the terminal, until the audio ends.

    Args:
        open_transcriber: Function without arguments that gives a `Transcriber`; called once all else is in order.
        given: Parsed options of `add_live_options`, with the one source of audio, as `source_chunks` takes it, in the
            list `inputs`, and `format`, a key of `FORMATS` or `SUBTITLES`.

    Raises:
        ValueError: For another number of sources, another format, or a model that cannot stream.
    """
    if (count := len(given.inputs)) != 1:
        raise ValueError(f"--stream hears one recording at a time. Received: {count}. Leave it out for several.")
    if given.format not in (*FORMATS, *SUBTITLES):
        received = f"Received: --format {given.format}. Leave --stream out."
        raise ValueError(f"--stream writes {', '.join(FORMATS)}, {' or '.join(SUBTITLES)}. {received}")
    chunks = source_chunks(str(given.inputs[0]), given.chunk_ms, sys.stdin.buffer)
    stream = open_transcriber().stream(Endpointing(*given.endpoint))
    chunks = in_real_time(chunks) if given.realtime else chunks
    write_live(live_readings(stream, chunks), given.format, sys.stdout, sys.stderr)


def live_readings(stream, chunks: Iterable) -> Iterator[StreamedReading]:
    """What a `StreamingTranscriber` says of chunks while they arrive, and of the end of them."""
    for chunk in chunks:
        yield from stream.push(chunk)
    yield from stream.finish()


def write_live(readings: Iterable[StreamedReading], format: str, out: TextIO, terminal: TextIO) -> None:
    """Show readings at once.

    Args:
        readings: Partial and final ones, in order.
        format: Key of `FORMATS` or `SUBTITLES`.
        out: Receives the lines.
        terminal: Shows the utterance that goes on, where it is a terminal.
    """
    shown = _shown(readings, terminal)
    for text in SUBTITLES[format](_cues(shown)) if format in SUBTITLES else _lines(shown, FORMATS[format]):
        out.write(text)
        out.flush()


def _shown(readings, terminal):
    """Readings as they come, shown on a terminal while they go on."""
    is_terminal = terminal.isatty()
    for reading in readings:
        if is_terminal:
            terminal.write(CLEAR_LINE + ("" if reading.is_final else _fitting(reading.text)))
            terminal.flush()
        yield reading


def _lines(readings, line_of):
    last = ""
    for reading in readings:
        is_news = bool(reading.text) if reading.is_final else reading.text != last
        if is_news and (line := line_of(reading)):
            yield line
        last = "" if reading.is_final else reading.text


def _cues(readings):
    """The cues of each utterance when it has ended: no cue waits for the next one."""
    for reading in readings:
        if reading.is_final:
            yield from cues(reading.words)


def _fitting(text):
    """The end of a text as far as one line of the terminal holds it: what is broken over lines cannot be cleared."""
    return text[-(shutil.get_terminal_size().columns - 1) :]


def _txt(reading):
    return f"{reading.start_s:.2f}\t{reading.end_s:.2f}\t{reading.text}\n" if reading.is_final else ""


def _json(reading):
    """Partial ones too, for programs that show them: one object a line."""
    kind = "final" if reading.is_final else "partial"
    values = {name: value for name, value in vars(reading).items() if name not in ("is_final", "words")}
    return json.dumps({"type": kind, **values, "words": [vars(w) for w in reading.words]}, ensure_ascii=False) + "\n"


FORMATS = {"txt": _txt, "json": _json}
SUBTITLES = {"srt": srt_pieces, "vtt": vtt_pieces}
