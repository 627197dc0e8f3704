"""Latency of a model without network and neighbours: processor time of whole requests, and of partial texts while live.

One example at a time. Where other programs share the cores, processor time still tells what a free core would take. Of
partial texts of ink it is also told how good they are: by how many characters of a hundred the last one differs from
the final text, and which part of them takes something back that was called stable.
"""

import argparse
import functools
import json
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from seqapp.input_pipeline.read import read
from seqapp.models import GREEDY, LocalTranscriber
from seqapp.models.transcriber.local_transcriber import load
from seqapp.serving.server.live.audio_conversation import AudioConversation
from seqapp.serving.server.live.ink_conversation import InkConversation
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.text.error_rates import ErrorCounts, character_errors

AXES = "answers"
WHOLE, PARTIAL = "whole", "partial"
SPEECH_S = 5.0  # of one request; utterances are joined to it
STEP_S = 0.16  # of ink or audio between two partial texts
POINTS_PER_S = 100.0  # of ink without times
FULL_SCALE = 32_768


def latency_rows(arguments: argparse.Namespace) -> list[dict]:
    """Time a recogniser on examples of a corpus.

    Args:
        arguments: Of `pipelines/benchmark.py`: model, dataset, data_dir, prepared_dir, split, requests, only, threads.

    Returns:
        Rows as of `latencies`, with the number of threads, of names that hold one of `only`.

    Raises:
        ValueError: There is no such model or corpus.
    """
    transcriber = load(arguments.model)
    examples, _ = read(
        arguments.dataset, arguments.split, transcriber.recipe, arguments.data_dir, arguments.prepared_dir
    )
    places = np.unique(np.linspace(0, len(examples) - 1, arguments.requests).round().astype(int))
    found = latencies(transcriber, [examples.raw_of(int(place)) for place in places], arguments.only)
    return [row | {"threads": arguments.threads} for row in found]


def latencies(transcriber: LocalTranscriber, examples: Sequence[np.ndarray], only: Sequence[str] = ()) -> list[dict]:
    """Time a recogniser: greedy, as it reads by itself, and live, where it can be.

    Args:
        transcriber: `LocalTranscriber`.
        examples: Raw arrays, at least one. Those of speech are joined to requests of `SPEECH_S`.
        only: Parts of names; others are left out. Empty: all.

    Returns:
        Rows: name, shape (how many answers), forward_ms (the median of their processor times) and p95_ms; that of
        partial texts of ink also unlike_final (characters in a hundred by which the last one of each example differs
        from its final text) and taken_back (those that take back something that was stable, in a hundred).
    """
    sense = transcriber.sense.name
    requests = list(joined(examples, transcriber.sense.config.sample_rate_hz)) if sense == "speech" else list(examples)
    has_context = transcriber.context is not None
    kinds = {
        name_of(sense, WHOLE): functools.partial(_whole, transcriber.with_decoding(GREEDY)),
        name_of(sense, WHOLE, has_context): functools.partial(_whole, transcriber),
    }
    texts = _PartialTexts()
    if sense == "ink":
        kinds[name_of(sense, PARTIAL, has_context)] = functools.partial(_written, transcriber, texts)
    elif sense == "speech" and not transcriber.recipe.encoder.bidirectional:
        kinds[name_of(sense, PARTIAL, has_context)] = functools.partial(_spoken, transcriber)
    kinds = {name: kind for name, kind in kinds.items() if not only or any(part in name for part in only)}
    rows = [_row(name, kind, requests) for name, kind in kinds.items()]
    return [row | texts.facts() if f" {PARTIAL}," in row["name"] else row for row in rows]


def name_of(sense: str, kind: str, has_context: bool = False) -> str:
    """Return the name of a row.

    Args:
        sense: Name of the sense.
        kind: WHOLE or PARTIAL.
        has_context: Whether texts are read with a language model.
    """
    return f"{sense}, {kind}, {'with context' if has_context else 'greedy'}"


