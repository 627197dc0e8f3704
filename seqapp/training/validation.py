"""Validation of a recogniser while it trains: error rates by greedy decoding."""

import dataclasses

import numpy as np
import tensorflow as tf

from seqapp.ctc import ctc_loss, greedy_decode
from seqapp.models import Recognizer
from seqapp.text import Alphabet, ErrorCounts, character_errors, word_errors
from seqapp.training.strategy import is_mirrored


@dataclasses.dataclass(frozen=True)
class Validation:
    """Summed over the split: loss in nats a label, CER and WER as shares, share of frames that say blank."""

    loss: float
    cer: float
    wer: float
    blank_share: float


class Validator:
    """Decodes the validation split greedily; batches are shared out to the replicas of this process.

    Sums are made in the order of the batches, so that they do not depend on how many replicas there are.

    Args:
        model: `Recognizer`.
        batches: From `evaluation_batches`.
        texts: `[n]` references by `index` of the batches.
        alphabet: `Alphabet`.
        strategy: From `make_strategy`; None: one device. Each worker of several machines reads the whole split.
    """

    def __init__(
        self, model: Recognizer, batches, texts, alphabet: Alphabet, strategy: tf.distribute.Strategy | None = None
    ):
        self._model = model
        self._texts = texts
        self._alphabet = alphabet
        self._strategy = strategy if strategy is not None and is_mirrored(strategy) else None
        self._batches = batches
        if self._strategy:
            self._batches = self._strategy.distribute_datasets_from_function(lambda _: batches)
        self._infer = tf.function(self._infer_all, input_signature=[self._batches.element_spec], autograph=False)

    def _infer_all(self, batch):
        return self._strategy.run(self._infer_some, (batch,)) if self._strategy else self._infer_batch(batch)

    def _infer_some(self, batch):
        """Infer where there are rows: a replica that gets no batch any more gets one of no rows and no frames."""
        zero = tf.zeros([], tf.int32)
        none = tf.zeros([0], tf.int32)
        nothing = {"loss": tf.zeros([]), "blanks": zero, "frames": zero, "labels": none, "num_labels": none}
        has_rows = tf.size(batch["index"]) > 0
        return tf.cond(has_rows, lambda: self._infer_batch(batch), lambda: {**nothing, "index": batch["index"]})

    def _infer_batch(self, batch):
        logits, logit_length = self._model(batch["features"], batch["length"], training=False)
        loss = tf.reduce_sum(ctc_loss(logits, logit_length, batch["labels"], batch["label_length"]))
        decoding = greedy_decode(logits, logit_length)
        valid = tf.sequence_mask(logit_length, tf.shape(logits)[1])
        blanks = valid & (tf.argmax(logits, axis=-1, output_type=tf.int32) == tf.shape(logits)[2] - 1)
        counts = [tf.reduce_sum(tf.cast(mask, tf.int32)) for mask in (blanks, valid)]
        # No ragged tensor: not every strategy hands one on.
        return {
            "loss": loss, "blanks": counts[0], "frames": counts[1], "index": batch["index"],
            "labels": tf.cast(decoding.labels.flat_values, tf.int32),
            "num_labels": tf.cast(decoding.labels.row_lengths(), tf.int32),
        }  # fmt: skip

    def run(self) -> Validation:
        characters = ErrorCounts()
        words = ErrorCounts()
        loss = 0.0
        blanks = 0
        frames = 0
        for outputs in self._outputs():
            loss = loss + float(outputs["loss"])
            blanks = blanks + int(outputs["blanks"])
            frames = frames + int(outputs["frames"])
            rows = np.split(outputs["labels"], np.cumsum(outputs["num_labels"])[:-1])
            for index, row in zip(outputs["index"], rows):
                reference = self._texts[index]
                hypothesis = self._alphabet.decode(row.tolist())
                characters += character_errors(reference, hypothesis)
                words += word_errors(reference, hypothesis)
        return Validation(
            loss=loss / max(1, characters.reference_length),
            cer=characters.rate,
            wer=words.rate,
            blank_share=float(np.divide(blanks, max(1, frames))),
        )

    def _outputs(self):
        """Yield what was computed of each batch, dicts of NumPy arrays; nothing of a replica that got none."""
        for batch in self._batches:
            outputs = self._infer(batch)
            parts = {name: self._local(value) for name, value in outputs.items()}
            for replica in range(len(parts["index"])):
                arrays = {name: values[replica].numpy() for name, values in parts.items()}
                if len(arrays["index"]):
                    yield arrays

    def _local(self, value):
        return self._strategy.experimental_local_results(value) if self._strategy else (value,)
