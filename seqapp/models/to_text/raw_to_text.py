"""Base of ink, speech and line images to text: one graph of features, network and decoding."""

import typing

import numpy as np
import tensorflow as tf

from seqapp.ctc import greedy_decode
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.models.to_text.best_texts import n_best
from seqapp.models.to_text.reading_confidence import reading_confidence
from seqapp.models.to_text.score_texts import score_texts
from seqapp.models.to_text.shared_graph import SharedGraph
from seqapp.senses import sense_of

NO_CHARACTER = -1  # fills up rows with fewer characters than the longest


class NetworkFrames(typing.NamedTuple):
    """The outputs of a network for a batch."""

    logits: tf.Tensor  # float32 [B, T, K]
    num_frames: tf.Tensor  # int [B]


class RawToText(tf.Module):
    """The module that is exported; a subclass for each sense adds the signatures, and where its characters lie.

    The confidence of a text is the probability that all of it is right, by a `ReadingConfidence` fitted on validation;
    is_sure says whether it is of use: more like readings of which at least half is right than like others. A model
    without one gives the geometric mean of the characters' probabilities, and no is_sure.

    Subclasses have NAME, INPUT (the name of the raw input of their signatures), PLACES (the output of `log_probs` that
    relates frames to the input), READING (the class of their `Reading`) and `character_places` (of
    `seqapp.models.to_text.character_places`).

    Args:
        recognizer: `Recognizer` with trained weights, float32.
        recipe: `Recipe`; its features are computed in the graph.
        alphabet: `Alphabet`.
        confidence: `ReadingConfidence`, where one was fitted; a context may have its own.
        context: `ContextDecoding`, where texts are to be found with a language model's help; the signature `greedy`
            then gives those found without.
    """

    def __init__(self, recognizer, recipe, alphabet, confidence: ReadingConfidence | None = None, context=None):
        super().__init__(name=self.NAME)
        self._confidence, self._context = confidence, context
        # tf.Module finds tf.Variables, not Keras variables.
        self._variables = [v.value for v in recognizer.variables]
        # Behind a function, since a tf.Module would find the same weights a second time inside the Keras model.
        self._network = lambda features, lengths: recognizer(features, lengths)
        self._logits = SharedGraph(self._compute_logits)  # it takes megabytes
        self._frames_per_output, self._sense = recognizer.frames_per_output, sense_of(recipe)
        self._symbols = tf.constant([*alphabet.symbols, ""])  # the empty one fills up
        self._alphabet = alphabet

    def functions(self):
        """Return the functions to export, by the names of their signatures."""
        specs = {spec.name: spec for spec in self.log_probs.input_signature}
        text = {"text": tf.TensorSpec([None], tf.string, "text")}
        beam, score_text = (tf.function(function, autograph=False) for function in (self.beam, self.score_text))
        functions = {
            "serving_default": self.recognize,
            "log_probs": self.log_probs,
            "beam": beam.get_concrete_function(**specs),
            "score_text": score_text.get_concrete_function(**specs, **text),
        }
        if self._context:
            functions["greedy"] = tf.function(self.greedy, autograph=False).get_concrete_function(**specs)
        return functions

    def stream_functions(self):
        """Return those of them that carry a state from chunk to chunk: none."""
        return {}

    def beam(self, **inputs):
        """Find the most probable texts, all alignments of each summed.

        Args:
            **inputs: As for `recognize`.

        Returns:
            Dict of texts string `[B, 8]`, the best first, and scores float32 `[B, 8]`, natural logarithms of their
            probabilities, of a model with context and what the language model says of them; "" and -inf behind the
            last one of a row that has fewer.
        """
        outputs = self.log_probs(**inputs)
        batch_size = tf.shape(outputs["num_frames"])[0]
        rows = _at_least_one_row(outputs["log_probs"], outputs["num_frames"])
        find = self._context.n_best if self._context else n_best
        texts, scores = find(*rows, self._symbols)
        return {"texts": texts[:batch_size], "scores": scores[:batch_size]}

    def greedy(self, **inputs):
        """Read without context; arguments and values as of `recognize`."""
        lengths = inputs.pop("lengths")
        return self._recognize(*inputs.values(), lengths, context=False)

    def score_text(self, text, **inputs):
        """Compute the log-probabilities of given texts.

        Args:
            text: String `[B]`, UTF-8, normalised as those of the training.
            **inputs: As for `recognize`.

        Returns:
            Dict of score float32 `[B]`, the natural logarithm of the probability of each text; -inf for one with
            characters that the model cannot write, or with more than there are frames for.
        """
        outputs = self.log_probs(**inputs)
        return {"score": score_texts(outputs["log_probs"], outputs["num_frames"], text, self._alphabet.symbols)}

    @staticmethod
    def line_breaks(log_probs: np.ndarray) -> np.ndarray:
        """Return the frames of `log_probs` `[T, K]` of one input at which a line break stands: none of most senses."""
        return np.zeros(0, np.int64)

    def _recognize(self, inputs, lengths, context=True):
        """Outputs of the signature `recognize` for `[B, N, ...]` and `[B]`; context: with what the model has of it."""
        batch_size = tf.shape(inputs)[0]
        inputs, lengths = self._readable(*_at_least_one_row(inputs, lengths))
        network = self._network_frames(inputs, lengths, is_text=True)
        outputs, symbols = self._read(network, self._context if context else None)
        is_given = lengths > 0
        outputs["confidence"] = tf.where(is_given, outputs["confidence"], 0.0)
        if "is_sure" in outputs:
            outputs["is_sure"] &= is_given
        outputs |= self._character_places(inputs, lengths, symbols, outputs["char_frames"], network)
        return {name: tensor[:batch_size] for name, tensor in outputs.items()}

    def _read(self, network, context):
        """Outputs of `recognize` that are known without the input, and the characters, string `[B, U]`."""
        logits, logit_length = network.logits, network.num_frames
        decoding = context.decode(logits, logit_length) if context else greedy_decode(logits, logit_length)
        symbols = tf.gather(self._symbols, decoding.labels.to_tensor(tf.size(self._symbols) - 1))
        symbols = self._with_line_breaks(symbols, decoding.frames.to_tensor(NO_CHARACTER), network)
        outputs = {
            "text": tf.strings.reduce_join(symbols, axis=1),
            "confidence": decoding.confidence,
            "num_characters": tf.cast(decoding.labels.row_lengths(), tf.int32),
            "char_frames": decoding.frames.to_tensor(NO_CHARACTER),
            "char_confidences": decoding.confidences.to_tensor(NO_CHARACTER),
        }
        fitted = (context and context.confidence) or self._confidence
        if fitted is not None:
            log_share = decoding.log_share if context else None
            judged = reading_confidence(fitted, decoding.labels, logits, logit_length, log_share)
            outputs["confidence"], outputs["is_sure"] = judged
        return outputs, symbols

    def _log_probs(self, inputs, lengths):
        """Outputs of the signature `log_probs` for `[B, N, ...]` and `[B]`."""
        batch_size = tf.shape(inputs)[0]
        inputs, lengths = self._readable(*_at_least_one_row(inputs, lengths))
        network = self._network_frames(inputs, lengths, is_text=False)
        outputs = {
            "log_probs": tf.nn.log_softmax(network.logits),
            "num_frames": tf.cast(network.num_frames, tf.int32),
            **self._frame_places(inputs, lengths, network),
        }
        return {name: tensor[:batch_size] for name, tensor in outputs.items()}

    def _readable(self, inputs, lengths):
        """What the front end can take. Rows with NaN or infinity among their valid inputs become rows without."""
        return _only_finite(inputs, lengths)

    def _network_frames(self, inputs, lengths, is_text):
        """What the network says of each row: `NetworkFrames`, or more. `is_text`: to be read, not to be given."""
        return NetworkFrames(*self._logits(inputs, lengths))

    def _with_line_breaks(self, symbols, frames, network):
        """Characters string `[B, U]` with line breaks among them, where the input has several lines."""
        return symbols

    def _character_places(self, inputs, lengths, symbols, frames, network):
        """More outputs of `recognize`: where in the input each character `[B, U]` lies."""
        raise NotImplementedError

    def _frame_places(self, inputs, lengths, network):
        """More outputs of `log_probs`: how frames and input belong together."""
        raise NotImplementedError

    def _compute_logits(self, inputs, lengths):
        return self._logits_of((inputs, lengths), lengths, lambda row: row[0][: row[1]])

    def _logits_of(self, rows, lengths, input_of):
        """Logits of the network for a batch, and their lengths.

        Args:
            rows: Tensors `[B, ...]`.
            lengths: Int32 `[B]`, of the inputs.
            input_of: Function of a row of these tensors to the input of the features, `[N, ...]`.
        """
        width = self._sense.num_features
        features = tf.map_fn(
            lambda row: self._sense.features(input_of(row)),
            rows,
            fn_output_signature=tf.RaggedTensorSpec([None, width], tf.float32, ragged_rank=0),
        )
        # A front end may make a frame of nothing at all: what was not given has none here.
        num_frames = tf.where(lengths > 0, tf.cast(features.row_lengths(), tf.int32), 0)
        return self._network(features.to_tensor(shape=[None, None, width]), num_frames)


def _at_least_one_row(inputs, lengths):
    """A row without content for an empty batch: neither map_fn nor a convolution can do without (TensorFlow 2.21)."""
    missing = tf.cast(tf.shape(inputs)[0] == 0, tf.int32)
    return tf.pad(inputs, [[0, missing], *[[0, 0]] * (inputs.shape.rank - 1)]), tf.pad(lengths, [[0, missing]])


def _only_finite(inputs, lengths):
    """Rows with NaN or infinity among their valid inputs become rows without; lengths are cut to 0..N."""
    lengths = tf.clip_by_value(lengths, 0, tf.shape(inputs)[1])
    valid = tf.sequence_mask(lengths, tf.shape(inputs)[1])
    columns = list(range(2, inputs.shape.rank))
    finite = tf.reduce_all(tf.reduce_all(tf.math.is_finite(inputs), axis=columns) | ~valid, axis=1)
    is_read = (valid & finite[:, tf.newaxis])[(..., *[tf.newaxis] * len(columns))]
    return tf.where(is_read, inputs, tf.zeros_like(inputs)), tf.where(finite, lengths, 0)