def _row(name, kind, requests):
    next(iter(kind(requests[0])))  # plans the graph
    seconds = [each for raw in requests for each in kind(raw)]
    median, p95 = 1e3 * np.percentile(seconds, (50, 95))
    return {"name": name, "shape": [len(seconds)], "forward_ms": round(median, 2), "p95_ms": round(p95, 2)}


def _whole(transcriber, raw):
    yield _timed(transcriber.transcribe, [raw])[0]


def joined(waveforms: Sequence[np.ndarray], rate_hz: int) -> Iterator[np.ndarray]:
    """Join waveforms one behind the other, and cut them into pieces of `SPEECH_S`; what is left over is left out."""
    size = round(SPEECH_S * rate_hz)
    samples = np.concatenate(waveforms)
    for start in range(0, len(samples) - size + 1, size):
        yield samples[start : start + size]
    if len(samples) < size:
        yield samples


class _Clock:
    """Time of the pen."""

    now_s = 0.0

    def __call__(self):
        return self.now_s


class _PartialTexts:
    """How good the partial texts of ink are."""

    def __init__(self):
        self._of_last, self._num_taken_back, self._count = ErrorCounts(), 0, 0

    def add(self, answers: Sequence[dict], final_text: str) -> None:
        """Count the partial texts of one example, and its final text."""
        stable = [answer["stable_text"] for answer in answers]
        self._num_taken_back += sum(not after.startswith(before) for before, after in zip(stable, stable[1:]))
        self._count += len(stable)
        self._of_last += character_errors(final_text, answers[-1]["partial"])

    def facts(self) -> dict:
        """Columns of a row; none where nothing was added."""
        if not self._count:
            return {}
        taken_back = 100 * self._num_taken_back / self._count
        return {"unlike_final": round(100 * self._of_last.rate, 2), "taken_back": round(taken_back, 2)}


def _written(transcriber, texts, points):
    """Yield the processor time of each reading of ink while it is written; add these readings to texts."""
    clock, partials = _Clock(), []
    conversation = InkConversation(transcriber, transcriber, LiveLimits(), clock)
    times = points[:, 2] - points[0, 2]
    if not (np.isfinite(times).all() and times[-1] > 0):
        times = np.arange(len(points)) / POINTS_PER_S
    step = np.maximum.accumulate(times) // STEP_S
    starts = np.flatnonzero(np.diff(step, prepend=-1))
    for stamp, (start, end) in enumerate(zip(starts, [*starts[1:], len(points)])):
        clock.now_s = float(times[end - 1])
        for message in _messages(points[start:end]):
            conversation.take(json.dumps(message | {"stamp": stamp}))
        while work := conversation.work():
            seconds, answers = _timed(work)
            if any(answer.get("stamp") == stamp for answer in answers):  # not those of time that passes
                partials += answers
                yield seconds
    conversation.take(json.dumps({"eof": 1}))
    while work := conversation.work():
        (final,) = work()
    texts.add(partials, final["text"])


def _messages(points):
    """Points as a client sends them, a message per stroke."""
    for part in np.split(points, 1 + np.flatnonzero(points[:-1, 3])):
        yield {"points": part[:, :2].astype(float).tolist()} | ({"pen_up": 1} if part[-1, 3] else {})


def _spoken(transcriber, waveform):
    """Yield the processor time of each answer to a part of speech."""
    rate_hz = transcriber.sense.config.sample_rate_hz
    conversation = AudioConversation(transcriber, transcriber, LiveLimits())
    conversation.take(json.dumps({"config": {"sample_rate": rate_hz}}))
    samples = np.asarray(waveform)
    samples = samples if samples.dtype == np.int16 else np.clip(FULL_SCALE * samples, -FULL_SCALE, FULL_SCALE - 1)
    size = round(STEP_S * rate_hz)
    for start in range(0, len(samples), size):
        conversation.take(samples[start : start + size].astype("<i2").tobytes())
        while work := conversation.work():
            yield _timed(work)[0]


def _timed(function: Callable, *arguments):
    """Seconds of processor time that a function takes, and its value."""
    start = time.process_time()
    value = function(*arguments)
    return time.process_time() - start, value
