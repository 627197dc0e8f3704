"""A stream on a terminal or in a pipe: what is being said on a line that changes, what was said as lines that stay."""

import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from typing import TextIO

from seqapp.models.endpointing import Endpointing
from seqapp.models.reading import StreamedReading
from seqapp.models.transcriber import Transcriber
from seqapp.serving.audio_source import in_real_time, source_chunks

CLEAR_LINE = "\r\x1b[K"


def listen(model, sources, format, chunk_ms, endpoint, in_pace) -> None:
    """Write what is said, on standard output and on the terminal, until the audio ends.

    Args:
        model: Path, as `Transcriber.load` takes it.
        sources: The one source of audio, as `source_chunks` takes it, in a list.
        format: Key of `FORMATS`.
        chunk_ms: Audio heard at once.
        endpoint: The values of `Endpointing`.
        in_pace: Whether a file is heard as slowly as it was spoken.

    Raises:
        ValueError: For another number of sources, another format, or a model that cannot stream.
    """
    if len(sources) != 1:
        raise ValueError(f"--stream hears one recording at a time. Received: {len(sources)}. Leave it out for several.")
    if format not in FORMATS:
        raise ValueError(f"--stream writes {' or '.join(FORMATS)}. Received: --format {format}. Leave --stream out.")
    chunks = source_chunks(str(sources[0]), chunk_ms, sys.stdin.buffer)
    stream = Transcriber.load(model).stream(Endpointing(*endpoint))
    write_live(live_readings(stream, in_real_time(chunks) if in_pace else chunks), format, sys.stdout, sys.stderr)


def live_readings(stream, chunks: Iterable) -> Iterator[StreamedReading]:
    """What a `StreamingTranscriber` says of chunks while they arrive, and of the end of them."""
    for chunk in chunks:
        yield from stream.push(chunk)
    yield from stream.finish()


def write_live(readings: Iterable[StreamedReading], format: str, out: TextIO, terminal: TextIO) -> None:
    """Show readings at once.

    Args:
        readings: Partial and final ones, in order.
        format: Key of `FORMATS`.
        out: Receives the lines.
        terminal: Shows the utterance that goes on, where it is a terminal.
    """
    last, is_terminal = "", terminal.isatty()
    for reading in readings:
        if is_terminal:
            terminal.write(CLEAR_LINE + ("" if reading.is_final else _fitting(reading.text)))
            terminal.flush()
        is_news = bool(reading.text) if reading.is_final else reading.text != last
        if is_news and (line := FORMATS[format](reading)):
            out.write(line)
            out.flush()
        last = "" if reading.is_final else reading.text


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
