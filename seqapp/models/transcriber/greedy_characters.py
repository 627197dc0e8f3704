"""Greedy CTC decoding frame by frame: runs of one class become characters, with the frame where each is surest."""

import math
from typing import NamedTuple

import numpy as np

from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.decoding.text_probability import GrowingText


class PartialText(NamedTuple):
    """The text of an utterance so far.

    Attributes:
        characters: List of strings.
        frames: The frame of each.
        confidences: In [0, 1], of each.
        num_settled: Characters that no frame to come can change.
        confidence: In [0, 1], of them all.
        is_sure: As of `Reading`.
    """

    characters: list[str]
    frames: list[int]
    confidences: list[float]
    num_settled: int
    confidence: float
    is_sure: bool


class GreedyCharacters:
    """The characters of one utterance so far, as `seqapp.ctc.greedy_decode` finds them in all of its frames at once.

    Args:
        fitted: `ReadingConfidence` of the model, where it has one.

    Attributes:
        characters: List of strings, one per run of frames.
        frames: The frame of each where it is most probable.
        log_probs: The log-probability there.
        num_frames: Frames heard.
        num_silent: The last of these in which nothing was said: blanks and white space.
    """

    def __init__(self, fitted: ReadingConfidence | None = None):
        self._fitted, self._text = fitted, None  # a `GrowingText`, where there is something to judge by it
        self.characters, self.frames, self.log_probs = [], [], []
        self.num_frames = self.num_silent = 0
        self._is_open, self._sum_of_log_probs = False, 0.0

    def add(self, character, is_blank, log_prob, log_probs=None):
        """One frame more.

        Args:
            character: What begins in it; "" where nothing does.
            is_blank: Whether its best class is the blank; else, without a character, the last run goes on.
            log_prob: Of its best class.
            log_probs: Float `[K]`, of all classes: for a fitted confidence, and for those who search, see
                `BeamCharacters`.
        """
        if character:
            self.characters.append(character)
            self.frames.append(self.num_frames)
            self.log_probs.append(log_prob)
        elif not is_blank and log_prob > self.log_probs[-1]:
            self.frames[-1], self.log_probs[-1] = self.num_frames, log_prob
        is_silent = is_blank or self.characters[-1].isspace()
        self.num_silent = self.num_silent + 1 if is_silent else 0
        self.num_frames += 1
        self._is_open, self._sum_of_log_probs = not is_blank, self._sum_of_log_probs + log_prob
        if self._fitted:
            self._text = self._text or GrowingText(len(log_probs))
            self._text.add_frame(log_probs)
            if character:
                self._text.add_label(int(np.argmax(log_probs)))

    @property
    def num_settled(self):
        """Characters that no frame to come can change: all but the last one, while its run may go on."""
        return len(self.characters) - self._is_open

    @property
    def geometric_mean(self) -> float:
        """Over the characters' probabilities; over the blank's where there is no character; 1 without a frame."""
        if self.log_probs:
            return math.exp(sum(self.log_probs) / len(self.log_probs))
        return math.exp(self._sum_of_log_probs / self.num_frames) if self.num_frames else 1.0

    def so_far(self, is_final) -> PartialText:
        """Return the text so far; `is_final`: the utterance ends here."""
        num_settled = len(self.characters) if is_final else self.num_settled
        confidences = [math.exp(log_prob) for log_prob in self.log_probs]
        judged = self.geometric_mean, True
        if self._fitted:
            log_probs = (self._text.log_prob, self._text.path_log_prob) if self._text else (0.0, 0.0)
            judged = self._fitted.judge(log_probs[0], len(self.characters), path_log_prob=log_probs[1])
        return PartialText(self.characters, self.frames, confidences, num_settled, *judged)
