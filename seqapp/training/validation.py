"""Validation of a recogniser while it trains: error rates by greedy decoding."""

import dataclasses

import numpy as np
import tensorflow as tf

from seqapp.ctc import ctc_loss, greedy_decode
from seqapp.models import Recognizer
from seqapp.text import Alphabet, ErrorCounts, character_errors, word_errors


@dataclasses.dataclass(frozen=True)
class Validation:
    """Summed over the split: loss in nats a label, CER and WER as shares, share of frames that say blank."""

    loss: float
    cer: float
    wer: float
    blank_share: float


class Validator:
    """Decodes the validation split greedily.

    Args:
        model: `Recognizer`.
        batches: From `evaluation_batches`.
        texts: `[n]` references by `index` of the batches.
        alphabet: `Alphabet`.
    """

    def __init__(self, model: Recognizer, batches, texts, alphabet: Alphabet):
        self._model = model
        self._batches = batches
        self._texts = texts
        self._alphabet = alphabet
        self._infer = tf.function(self._infer_batch, input_signature=[batches.element_spec], autograph=False)

    def _infer_batch(self, batch):
        logits, logit_length = self._model(batch["features"], batch["length"], training=False)
        loss = tf.reduce_sum(ctc_loss(logits, logit_length, batch["labels"], batch["label_length"]))
        decoding = greedy_decode(logits, logit_length)
        valid = tf.sequence_mask(logit_length, tf.shape(logits)[1])
        blanks = valid & (tf.argmax(logits, axis=-1, output_type=tf.int32) == tf.shape(logits)[2] - 1)
        counts = [tf.reduce_sum(tf.cast(mask, tf.int32)) for mask in (blanks, valid)]
        return loss, decoding.labels, counts

    def run(self) -> Validation:
        characters = ErrorCounts()
        words = ErrorCounts()
        loss = 0.0
        blanks = 0
        frames = 0
        for batch in self._batches:
            batch_loss, labels, (batch_blanks, batch_frames) = self._infer(batch)
            loss = loss + float(batch_loss)
            blanks = blanks + int(batch_blanks)
            frames = frames + int(batch_frames)
            for index, row in zip(batch["index"].numpy(), labels.to_list()):
                reference = self._texts[index]
                hypothesis = self._alphabet.decode(row)
                characters += character_errors(reference, hypothesis)
                words += word_errors(reference, hypothesis)
        return Validation(
            loss=loss / max(1, characters.reference_length),
            cer=characters.rate,
            wer=words.rate,
            blank_share=float(np.divide(blanks, max(1, frames))),
        )
