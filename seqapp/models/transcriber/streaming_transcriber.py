"""Streaming transcriber: one stream of audio to partial and final Readings of its utterances."""

import math

import numpy as np

from seqapp.models.reading import StreamedReading, words
from seqapp.models.to_text.character_places import spans_s
from seqapp.models.transcriber.endpointing import NEVER, CutPlace
from seqapp.models.transcriber.greedy_characters import GreedyCharacters

LONGEST_STEP_S = 1.0  # of audio in one step of the model: bounds memory, and what an endpoint makes it hear again
COLUMNS = ("frame_characters", "frame_labels", "frame_log_probs", "log_probs")  # of a step: what a frame says


class StreamingTranscriber:
    """Hears audio in chunks of any size, and tells after each what it has heard so far.

    Without endpoints, text, characters and confidences at the end are those of `Transcriber.transcribe`. At an endpoint
    the utterance is given and forgotten, and the model begins anew with the very sample at which the endpoint lies
    (one that grows too long is cut between two words):
    utterances do not depend on how the audio was cut into chunks, and an hour takes no more memory than a minute.

    Args:
        stream_init: Function of keyword arguments, as `SpeechStream.stream_init`.
        stream_step: Likewise, as `SpeechStream.stream_step`.
        recipe: `Recipe` of the model.
        sense: `SpeechSense` of the recipe.
        endpointing: `Endpointing`; by default the audio is one utterance.
        characters: Function without arguments that gives what reads the frames of an utterance: `GreedyCharacters`, or
            something alike.
        has_spaces: Whether the model divides words by spaces.
    """

    def __init__(
        self,
        stream_init,
        stream_step,
        recipe,
        sense,
        endpointing=NEVER,
        characters=GreedyCharacters,
        has_spaces=False,
    ):
        self._init, self._step, self._sense, self._endpointing = stream_init, stream_step, sense, endpointing
        self._new_characters, self._has_spaces = characters, has_spaces
        self._rate_hz = sense.config.sample_rate_hz
        self._frame_s = recipe.encoder.frames_per_output * sense.frame_step_s
        self._position = self._number = 0  # samples in front of this utterance, and utterances
        self._begin()

    def push(self, samples):
        """Take more samples.

        Args:
            samples: Int16, or float of full scale 1, `[N]`, at the sample rate of the recipe. N may be 0.

        Returns:
            List of `StreamedReading`: utterances that have ended, if any, and at the end the one that goes on.

        Raises:
            ValueError: Another shape, or integers of another type.
        """
        if np.ndim(samples) != 1:
            raise ValueError(f"Expected samples of one channel, shape [N]. Received: shape {list(np.shape(samples))}.")
        samples = self._sense.as_array(samples)
        longest = round(LONGEST_STEP_S * self._rate_hz)
        pieces = [samples[start : start + longest] for start in range(0, len(samples), longest)]
        return [*(ended for piece in pieces for ended in self._hear(piece)), self._reading(self._num_samples, False)]

    def finish(self):
        """End the audio: what the look-ahead still held back is heard too. The next push begins a new one.

        Returns:
            List of `StreamedReading`: the utterances that end, the last of them with the end of the audio, maybe empty.
        """
        ended = self._hear(np.zeros(0, np.float32), final=True)
        ended.append(self._reading(self._num_samples, True))
        self._position = self._number = 0
        self._begin()
        return ended

    @property
    def position(self) -> int:
        """Samples in front of the utterance that goes on: with the audio from there on another one says the same."""
        return self._position

    @property
    def number(self) -> int:
        """Number of the utterance that goes on."""
        return self._number

    def _begin(self):
        """An utterance begins: nothing of the last one is known any more."""
        self._state = dict(self._init(batch_size=np.int32(1)))
        self._characters = self._new_characters()
        self._num_samples = 0
        self._recent = np.zeros(
            0, np.float32
        )  # samples that may be heard again: behind frames that are known, or a cut
        self._cut_place = CutPlace(self._endpointing, self._frame_s)
        self._frames = []  # what was added to the characters, where a cut may take some of it back

    def _hear(self, samples, final=False):
        """Utterances that end within these samples and hold a text; behind an end the model begins anew."""
        ended = []
        while (end := self._advance(samples, final)) is not None:
            reading = self._reading(end, True)
            if reading.text:
                ended.append(reading)
                self._number += 1
            samples = self._recent[len(self._recent) - (self._num_samples - end) :]
            self._position += end
            self._begin()
        return ended

    def _advance(self, samples, final):
        """Take samples of this utterance; the sample at which it ends, or None."""
        self._num_samples += len(samples)
        self._recent = np.concatenate([self._recent, samples])
        chunk = {"waveform": samples[np.newaxis], "lengths": np.array([len(samples)], np.int32)}
        outputs = self._step(**chunk, final=np.array([final]), **self._state)
        # As tensors: dozens of arrays would be made of them, and tensors of these again.
        self._state = {name: outputs[name] for name in self._state}
        blank = outputs["log_probs"].shape[-1] - 1
        columns = (np.asarray(outputs[name])[0] for name in COLUMNS)
        for character, label, log_prob, log_probs in zip(*columns):
            self._add(character.decode("utf-8"), label == blank, float(log_prob), log_probs)
            counts = self._characters.num_frames, self._characters.num_silent
            length_s, silence_s = (self._frame_s * count for count in counts)
            if self._endpointing.is_silence(length_s, silence_s):
                return min(self._end_of_last_frame(), self._num_samples)
            if self._endpointing.is_too_long(length_s):
                self._take_back()
                return min(self._end_of_last_frame(), self._num_samples)
        first_needed = self._cut_place.first_needed if self._frames else self._characters.num_frames
        behind = self._num_samples - self._end_of(first_needed)
        self._recent = self._recent[len(self._recent) - behind :] if behind > 0 else self._recent[:0]
        return None

    def _add(self, *frame):
        self._characters.add(*frame)
        if math.isfinite(self._endpointing.utterance_s):
            self._frames.append(frame)
            self._cut_place.add(self._characters.num_silent > 0, frame[0].isspace())

    def _take_back(self):
        """Forget the frames behind the place at which this utterance is cut."""
        frames = self._frames[: self._cut_place.frame]
        self._characters = self._new_characters()
        for frame in frames:
            self._characters.add(*frame)

    def _end_of_last_frame(self):
        """Samples of this utterance that its frames stand for; the model has heard more, its look-ahead."""
        return self._end_of(self._characters.num_frames)

    def _end_of(self, num_frames):
        return round(num_frames * self._frame_s * self._rate_hz)

    def _reading(self, num_samples, is_final):
        """What this utterance of `num_samples` says."""
        partial = self._characters.so_far(is_final)
        duration_s = num_samples / self._rate_hz
        offset_s = self._position / self._rate_hz
        surest_s = self._sense.first_frame_s + self._frame_s * np.array(partial.frames, np.float64)
        starts_s, ends_s = ((offset_s + times_s).tolist() for times_s in spans_s(surest_s, duration_s))
        reading = StreamedReading(
            text="".join(partial.characters),
            confidence=partial.confidence if num_samples else 0.0,
            is_sure=partial.is_sure and num_samples > 0,
            char_frames=tuple(partial.frames),
            char_confidences=tuple(partial.confidences),
            char_start_s=tuple(starts_s),
            char_end_s=tuple(ends_s),
            words=words(partial.characters, starts_s, ends_s, partial.confidences),
            number=self._number,
            start_s=offset_s,
            end_s=offset_s + duration_s,
            is_final=is_final,
            stable_text="".join(partial.characters[: partial.num_settled]),
        )
        return reading.with_silences_as_spaces(partial.characters) if self._has_spaces else reading
