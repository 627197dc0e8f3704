"""Resume points of live speech: the sample from which another connection, to any process, can go on with a stream.

The model begins anew with each utterance, so that a stream is carried by the audio of the utterance that goes on: the
client keeps it, 20 s at most, and sends it again. Nothing of the model's travels, and any version of it can go on.
"""

import math
from typing import NamedTuple

import numpy as np

from seqapp.serving.server.live.message import BadMessage, number

MARGIN_S = 0.1  # heard before the place: resampled samples then are the same within 1e-7 (soxr 1.1, 8 to 48 kHz)
MOST_SEGMENTS = 1_000_000


class ResumePoint(NamedTuple):
    """Begin of the utterance that goes on.

    Attributes:
        sample: Of the client's audio, from the begin of its first connection: what it sends first.
        skip: Samples of these at the rate of the model that lie before the utterance.
        segment: Number of the utterance.
        start_s: Its begin, in seconds of the stream.
    """

    sample: int = 0
    skip: int = 0
    segment: int = 0
    start_s: float = 0.0


def resume_point_of(value: object, rate_hz: float, max_seconds: float) -> ResumePoint:
    """Parse a resume point that a client sends back.

    Args:
        value: Parsed JSON.
        rate_hz: Of the client's audio.
        max_seconds: Of audio in one stream.

    Raises:
        BadMessage: It is none.
    """
    if not isinstance(value, dict) or value.keys() != set(ResumePoint._fields):
        expected = ", ".join(ResumePoint._fields)
        raise BadMessage(f"Expected resume: an object of {expected}, as an answer brought it. Received: another value.")
    return ResumePoint(
        int(number(value, "sample", 0, max_seconds * rate_hz)),
        int(number(value, "skip", 0, max_seconds * rate_hz)),
        int(number(value, "segment", 0, MOST_SEGMENTS)),
        float(number(value, "start_s", 0, max_seconds)),
    )


class Resuming:
    """Counts the samples of a stream, and finds its resume point.

    Args:
        rate_hz: Of the client's audio, a whole number.
        model_rate_hz: Of the model.
        point: `ResumePoint` with which this connection began.
    """

    def __init__(self, rate_hz: float, model_rate_hz: float, point: ResumePoint):
        divisor = math.gcd(int(rate_hz), int(model_rate_hz))
        self._period, self._model_period = int(rate_hz) // divisor, int(model_rate_hz) // divisor
        is_resampled = rate_hz != model_rate_hz
        self._margin = math.ceil(MARGIN_S * rate_hz / self._period) if is_resampled else 0  # periods
        self._first = self._num_samples = point.sample  # where resampling began, and what was heard so far
        self._skip = self._left = point.skip

    def hear(self, num_samples: int, resampled: np.ndarray) -> np.ndarray:
        """Count samples of the client, and cut off what lies before the utterance.

        Args:
            num_samples: Of the client.
            resampled: Float32 `[n]`, what became of them.

        Returns:
            Float32 `[n]`: those for the model.
        """
        self._num_samples += num_samples
        cut = min(self._left, len(resampled))
        self._left -= cut
        return resampled[cut:]

    def begin(self) -> None:
        """Begin anew behind the last sample, after an end that the client asked for."""
        self._first = self._num_samples
        self._skip = self._left = 0

    def point(self, position: int, segment: int, start_s: float) -> ResumePoint:
        """Make the resume point of the utterance that goes on.

        Args:
            position: Its begin, in samples for the model since the begin.
            segment: Its number.
            start_s: Its begin, in seconds of the stream.
        """
        position += self._skip
        periods = max(position // self._model_period - self._margin, 0)
        return ResumePoint(
            self._first + periods * self._period, position - periods * self._model_period, segment, round(start_s, 6)
        )
