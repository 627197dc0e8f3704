"""Reading of recordings of any length: pieces in batches while the audio is decoded, to parts in order."""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence

from seqapp.command_line.progress import duration
from seqapp.datasets.speech.long_waveform import LongWaveform
from seqapp.models.reading import Reading
from seqapp.transcription.recording.joining import Part, joined, joined_at_overlap, part_of
from seqapp.transcription.recording.nothing_said import is_nothing, without_sounds
from seqapp.transcription.recording.pieces import LONGEST_S, Piece, pieces_of

logger = logging.getLogger(__name__)

BATCH_PIECES = 8  # read at once,
BATCH_S = 80.0  # or fewer, of so much audio
FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 60.0  # between lines of the log, doubled from line to line


def read_parts(transcriber, recording: LongWaveform, name: str) -> Iterator[Part]:
    """Read a recording of any length; it takes the memory of one batch. Where nothing is said the text is left out.

    Args:
        transcriber: `Transcriber` of speech.
        recording: `LongWaveform`.
        name: Of the recording, for the log.

    Yields:
        `Part`s in order, each as soon as nothing can change it.

    Raises:
        ValueError: The audio cannot be decoded, or not to its end.
    """
    return without_sounds(_parts(transcriber, recording.blocks(), name))


def _parts(transcriber, blocks, name) -> Iterator[Part]:
    rate_hz = transcriber.sense.config.sample_rate_hz
    pieces = pieces_of(blocks, rate_hz, _longest_piece_s(transcriber))
    frames_per_second = _frames_per_second(transcriber)
    previous = None
    for piece, reading in _logged(_read(transcriber, pieces, rate_hz), rate_hz, name):
        start_s, seconds, overlap_s = (n / rate_hz for n in (piece.start, len(piece.samples), piece.overlap))
        part = part_of(reading, start_s, seconds, transcriber.alphabet, frames_per_second, overlap_s)
        if previous is not None:
            if piece.overlap:
                previous, part = joined_at_overlap(previous, part, start_s, start_s + overlap_s)
            yield previous
        previous = part
    if previous is not None:
        yield previous


def _longest_piece_s(transcriber) -> float:
    """Return how long a piece may be that a model takes at once, in seconds."""
    return min(LONGEST_S, transcriber.sense.config.max_seconds)


def has_spaces(transcriber) -> bool:
    """Return whether a model's words are divided by spaces; where its alphabet is unknown they are."""
    return transcriber.alphabet is None or " " in transcriber.alphabet.symbols


def transcribe_any_length(transcriber, examples: Sequence, batch_size: int = 32) -> list[Reading]:
    """Read examples as `Transcriber.transcribe` does, without sounds, and `LongWaveform`s among them in pieces."""
    short = [index for index, raw in enumerate(examples) if not isinstance(raw, LongWaveform)]
    raws = [examples[index] for index in short]
    readings = dict(zip(short, without_short_sounds(transcriber, raws, transcriber.transcribe(raws, batch_size))))
    for index, raw in enumerate(examples):
        if index not in readings:
            parts = read_parts(transcriber, raw, raw.name or str(index))
            readings[index] = joined(list(parts), has_spaces(transcriber))
    return [readings[index] for index in range(len(examples))]


def without_short_sounds(transcriber, examples: Sequence, readings: Sequence[Reading]) -> list[Reading]:
    """Leave out the texts of audio in which nothing seems to be said.

    That of more than `LONGEST_S` is judged by its pieces, where the model is not sure of the whole: the longer a text,
    the less probable is it that all of it is right.

    Args:
        transcriber: `Transcriber`; those of other senses keep their texts.
        examples: Raw arrays.
        readings: Of each.
    """
    if not transcriber.sense.has_times:
        return list(readings)
    return [_unless_nothing(transcriber, raw, reading) for raw, reading in zip(examples, readings, strict=True)]


def _unless_nothing(transcriber, raw, reading):
    if reading.is_sure or not reading.text:
        return reading
    rate_hz = transcriber.sense.config.sample_rate_hz
    if len(raw) <= LONGEST_S * rate_hz:
        parts = [part_of(reading, 0.0, len(raw) / rate_hz, transcriber.alphabet, 1.0)]
    else:
        parts = list(_parts(transcriber, [raw], ""))
    return reading.without_text() if is_nothing(parts) else reading


def _read(transcriber, pieces: Iterable[Piece], rate_hz: int) -> Iterator[tuple[Piece, Reading]]:
    for batch in _batches(pieces, round(BATCH_S * rate_hz)):
        yield from zip(batch, transcriber.transcribe([piece.samples for piece in batch]))


def _batches(pieces: Iterable[Piece], num_samples: int) -> Iterator[list[Piece]]:
    batch: list[Piece] = []
    for piece in pieces:
        heard = sum(len(other.samples) for other in batch)
        if batch and (len(batch) == BATCH_PIECES or heard + len(piece.samples) > num_samples):
            yield batch
            batch = []
        batch.append(piece)
    if batch:
        yield batch


def _logged(read: Iterable[tuple[Piece, Reading]], rate_hz: int, name: str) -> Iterator[tuple[Piece, Reading]]:
    """Say now and then how far a recording is read; nothing where all of it is quick."""
    start = time.monotonic()
    wait = FIRST_WAIT_S
    next_line = start + wait
    for piece, reading in read:
        if (now := time.monotonic()) >= next_line:
            heard_s = (piece.start + len(piece.samples)) / rate_hz
            logger.info("transcribing %s: %s of it in %s", name, duration(heard_s), duration(now - start))
            wait = min(2 * wait, LONGEST_WAIT_S)
            next_line = now + wait
        yield piece, reading


def _frames_per_second(transcriber) -> float | None:
    """Frames of the model's `log_probs` in a second; None where its recipe is unknown."""
    if transcriber.recipe is None:
        return None
    return 1 / (transcriber.recipe.encoder.frames_per_output * transcriber.sense.frame_step_s)
