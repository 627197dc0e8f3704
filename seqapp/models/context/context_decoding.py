"""Decoding with context in the graph: a prefix beam search with a language model of characters."""

from typing import NamedTuple

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search import Beams, LabelScorer, Pruning, begin, choose, finish, search, settle
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.models.context.agreement import agreement, calibrated

NUM_TEXTS = 8  # of the signature `beam`
PENDING = 128  # characters of a stream that may not be settled yet


class Found(NamedTuple):
    """Texts that a search found, the best first; N of each row.

    Attributes:
        labels: Int32 `[B, N, U]`, -1 behind the end of a text.
        frames: Int32 `[B, N, U]`, where each label is most probable.
        log_confidences: Float32 `[B, N, U]`, its log-probability there.
        scores: Float64 `[B, N]`; -inf where a row has fewer texts.
    """

    labels: tf.Tensor
    frames: tf.Tensor
    log_confidences: tf.Tensor
    scores: tf.Tensor


class BestTexts(NamedTuple):
    """What `ContextDecoding.decode` returns: as `GreedyDecoding`, and how it stands among what else was found.

    Attributes:
        log_share: Float32 `[B]`, natural logarithm of the best text's part of all texts that were kept.
    """

    labels: tf.RaggedTensor
    frames: tf.RaggedTensor
    confidences: tf.RaggedTensor
    confidence: tf.Tensor
    log_share: tf.Tensor


