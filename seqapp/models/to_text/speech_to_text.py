"""Speech to text: log-mel, network, decoding and character look-up as one graph without Python."""

import tensorflow as tf

from seqapp.features.speech.frames import frame_windows
from seqapp.models.reading import SpeechReading
from seqapp.models.to_text.character_places import LONGEST_CHARACTER_S, time_places
from seqapp.models.to_text.leading_silence import LeadingSilence
from seqapp.models.to_text.raw_to_text import NO_CHARACTER, RawToText
from seqapp.models.to_text.speech_stream import SpeechStream, silent_gaps

SIGNATURE = [tf.TensorSpec([None, None], tf.float32, "waveform"), tf.TensorSpec([None], tf.int32, "lengths")]


class SpeechToText(RawToText):
    """The module that is exported: everything between a microphone and a text."""

    NAME = "speech_to_text"
    INPUT = "waveform"
    PLACES = "frame_start_s"
    READING = SpeechReading
    character_places = staticmethod(time_places)

    def __init__(self, recognizer, recipe, alphabet, confidence=None, context=None):
        super().__init__(recognizer, recipe, alphabet, confidence, context)
        is_forward = not recipe.encoder.bidirectional
        windows = frame_windows(recipe.features)
        self._silence = LeadingSilence(
            windows.step * recognizer.frames_per_output,
            lambda num_samples: recognizer.output_length(windows.num_windows(num_samples)),
            alphabet.num_classes,
        )
        parts = recognizer, self._sense, self._symbols, self._seconds, self._silence, context
        self._stream = SpeechStream(*parts) if is_forward else None

    def functions(self):
        """Of a forward model also `stream_init` and `stream_step` of `SpeechStream`."""
        return super().functions() | self.stream_functions()

    def stream_functions(self):
        """`stream_init` and `stream_step` of a forward model, nothing of another one."""
        return self._stream.signatures if self._stream else {}

    @tf.function(input_signature=SIGNATURE, autograph=False)
    def recognize(self, waveform, lengths):
        """Transcribe each waveform.

        Args:
            waveform: Float32 `[B, N]`, one channel in [-1, 1] at the sample rate of the recipe.
            lengths: Int32 `[B]`: valid samples of each row, cut to 0..N; what stands behind them changes nothing.

        Returns:
            Dict of text string `[B]`; confidence float32 `[B]` and is_sure bool `[B]`, see `RawToText`; num_characters
            int32 `[B]`; and, one column per character: characters string `[B, U]`, filled up with "", and, filled up
            with -1, char_frames int32 `[B, U]` (frame of log_probs), char_confidences float32 `[B, U]`, char_start_s
            and char_end_s float32 `[B, U]`. A character starts where the network is surest of it and ends at the next
            one, at the end of the waveform, or after 0.3 s. A row without samples gives an empty text of confidence
            0; a sample that is not finite counts as silence, as in a stream.
        """
        return self._recognize(waveform, lengths)

    @tf.function(input_signature=SIGNATURE, autograph=False)
    def log_probs(self, waveform, lengths):
        """Compute the log-probabilities of every frame.

        Args:
            waveform: Float32 `[B, N]`, as for `recognize`.
            lengths: Int32 `[B]`.

        Returns:
            Dict of log_probs float32 `[B, T', K]`, the blank last; num_frames int32 `[B]`; and frame_start_s float32
            `[B, T']`, the time of each frame.
        """
        return self._log_probs(waveform, lengths)

    def _readable(self, inputs, lengths):
        return silent_gaps(inputs), tf.clip_by_value(lengths, 0, tf.shape(inputs)[1])

    def _compute_logits(self, inputs, lengths):
        beginning = self._silence.find(inputs, lengths)
        heard = tf.where(beginning.is_heard, beginning.num_zeros + lengths - beginning.onset, 0)
        rows = inputs, beginning.onset, beginning.num_zeros, heard
        logits, num_frames = self._logits_of(rows, heard, lambda row: tf.pad(row[0][row[1] :], [[row[2], 0]])[: row[3]])
        return self._silence.with_blanks(logits, num_frames, beginning.num_blanks)

    def _character_places(self, inputs, lengths, symbols, frames, network):
        is_character = frames != NO_CHARACTER
        start_s = self._seconds(frames)
        duration_s = tf.cast(lengths, tf.float32)[:, tf.newaxis] / self._sense.config.sample_rate_hz
        next_s = tf.where(is_character, start_s, duration_s)[:, 1:]
        next_s = tf.concat([next_s, duration_s], axis=1)[:, : tf.shape(frames)[1]]
        end_s = tf.minimum(tf.minimum(next_s, duration_s), start_s + LONGEST_CHARACTER_S)
        times = {"char_start_s": tf.minimum(start_s, duration_s), "char_end_s": end_s}
        filler = tf.cast(NO_CHARACTER, tf.float32)
        return {"characters": symbols, **{name: tf.where(is_character, t, filler) for name, t in times.items()}}

    def _frame_places(self, inputs, lengths, network):
        num_frames = tf.shape(network.logits)[1]
        frames = tf.broadcast_to(tf.range(num_frames), [tf.shape(inputs)[0], num_frames])
        return {"frame_start_s": self._seconds(frames)}

    def _seconds(self, frames):
        """The time of logit frames: strided convolutions stand in the middle of what they see."""
        step_s = self._frames_per_output * self._sense.frame_step_s
        return self._sense.first_frame_s + step_s * tf.cast(frames, tf.float32)
