"""Endpointing: the end of an utterance by silence and time alone, three rules of Kaldi's."""

import dataclasses
import math

BETWEEN_WORDS_S = 0.3  # of blanks; within a word they seldom last longer


@dataclasses.dataclass(frozen=True)
class Endpointing:
    """Rules of which the first that holds ends an utterance; `math.inf` switches one off.

    Silence is what the model takes for it: frames whose best class is the blank or a space.

    Args:
        pause_s: Silence after something was said.
        silence_s: Silence where nothing was said yet. Nothing is lost: the utterance that ends is empty.
        utterance_s: Length of an utterance, silence or not: what is held in memory must end some day. It is cut behind
            its middle at the longest silence between words, see `CutPlace`, and what follows is heard again.

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
        return self.is_silence(length_s, trailing_silence_s) or self.is_too_long(length_s)

    def is_silence(self, length_s, trailing_silence_s):
        """Whether the silence at its end ends an utterance; arguments as of `is_end`."""
        has_speech = trailing_silence_s < length_s
        # Times are multiples of a frame: a frame's rounding must not decide.
        return trailing_silence_s > (self.pause_s if has_speech else self.silence_s) - 1e-6

    def is_too_long(self, length_s):
        """Whether its length ends an utterance."""
        return length_s > self.utterance_s - 1e-6


class CutPlace:
    """The frame at which an utterance is cut that grows too long: the middle of its longest silence between words.

    Without a word's end behind the middle of the utterance it is the longest run of blanks there.

    Args:
        endpointing: `Endpointing`.
        frame_s: Length of a frame.

    Attributes:
        frame: The place, in frames since the utterance began; None where nothing was silent so far.
    """

    def __init__(self, endpointing, frame_s):
        self.frame = None
        self._first = max(endpointing.utterance_s / frame_s / 2, 1)  # half of it is worth a line
        self._longest_in_word = BETWEEN_WORDS_S / frame_s
        self._rank = (False, 0)  # of the place: whether it is between words, and frames of silence
        self._num_frames = self._num_silent = 0
        self._has_space = False

    def add(self, is_silent, is_space):
        """Count one frame more: whether nothing is said in it, and whether a space begins."""
        self._num_frames += 1
        self._num_silent = self._num_silent + 1 if is_silent else 0
        self._has_space = is_silent and (self._has_space or is_space)
        middle = self._num_frames - self._num_silent + self._num_silent // 2
        rank = (self._has_space or self._num_silent > self._longest_in_word, self._num_silent)
        if is_silent and middle >= self._first and rank >= self._rank:
            self._rank, self.frame = rank, middle

    @property
    def first_needed(self):
        """The first frame at which the utterance may be cut yet."""
        begin = max(self._num_frames - self._num_silent, self._first) if self._num_silent else self._num_frames
        begin = min(begin, self._num_frames)
        return begin if self.frame is None else min(begin, self.frame)


NEVER = Endpointing(math.inf, math.inf, math.inf)  # one utterance, as long as the audio