class ContextDecoding(tf.Module):
    """Finds the texts that network and language model together think most probable.

    Args:
        scorer: `LabelScorer`, a `tf.Module`.
        pruning: `Pruning`.
        confidence: `ReadingConfidence` that was fitted to readings with it.
        temperature, offset: By which the confidences of characters are calibrated, as of `DecoderConfig`.
    """

    def __init__(
        self, scorer: LabelScorer, pruning: Pruning, confidence: ReadingConfidence | None = None,
        temperature: float = 1.0, offset: float = 0.0,
    ):  # fmt: skip
        super().__init__(name="context")
        self.scorer, self.pruning, self.confidence = scorer, pruning, confidence
        self._temperature, self._offset = temperature, offset

    def decode(self, logits, logit_length) -> BestTexts:
        """Take the best text of each row; arguments as of `greedy_decode`.

        Confidences of characters are the agreement of all texts that were kept, calibrated.
        """
        log_probs = tf.nn.log_softmax(tf.cast(logits, tf.float32))
        texts = found(*self._search(log_probs, logit_length))
        labels, frames, log_confidences, scores = *(column[:, 0] for column in texts[:3]), texts.scores
        agreed = agreement(texts.labels, texts.frames, scores)
        length = tf.reduce_sum(tf.cast(labels >= 0, tf.int32), axis=1)

        def ragged(column):
            return tf.RaggedTensor.from_tensor(column, lengths=length)

        valid = tf.sequence_mask(logit_length, tf.shape(log_probs)[1])
        of_blank = _mean(tf.where(valid, log_probs[:, :, -1], 0.0), logit_length)
        of_labels = _mean(tf.where(labels >= 0, log_confidences, 0.0), length)
        return BestTexts(
            labels=ragged(labels),
            frames=ragged(frames),
            confidences=ragged(calibrated(agreed, self._temperature, self._offset)),
            confidence=tf.exp(tf.where(length == 0, of_blank, of_labels)),
            log_share=tf.cast(tf.nn.log_softmax(scores)[:, 0], tf.float32),
        )

    def n_best(self, log_probs, num_frames, symbols):
        """Find the best texts of each row.

        Args:
            log_probs: Float32 `[B, T, K]`, the blank last.
            num_frames: Int32 `[B]`.
            symbols: String `[K]`: a class's characters, "" for the blank.

        Returns:
            texts: String `[B, 8]`, the best first; "" behind the last where a row has fewer.
            scores: Float32 `[B, 8]`, what the search ranks by; -inf where there is no text.
        """
        beams, scores, order = self._search(log_probs, num_frames)
        best = found(beams, scores[:, :NUM_TEXTS], order[:, :NUM_TEXTS])
        characters = tf.gather(symbols, tf.where(best.labels >= 0, best.labels, symbols.shape[0] - 1))
        missing = [[0, 0], [0, max(0, NUM_TEXTS - self.pruning.beam_width)]]
        texts = tf.pad(tf.strings.reduce_join(characters, axis=2), missing, constant_values="")
        return texts, tf.pad(tf.cast(best.scores, tf.float32), missing, constant_values=float("-inf"))

    def stream_init(self, batch_size) -> dict:
        """Return the state before the first frame of a stream: dict of tensors `[B, ...]`."""
        return begin(batch_size, self.pruning.beam_width, self.scorer, PENDING)._asdict()

    def stream_step(self, state, log_probs, num_frames, final, first_frame, symbols) -> tuple[dict, dict]:
        """Take more frames of a stream. All its texts joined are the text of all its frames at once.

        A character is settled once all texts that are kept have it in the same frame. Where none of 128 characters
        is, the best text alone is kept.

        Args:
            state: From `stream_init` or the last step.
            log_probs: Float32 `[B, T, K]`, the blank last.
            num_frames: Int32 `[B]`.
            final: Bool `[B]`, True where the stream ends; such a row begins anew.
            first_frame: Int32 `[B]`, the number of the first of these frames.
            symbols: String `[K]`.

        Returns:
            outputs: Dict of text string `[B]`, what is settled in this step, and partial_text string `[B]`, the rest
                of the best text so far.
            state: For the next step.
        """
        beams = search(Beams(**state), log_probs, num_frames, self.scorer, self.pruning, first_frame)
        _, order = finish(beams, self.scorer, final)
        num_settled, rest = settle(beams)
        best = order[:, 0]
        labels = tf.cast(tf.gather(beams.history, best, batch_dims=1)[:, :, 0], tf.int32)
        length = tf.gather(beams.length, best, batch_dims=1)
        is_full = tf.reduce_max(tf.where(rest.is_used, rest.length, 0), axis=1) > PENDING
        alone_settled, alone = settle(rest.best_alone())
        num_settled = tf.where(final, length, num_settled + tf.where(is_full, alone_settled, 0))
        rest = choose(is_full, alone, rest)
        rest = rest._replace(history=rest.history[:, :, :PENDING])
        place = tf.range(tf.shape(labels)[1])[tf.newaxis]
        is_settled = place < num_settled[:, tf.newaxis]
        characters = tf.where(place < length[:, tf.newaxis], tf.gather(symbols, tf.maximum(labels, 0)), "")
        outputs = {
            "text": tf.strings.reduce_join(tf.where(is_settled, characters, ""), axis=1),
            "partial_text": tf.strings.reduce_join(tf.where(is_settled, "", characters), axis=1),
        }
        anew = begin(tf.shape(final)[0], self.pruning.beam_width, self.scorer, PENDING)
        return outputs, choose(final, anew, rest)._asdict()

    def _search(self, log_probs, num_frames):
        """The beams behind all frames, their scores and their order."""
        beams = begin(tf.shape(log_probs)[0], self.pruning.beam_width, self.scorer)
        beams = search(beams, log_probs, num_frames, self.scorer, self.pruning)
        return beams, *finish(beams, self.scorer)


def found(beams: Beams, scores, order) -> Found:
    """Read the texts of beams, `[B, N]` of them in the order that `finish` gives."""
    history = tf.gather(beams.history, order, batch_dims=1)
    length = tf.gather(beams.length, order, batch_dims=1)
    is_text = scores > IMPOSSIBLE / 2
    valid = tf.sequence_mask(tf.where(is_text, length, 0), tf.shape(history)[2])
    width = tf.reduce_max(tf.where(is_text, length, 0))
    labels, frames, log_confidences = tf.unstack(history[:, :, :width], axis=3)
    valid = valid[:, :, :width]
    return Found(
        labels=tf.where(valid, tf.cast(labels, tf.int32), -1),
        frames=tf.where(valid, tf.cast(frames, tf.int32), -1),
        log_confidences=log_confidences,
        scores=tf.where(is_text, scores, tf.constant(float("-inf"), tf.float64)),
    )


def _mean(sums, count):
    return tf.math.divide_no_nan(tf.reduce_sum(sums, axis=1), tf.cast(count, tf.float32))
