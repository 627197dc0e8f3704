"""Streaming evaluation: texts, errors and latency of chunks beside the same model on whole utterances."""

import dataclasses
import time
from collections.abc import Iterable, Sequence

import numpy as np

from seqapp.evaluation.evaluate import recognition
from seqapp.evaluation.evaluation import Evaluation
from seqapp.evaluation.streaming.endurance import Endurance, endure
from seqapp.evaluation.streaming.silence import false_alarms
from seqapp.evaluation.summarise import summarise


@dataclasses.dataclass(frozen=True)
class ChunkwiseEvaluation:
    """One size of chunks.

    Attributes:
        chunk_ms: Audio in a chunk.
        evaluation: Of the texts at the end of each utterance.
        num_different: Utterances whose text is not that of the whole.
        real_time_factor: Processor seconds a second of audio, decoding and Python included, of all threads.
        latencies_ms: From each chunk in to its partial text out, by the clock.
    """

    chunk_ms: float
    evaluation: Evaluation
    num_different: int
    real_time_factor: float
    latencies_ms: tuple[float, ...]

    def latency_ms(self, share: float) -> float:
        """Return the latency that this share of the chunks does not exceed; NaN without chunks."""
        return float(np.quantile(self.latencies_ms, share)) if self.latencies_ms else float("nan")


@dataclasses.dataclass(frozen=True)
class StreamingEvaluation:
    """All that is known of a model that streams.

    Attributes:
        whole: The evaluation of whole utterances.
        chunkwise: One for each size of chunks.
        false_alarms: Kind of noise -> words heard in each of `silence.SECONDS`.
        endurance: What hours of audio cost; None where that was not asked for.
    """

    whole: Evaluation
    chunkwise: tuple[ChunkwiseEvaluation, ...]
    false_alarms: dict[str, tuple[int, ...]]
    endurance: Endurance | None = None


def evaluate_streaming(
    transcriber,
    examples,
    skipped: Iterable[tuple[str, str]],
    chunks_ms: Sequence[float],
    endpointing,
    minutes: float,
    **options,
) -> StreamingEvaluation:
    """Evaluate all of `StreamingEvaluation`.

    Args:
        transcriber: `Transcriber` of a model that streams.
        examples: `Examples` of speech, with labels.
        skipped: (id, reason) of what the reader left out.
        chunks_ms: Sizes of chunks.
        endpointing: `Endpointing` of the long stream; utterances of the corpus are heard to their end.
        minutes: Of the long stream, made of the corpus again and again; 0: none.
        **options: For `summarise`.

    Raises:
        ValueError: Where the model cannot stream, or nothing is labelled.
    """
    recordings = [examples.raw_of(i) for i in range(len(examples)) if examples.texts[i] and len(examples.raw_of(i))]
    if not recordings:
        raise ValueError("Expected labelled audio to score. Received: none. Give another split or another --data-dir.")
    alarms = false_alarms(transcriber)  # first: it fails at once where the model cannot stream
    whole, chunkwise = evaluate_chunkwise(transcriber, examples, skipped, chunks_ms, **options)
    endurance = endure(transcriber, endpointing, recordings, minutes) if minutes else None
    return StreamingEvaluation(whole, tuple(chunkwise), alarms, endurance)


def evaluate_chunkwise(
    transcriber, examples, skipped: Iterable[tuple[str, str]], chunks_ms: Sequence[float], **options
) -> tuple[Evaluation, list[ChunkwiseEvaluation]]:
    """Read every labelled example whole, then in chunks of each size.

    Args:
        transcriber: `Transcriber` of a model that streams.
        examples: `Examples` of speech, with labels.
        skipped: (id, reason) of what the reader left out.
        chunks_ms: Sizes of chunks.
        **options: For `summarise`.

    Returns:
        Evaluation of the whole, and a list of `ChunkwiseEvaluation`.

    Raises:
        ValueError: Where the model cannot stream.
    """
    labelled = [i for i in range(len(examples)) if examples.texts[i]]
    recordings = [examples.raw_of(i) for i in labelled]

    def score(readings):
        recognitions = [recognition(examples, i, reading) for i, reading in zip(labelled, readings)]
        return summarise(recognitions, skipped, transcriber.alphabet, group=transcriber.sense.group, **options)

    wholes = transcriber.transcribe(recordings)
    audio_s = sum(map(len, recordings)) / transcriber.sense.config.sample_rate_hz
    rows = []
    for chunk_ms in chunks_ms:
        readings, latencies_ms, processor_s = hear_all(transcriber, recordings, chunk_ms)
        different = sum(reading.text != whole.text for reading, whole in zip(readings, wholes, strict=True))
        factor = processor_s / audio_s if audio_s else float("nan")
        rows.append(ChunkwiseEvaluation(chunk_ms, score(readings), different, factor, tuple(latencies_ms)))
    return score(wholes), rows


def hear_all(transcriber, recordings, chunk_ms: float) -> tuple[list, list[float], float]:
    """Transcribe recordings in chunks, one after the other; return readings, latency per chunk, processor seconds."""
    readings = []
    latencies_ms = []
    size = max(1, round(chunk_ms * transcriber.sense.config.sample_rate_hz / 1000))
    stream = transcriber.stream()
    started = time.process_time()
    for samples in recordings:
        for start in range(0, len(samples), size):
            pushed = time.perf_counter()
            stream.push(samples[start : start + size])
            latencies_ms.append(1000 * (time.perf_counter() - pushed))
        readings.append(stream.finish()[-1])
    return readings, latencies_ms, time.process_time() - started
