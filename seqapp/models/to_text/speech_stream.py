"""Streaming speech recognition as a graph: chunks of samples to frames and characters, the state in tensors."""

import functools

import tensorflow as tf

from seqapp.features.speech.log_mel_stream import LogMelStream
from seqapp.models.encoder import flatten_state, unflatten_state

CHUNK = {
    "waveform": tf.TensorSpec([None, None], tf.float32),
    "lengths": tf.TensorSpec([None], tf.int32),
    "final": tf.TensorSpec([None], tf.bool),
}


class SpeechStream:
    """The graph of `SpeechToText` chunk by chunk, for a batch of streams of which each keeps its own time.

    Chunks of any size give the log_probs and the text of the whole. The state is explicit, flat and of one size: who
    calls hands on what the last step gave, so that a server remembers nothing and any of many can take the next step.

    Args:
        recognizer: `Recognizer` that runs forward.
        sense: `SpeechSense`.
        symbols: String tensor `[K]`: a class's character, "" for the blank.
        seconds: Function of logit frames, int tensor, to their times.
        silence: `LeadingSilence` of the model.
        context: `ContextDecoding`, where the text is to be found with a language model's help.
    """

    def __init__(self, recognizer, sense, symbols, seconds, silence, context=None):
        self._context, self._silence = context, silence
        self._recognizer, self._symbols, self._seconds = recognizer, symbols, seconds
        self._log_mel, self._blank = LogMelStream(sense.config), symbols.shape[0] - 1

    @functools.cached_property
    def signatures(self):
        """`stream_init` and `stream_step` as concrete functions of named tensors, traced once, by name."""
        state = flatten_state(self._nested_state(1))
        specs = CHUNK | {name: tf.TensorSpec([None, *t.shape[1:]], t.dtype) for name, t in state.items()}
        specs = {name: tf.TensorSpec(spec.shape, spec.dtype, name) for name, spec in specs.items()}
        batch_size = tf.TensorSpec([], tf.int32, "batch_size")
        init, step = (tf.function(f, autograph=False) for f in (self.stream_init, self.stream_step))
        return {
            "stream_init": init.get_concrete_function(batch_size=batch_size),
            "stream_step": step.get_concrete_function(**specs),
        }

    def stream_init(self, batch_size):
        """Return the state before the first chunk of `batch_size` streams (int, or int32 tensor).

        Returns:
            Dict of tensors `[B, ...]`.

        Raises:
            ValueError: Where the recognizer is bidirectional.
        """
        return flatten_state(self._nested_state(batch_size))

    def stream_step(self, waveform, lengths, final, **state):
        """Take one chunk. What is known by then comes back; the rest waits for the look-ahead, or for `final`.

        Args:
            waveform: Float32 `[B, N]`, one channel in [-1, 1] at the sample rate of the recipe; N may be 0. A sample
                that is not finite counts as silence.
            lengths: Int32 `[B]`: valid samples of each row, cut to 0..N; what stands behind them changes nothing.
            final: Bool `[B]`, True where this chunk ends the row's audio. Such a row begins anew thereafter.
            **state: From `stream_init` or the last step, by the same names.

        Returns:
            Dict of text string `[B]`, the characters that begin in this step's frames, or with context those that are
            settled in it (all steps' texts joined are the text of `recognize`); with context also partial_text string
            `[B]`, what may follow by now, and may change; log_probs float32 `[B, T', K]` and num_frames int32 `[B]`,
            the frames that are new; for each of these the best class frame_labels int32 `[B, T']` (the blank is K - 1),
            its log-probability frame_log_probs float32 `[B, T']`, the character that begins there frame_characters
            string `[B, T']` ("" for none) and its time since the row began frame_start_s float32 `[B, T']`; and the new
            state.
        """
        state = unflatten_state(state, like=self._nested_state(1))
        lengths = tf.clip_by_value(lengths, 0, tf.shape(waveform)[1])
        logits, num_frames, after = self._logits(silent_gaps(waveform), lengths, final, state)
        log_probs = tf.nn.log_softmax(logits)
        outputs, label = self._decode(log_probs, num_frames, state["decoding"]["label"])
        first = state["clock"]["num_frames"]
        frames = first[:, tf.newaxis] + tf.range(tf.shape(log_probs)[1])
        after["decoding"] = {"label": tf.where(final, self._blank, label)}
        if self._context:
            texts, after["context"] = self._context.stream_step(
                state["context"], log_probs, num_frames, final, state["clock"]["num_frames"], self._symbols
            )
            outputs |= texts
        after["clock"] = after["clock"] | {"num_frames": tf.where(final, 0, first + num_frames)}
        outputs |= {"log_probs": log_probs, "num_frames": num_frames, "frame_start_s": self._seconds(frames)}
        return outputs | flatten_state(after)

    def _nested_state(self, batch_size):
        context = {"context": self._context.stream_init(batch_size)} if self._context else {}
        return {
            "log_mel": self._log_mel.init(batch_size),
            **self._recognizer.stream_init(batch_size),
            **context,
            "decoding": {"label": tf.fill([batch_size], self._blank)},
            "clock": {
                "num_frames": tf.zeros([batch_size], tf.int32),
                "has_begun": tf.zeros([batch_size], tf.bool),  # the sound: the network hears it
                "num_silent": tf.zeros([batch_size], tf.int32),  # samples in front of it
            },
        }

    def _logits(self, waveform, lengths, final, state):
        """Logits `[B, T', K]`, how many are valid, and the state of what gives them."""
        waveform, lengths, num_blanks, clock = self._silence.push(state["clock"], waveform, lengths, final)
        features, num_features, log_mel = self._log_mel.push(state["log_mel"], waveform, lengths, final)
        # The front end makes a frame of nothing at all: of a row without a sample none is read, as in `recognize`.
        num_features = tf.where(clock["has_begun"], num_features, 0)
        logits, num_frames, network = self._recognizer.stream_step(features, num_features, final, state)
        logits, num_frames = self._silence.with_blanks(logits, num_frames, num_blanks)
        clock = {
            "has_begun": ~final & clock["has_begun"],
            "num_silent": tf.where(final | clock["has_begun"], 0, clock["num_silent"]),
        }
        return logits, num_frames, {"log_mel": log_mel, **network, "clock": clock}

    def _decode(self, log_probs, num_frames, label):
        """Greedy decoding that goes on from the last frame's `label` `[B]`; outputs, and the label to go on from."""
        valid = tf.sequence_mask(num_frames, tf.shape(log_probs)[1])
        best = tf.where(valid, tf.argmax(log_probs, axis=-1, output_type=tf.int32), self._blank)
        joined = tf.concat([label[:, tf.newaxis], best], axis=1)
        begins = (best != self._blank) & (best != joined[:, :-1])
        characters = tf.where(begins, tf.gather(self._symbols, best), "")
        outputs = {
            "text": tf.strings.reduce_join(characters, axis=1),
            "frame_labels": best,
            "frame_log_probs": tf.reduce_max(log_probs, axis=-1),
            "frame_characters": characters,
        }
        return outputs, tf.gather(joined, num_frames, batch_dims=1)


def silent_gaps(waveform):
    """The waveform with zeros for samples that are not finite."""
    return tf.where(
        tf.math.is_finite(waveform), waveform, tf.zeros_like(waveform)
    )  # a single 0 takes ten times as long
