"""Limits of live streams: size, length and number of messages and streams."""

import dataclasses
import math

from seqapp.serving.server.option_fields import knob

RATES_HZ = (4_000, 192_000)  # of telephones, and of the fastest converters


@dataclasses.dataclass(frozen=True)
class LiveLimits:
    """Bounds of memory and time. A stream that passes one is closed with 1008, or with the code that stands there.

    Raises:
        ValueError: For a bound that is not greater than 0.
    """

    max_streams: int = knob(64, "streams open at once; one more is closed with 1013, try again later")
    max_message_bytes: int = knob(1 << 20, "of one message; a longer one is closed with 1009")
    max_points: int = knob(20_000, "of ink in one line")
    max_seconds: float = knob(3_600.0, "of audio in one stream")
    max_alternatives: int = knob(20, "texts that may be asked for")
    max_mistakes: int = knob(10, "messages that could not be used; until then each is answered by an error")
    idle_s: float = knob(120.0, "seconds without a message, or in which an answer could not be delivered (4408)")
    sample_rate_hz: float = knob(0.0, "of streams of audio without a config, such as 8000; 0: the rate of the model")

    def __post_init__(self):
        for name, value in vars(self).items():
            if name != "sample_rate_hz" and not 0 < value < math.inf:
                raise ValueError(f"LiveLimits needs {name} > 0. Received: {value!r}.")
        if self.sample_rate_hz and not RATES_HZ[0] <= self.sample_rate_hz <= RATES_HZ[1]:
            raise ValueError(
                f"LiveLimits needs sample_rate_hz from {RATES_HZ[0]} to {RATES_HZ[1]}, or 0. "
                f"Received: {self.sample_rate_hz!r}."
            )
