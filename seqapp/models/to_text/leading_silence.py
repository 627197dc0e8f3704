"""Leading silence of speech: blank frames without the network, which begins where the sound does."""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

from seqapp.features.speech.waveform import FULL_SCALE

LOUDEST = 0.5 / FULL_SCALE  # of silence: what int16 rounds to zero
NEAR = 16  # samples, 1 ms: a sound so little behind the begin of a frame begins with it
SILENT = -100.0  # logit of a character in silence: beside the blank's 0 its probability is none


class Beginning(NamedTuple):
    """Where the network begins to hear.

    Attributes:
        onset: Int32 `[B]`, samples before the first one that is no silence; all of a row without sound.
        num_zeros: Int32 `[B]`, zeros that the network hears in their place.
        num_blanks: Int32 `[B]`, frames of silence that the network does not compute.
        is_heard: Bool `[B]`, whether it hears anything; what there is of a row of one frame it always does.
    """

    onset: tf.Tensor
    num_zeros: tf.Tensor
    num_blanks: tf.Tensor
    is_heard: tf.Tensor


class LeadingSilence:
    """Takes the silence before the first sound from the network, and gives it blank frames instead.

    The state of a network drifts for seconds in silence, and a sound that begins between two frames reads otherwise:
    so neither how much silence there is in front nor where in a frame it ends may change the text. The network begins
    with the first sound, or less than 1 ms before, where a frame does; frames keep their times, to half a frame. What
    int16 rounds to zero is silence. One step of it is not: a soft recording begins with that, and lost its first
    sounds where it was.

    Args:
        samples_per_frame: Of the network's outputs.
        num_frames: Function of a number of samples, int32 tensor, to the frames of the network for them.
        num_classes: K, the blank last.
    """

    def __init__(self, samples_per_frame: int, num_frames: Callable, num_classes: int):
        self._size, self._num_frames, self._num_classes = samples_per_frame, num_frames, num_classes

    def find(self, waveform, lengths) -> Beginning:
        """Find the first sound of each waveform float32 `[B, N]` of `lengths` int32 `[B]` samples."""
        head = waveform[:, : self._size]
        head_lengths = tf.minimum(lengths, tf.shape(head)[1])
        in_head = num_silent(head, head_lengths)
        # Mostly somebody speaks, or breathes, at once: nobody looks through minutes of sound for silence then.
        is_known = tf.reduce_all((in_head < head_lengths) | (lengths <= self._size))
        onset = tf.cond(is_known, lambda: in_head, lambda: num_silent(waveform, lengths))
        return self._beginning(onset, onset < lengths, True)

    def push(self, clock, waveform, lengths, final):
        """Take the next chunk of each stream.

        Args:
            clock: Dict of has_begun bool `[B]`, whether the network has heard anything, and num_silent int32 `[B]`,
                samples of silence so far.
            waveform: Float32 `[B, N]`.
            lengths: Int32 `[B]`.
            final: Bool `[B]`.

        Returns:
            waveform: Float32 `[B, M]`, what the network hears.
            lengths: Int32 `[B]`, samples of it.
            num_blanks: Int32 `[B]`, blank frames that come before.
            clock: Behind this chunk, whether it is the last or not.
        """

        def trimmed():
            beginning = self._beginning_in_chunk(clock, waveform, lengths, final)
            shift = beginning.num_zeros - beginning.onset
            heard = tf.where(beginning.is_heard, lengths + shift, 0)
            samples = _shifted(waveform, shift, beginning.onset, tf.reduce_max(beginning.num_zeros))
            has_begun = clock["has_begun"] | (heard > 0)
            return samples, heard, beginning.num_blanks, has_begun, clock["num_silent"] + beginning.onset

        def unchanged():
            return waveform, lengths, tf.zeros_like(lengths), clock["has_begun"], clock["num_silent"]

        *heard, has_begun, num_silent = tf.cond(tf.reduce_all(clock["has_begun"]), unchanged, trimmed)
        return *heard, {"has_begun": has_begun, "num_silent": num_silent}

    def with_blanks(self, logits, num_frames, num_blanks):
        """Put blank frames before the network's: logits float32 `[B, T', K]`, and the number of them int32 `[B]`."""
        return tf.cond(
            tf.reduce_any(num_blanks > 0),
            lambda: self._with_blanks(logits, num_frames, num_blanks),
            lambda: (logits, num_frames),
        )

    def _beginning_in_chunk(self, clock, waveform, lengths, final):
        """`Beginning` with the onset in this chunk, and only those blanks that are new."""
        has_begun, num_before = clock["has_begun"], clock["num_silent"]
        in_chunk = num_silent(waveform, lengths)
        beginning = self._beginning(num_before + in_chunk, in_chunk < lengths, final)
        return Beginning(
            onset=tf.where(has_begun, 0, in_chunk),
            num_zeros=tf.where(has_begun, 0, beginning.num_zeros),
            num_blanks=tf.where(has_begun, 0, beginning.num_blanks - num_before // self._size),
            is_heard=has_begun | beginning.is_heard,
        )

    def _beginning(self, num_silent, has_sound, is_all):
        """Of so many silent samples since a row began; is_all: no sound can come any more."""
        is_short = num_silent < self._size
        behind = num_silent % self._size
        num_zeros = tf.where(behind < NEAR, behind, 0)
        num_blanks = (num_silent - num_zeros + self._size // 2) // self._size
        without_sound = num_silent // self._size
        all_frames = tf.maximum(without_sound, self._num_frames(num_silent))
        without_sound = tf.where(is_all & ~is_short, all_frames, without_sound)
        num_zeros_without_sound = tf.where(is_all & is_short, num_silent, 0)
        return Beginning(
            onset=num_silent,
            num_zeros=tf.where(has_sound, num_zeros, num_zeros_without_sound),
            num_blanks=tf.where(has_sound, num_blanks, without_sound),
            is_heard=has_sound | (is_all & is_short),
        )

    def _with_blanks(self, logits, num_frames, num_blanks):
        total = num_blanks + num_frames
        place = tf.range(tf.maximum(tf.reduce_max(total), tf.shape(logits)[1])) - num_blanks[:, tf.newaxis]
        logits = tf.pad(logits, [[0, 0], [0, 1], [0, 0]])  # a network without a frame has something to gather from
        moved = tf.gather(logits, tf.clip_by_value(place, 0, tf.shape(logits)[1] - 1), batch_dims=1)
        blank = tf.one_hot(self._num_classes - 1, self._num_classes, 0.0, SILENT)
        return tf.where((place < 0)[:, :, tf.newaxis], blank, moved), total


def num_silent(waveform, lengths) -> tf.Tensor:
    """Count the samples of each row before the first that is no silence: int32 `[B]`, `lengths` where none is."""
    place = tf.range(tf.shape(waveform)[1])
    is_sound = tf.abs(waveform) > LOUDEST
    return tf.minimum(tf.reduce_min(tf.where(is_sound, place, tf.int32.max), axis=1), lengths)


def _shifted(waveform, shift, onset, num_more):
    """Each row later by its own shift int32 `[B]`, zeros for what stood before its onset; `[B, N + num_more]`."""
    place = tf.range(tf.shape(waveform)[1] + num_more) - shift[:, tf.newaxis]
    samples = tf.pad(waveform, [[0, 0], [0, 1]])  # an empty chunk has something to gather from
    samples = tf.gather(samples, tf.clip_by_value(place, 0, tf.shape(waveform)[1]), batch_dims=1)
    return tf.where(place < onset[:, tf.newaxis], 0.0, samples)
