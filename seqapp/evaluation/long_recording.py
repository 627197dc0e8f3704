"""Evaluation on one long recording: utterances joined with pauses and noise, beside the same utterances alone."""

import bisect
import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from seqapp.text.error_rates import ErrorCounts, word_errors

PAUSE_S = (0.3, 3.0)  # shortest and longest between two utterances, drawn evenly
NOISE_DB = (-70.0, -60.0, -50.0, -40.0)  # levels of white noise in pauses, of full scale
FULL_SCALE = 32_768


@dataclasses.dataclass(frozen=True)
class Place:
    """One utterance in the recording: its index, and when it begins and ends, in seconds."""

    utterance: int
    start_s: float
    end_s: float


class JoinedUtterances:
    """Utterances in random order, again and again, with a pause before each and at the end; made while it is heard.

    Args:
        utterances: Int16 `[N]` each, at least one.
        rate_hz: Samples per second.
        minutes: Least length of the recording; the last utterance is whole.
        seed: Of order, pauses and noise.

    Attributes:
        places: `Place`s in order.
        name: For the log.
    """

    name = "joined utterances"

    def __init__(self, utterances: Sequence[np.ndarray], rate_hz: int, minutes: float, seed: int = 0) -> None:
        self._utterances = utterances
        self._seed = seed
        self._pauses: list[int] = []  # samples before each utterance
        self.places: list[Place] = []
        generator = np.random.default_rng(seed)
        position = 0
        while position < 60.0 * minutes * rate_hz:
            for index in generator.permutation(len(utterances)):
                self._pauses.append(round(generator.uniform(*PAUSE_S) * rate_hz))
                start = position + self._pauses[-1]
                position = start + len(utterances[index])
                self.places.append(Place(int(index), start / rate_hz, position / rate_hz))
                if position >= 60.0 * minutes * rate_hz:
                    break
        self._pauses.append(round(PAUSE_S[1] * rate_hz))
        self.seconds = (position + self._pauses[-1]) / rate_hz

    def blocks(self) -> Iterator[np.ndarray]:
        """Yield the samples, int16 `[N]` each; the same ones every time."""
        generator = np.random.default_rng([self._seed, 1])
        for pause, place in itertools.zip_longest(self._pauses, self.places):
            level = FULL_SCALE * 10 ** (generator.choice(NOISE_DB) / 20)
            yield np.rint(generator.normal(0.0, level, pause)).astype(np.int16)
            if place is not None:
                yield self._utterances[place.utterance]


@dataclasses.dataclass(frozen=True)
class RecordingScore:
    """What was read of a recording, beside its utterances alone.

    Attributes:
        minutes: Of audio.
        num_utterances: In it.
        alone: Errors of the utterances read one by one, each counted as often as it is heard.
        joined: Errors of the recording.
        num_different: Utterances that are read otherwise than alone.
        num_cut_words: Words, as timed alone, between two characters of which a piece of the recording begins.
        time_differences_s: By how much each word of an utterance that is read as it is alone begins earlier or later.
        growth_mb: Resident memory at the end, less that after the first tenth; NaN where the system does not tell.
        real_time_factor: Processor seconds a second of audio.
    """

    minutes: float
    num_utterances: int
    alone: ErrorCounts
    joined: ErrorCounts
    num_different: int
    num_cut_words: int
    time_differences_s: tuple[float, ...]
    growth_mb: float
    real_time_factor: float

    def time_difference_s(self, share: float) -> float:
        """Return the difference that this share of the words does not exceed; NaN without words."""
        return float(np.quantile(self.time_differences_s, share)) if self.time_differences_s else float("nan")


def score_recording(
    recording: JoinedUtterances,
    references: Sequence[str],
    alone: Sequence,
    words: Iterable,
    piece_starts_s: Iterable[float],
    growth_mb: float = float("nan"),
    real_time_factor: float = float("nan"),
) -> RecordingScore:
    """Score a reading of a recording. A word belongs to the utterance that is nearest to its middle.

    Args:
        recording: What was read.
        references: Text of each utterance.
        alone: `SpeechReading` of each utterance.
        words: `Word`s of the recording, with its times.
        piece_starts_s: When pieces begin that do not overlap with the one before.
        growth_mb: As `RecordingScore`.
        real_time_factor: As `RecordingScore`.
    """
    heard = _by_place(recording.places, words)
    alone_errors, joined_errors, different, differences = ErrorCounts(), ErrorCounts(), 0, []
    for place, found in zip(recording.places, heard):
        reading, reference = alone[place.utterance], references[place.utterance]
        alone_errors += word_errors(reference, reading.text)
        joined_errors += word_errors(reference, " ".join(word.text for word in found))
        if [word.text for word in found] == [word.text for word in reading.words]:
            pairs = zip(found, reading.words)
            differences += [abs(a.start_s - place.start_s - b.start_s) for a, b in pairs]
        else:
            different += 1
    return RecordingScore(
        recording.seconds / 60.0, len(recording.places), alone_errors, joined_errors, different,
        _cut_words(recording.places, alone, piece_starts_s), tuple(differences), growth_mb, real_time_factor,
    )  # fmt: skip


def recording_to_text(score: RecordingScore) -> str:
    """Write it as a few lines; ends in a line break."""
    ratio = score.joined.rate / score.alone.rate if score.alone.errors else float("nan")
    rows = [
        f"{score.num_utterances} utterances joined to {score.minutes:.1f} minutes",
        f"  WER alone {100 * score.alone.rate:.2f} %, joined {100 * score.joined.rate:.2f} % ({ratio:.2f} x)",
        f"  {score.num_different} utterances read otherwise than alone, {score.num_cut_words} words cut",
        f"  words begin within {score.time_difference_s(0.5):.3f} s of where they do alone (median), "
        f"{score.time_difference_s(0.99):.3f} s (99 %), {score.time_difference_s(1.0):.3f} s (all)",
        f"  memory grew by {score.growth_mb:.1f} MiB after the first tenth, real-time factor "
        f"{score.real_time_factor:.3f}",
    ]
    return "\n".join(rows) + "\n"


def _by_place(places: Sequence[Place], words: Iterable) -> list[list]:
    """The words of each place."""
    middles = [(left.end_s + right.start_s) / 2 for left, right in itertools.pairwise(places)]
    result: list[list] = [[] for _ in places]
    for word in words:
        result[bisect.bisect(middles, (word.start_s + word.end_s) / 2)].append(word)
    return result


def _cut_words(places: Sequence[Place], alone: Sequence, instants_s: Iterable[float]) -> int:
    starts = [place.start_s for place in places]
    cut = 0
    for instant in instants_s:
        place = places[max(bisect.bisect(starts, instant) - 1, 0)]
        cut += _is_inside_word(alone[place.utterance], instant - place.start_s)
    return cut


def _is_inside_word(reading, instant_s: float) -> bool:
    for word in reading.words:
        begins = [second for second in reading.char_start_s if word.start_s <= second < word.end_s]
        if word.start_s < instant_s < max(begins, default=word.start_s):
            return True
    return False
