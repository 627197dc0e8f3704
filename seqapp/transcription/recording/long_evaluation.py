"""Evaluation of a speech model on one long recording, read as `transcribe.py` reads a user's."""

import time
from collections.abc import Iterable, Iterator

import numpy as np

from seqapp.evaluation.long_recording import JoinedUtterances, RecordingScore, score_recording
from seqapp.evaluation.streaming.endurance import WARM_UP_SHARE, resident_mb
from seqapp.transcription.recording.joining import Part, characters_of, words_of
from seqapp.transcription.recording.read_recording import has_spaces, read_parts


def evaluate_recording(transcriber, examples, minutes: float, seed: int = 0) -> RecordingScore:
    """Read utterances alone, then joined to a recording of so many minutes.

    Args:
        transcriber: `Transcriber` of speech.
        examples: `Examples`; those without a label or a sample are left out.
        minutes: Least length of the recording.
        seed: Of order, pauses and noise.

    Raises:
        ValueError: Nothing is labelled.
    """
    places = [index for index in range(len(examples)) if examples.texts[index] and len(examples.raw_of(index))]
    if not places:
        raise ValueError("Expected labelled audio to score. Received: none. Give another split or another --data-dir.")
    utterances = [examples.raw_of(index) for index in places]
    rate_hz = transcriber.sense.config.sample_rate_hz
    alone = transcriber.transcribe(utterances)
    recording = JoinedUtterances(utterances, rate_hz, minutes, seed)
    watched = _Watched(recording, rate_hz)
    started = time.process_time()
    starts_s: list[float] = []
    parts = _noting_cuts(read_parts(transcriber, watched, recording.name), starts_s)
    words = list(words_of(characters_of(parts, has_spaces(transcriber))))
    factor = (time.process_time() - started) / recording.seconds
    references = [str(examples.texts[index]) for index in places]
    grown_mb = resident_mb() - watched.memory_mb
    return score_recording(recording, references, alone, words, starts_s, grown_mb, factor)


def _noting_cuts(parts: Iterable[Part], starts_s: list[float]) -> Iterator[Part]:
    """Yield parts; `starts_s` receives where pieces begin that do not overlap with the one before."""
    for part in parts:
        if not part.overlap_s:
            starts_s.append(part.start_s)
        yield part


class _Watched:
    """A recording that notes the memory in use when a tenth of it has been heard."""

    def __init__(self, recording: JoinedUtterances, rate_hz: int) -> None:
        self._recording = recording
        self._warm_up = WARM_UP_SHARE * recording.seconds * rate_hz
        self.memory_mb = float("nan")

    def blocks(self) -> Iterator[np.ndarray]:
        """Yield the recording's blocks."""
        num_samples = 0
        for block in self._recording.blocks():
            yield block
            num_samples += len(block)
            if num_samples >= self._warm_up and np.isnan(self.memory_mb):
                self.memory_mb = resident_mb()
