"""Endpointing: the end of an utterance by silence and time alone, three rules of Kaldi's."""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Endpointing:
    """Rules of which the first that holds ends an utterance; `math.inf` switches one off.

    Silence is what the model takes for it: frames whose best class is the blank or a space.

    Args:
        pause_s: Silence after something was said.
        silence_s: Silence where nothing was said yet. Nothing is lost: the utterance that ends is empty.
        utterance_s: Length of an utterance, silence or not: what is held in memory must end some day.

    Raises:
        ValueError: For times that are not greater than 0.

    Example:

    >>> rules = Endpointing(pause_s=1.0)
    >>> rules.is_end(length_s=3.0, trailing_silence_s=0.9), rules.is_end(length_s=3.0, trailing_silence_s=1.0)
    (False, True)

    Reference: Kaldi, src/online2/online-endpoint.h, rules 1, 2 to 4 in one, and 5. Its costs of final states belong to
        a grammar, which CTC over characters has not. The times are those of sherpa-onnx, which listens to people too.
    """

    pause_s: float = 1.2
    silence_s: float = 2.4
    utterance_s: float = 20.0

    def __post_init__(self):
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"Endpointing needs {name} > 0. Received: {value!r}. Infinity is never.")

    def is_end(self, length_s, trailing_silence_s):
        """Whether an utterance ends here.

        Args:
            length_s: Since it began.
            trailing_silence_s: Of these, the last in which nothing was said; all of them where nothing was.
        """
        has_speech = trailing_silence_s < length_s
        longest_silence_s = self.pause_s if has_speech else self.silence_s
        # Times are multiples of a frame: a frame's rounding must not decide.
        return trailing_silence_s > longest_silence_s - 1e-6 or length_s > self.utterance_s - 1e-6


NEVER = Endpointing(math.inf, math.inf, math.inf)  # one utterance, as long as the audio
