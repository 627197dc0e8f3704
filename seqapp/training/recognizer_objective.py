"""Training objective of recognisers: CTC loss over batches of a corpus, error rates on validation."""

import json
import logging

import tensorflow as tf

from seqapp.ctc import ctc_loss
from seqapp.evaluation.conditions.fit_confidence import fit_confidence
from seqapp.input_pipeline import RecordExamples, feature_statistics, training_batches
from seqapp.models import Recognizer, StartingPoint, Transcriber
from seqapp.models.workdir import Workdir, write_whole
from seqapp.recipe import OutputConfig, Recipe
from seqapp.senses import sense_of
from seqapp.training.objective import Evaluation, Objective
from seqapp.training.preparation import Corpora, calibration_examples, prepare
from seqapp.training.strategy import building, writes_workdir
from seqapp.training.validation import Validator
from seqapp.training.workdir_claim import claim

log = logging.getLogger(__name__)


class RecognizerObjective(Objective):
    """Handwriting, line images or speech to text.

    Args:
        recipe: `Recipe`.
        corpora: `Corpora`.
        workdir: `Workdir` of the run.
        strategy: From `make_strategy`.
        start: `StartingPoint`; None: the weights are drawn.

    Raises:
        ValueError: Where the workdir belongs to another recipe, or nothing usable is left to train or validate on.
    """

    score_name = "validation CER"

    def __init__(
        self, recipe: Recipe, corpora: Corpora, workdir: Workdir, strategy, start: StartingPoint | None = None
    ):
        super().__init__(recipe.training, workdir, strategy)
        self._recipe = recipe
        self.alphabet = alphabet = claim(workdir, recipe, corpora.alphabet(recipe), workdir.alphabet)
        with building(strategy, self.config):
            self.model = Recognizer.from_recipe(recipe, alphabet)
            if start is not None:
                start.apply(self.model, alphabet)
        self._data = prepare(corpora, recipe, alphabet, self.model.output_length)
        self._calibration = calibration_examples(corpora.validation, recipe)
        texts = self._data.validation_texts
        self.validator = Validator(self.model, self._data.validation_batches, texts, alphabet, strategy)
        if writes_workdir(self.config):
            skipped = {name: examples.to_dict() for name, examples in self._data.skipped.items()}
            write_whole(workdir.skipped, json.dumps(skipped, indent=1, ensure_ascii=False) + "\n")

    def begin(self) -> None:
        if (normalization := self.model.feature_normalization) is not None:
            normalization.set_statistics(*feature_statistics(self._data.corpus, self.config.seed))

    def batches(self, start_step: int, replicas, num_replicas: int) -> tf.data.Dataset:
        normalization = self.model.feature_normalization
        fill = 0.0 if normalization is None else tf.identity(normalization.mean.value).numpy()  # of any strategy
        data = self._data
        return training_batches(
            data.corpus, data.plan, self._recipe, self.model.output_length, start_step, replicas, num_replicas, fill
        )

    def loss(self, batch, carried):
        return recognizer_loss(self.model, self._recipe.output, batch), carried

    def size(self, batch):
        return tf.reduce_sum(batch["length"])

    def examples(self, batch) -> list[str]:
        return [str(self._data.ids[i]) for i in batch["index"].numpy()]

    def evaluate(self) -> Evaluation:
        errors = self.validator.run()
        columns = {f"validation_{name}": getattr(errors, name) for name in ("loss", "cer", "wer")}
        facts = {
            "cer": errors.cer, "wer": errors.wer,
            "validation_examples": len(self._data.validation_texts),
            "validation_skipped": len(self._data.skipped["validation"]),
        }  # fmt: skip
        return Evaluation(errors.cer, columns | {"blank_share": errors.blank_share}, facts)

    def finish(self) -> None:
        """Fit the confidence of the best weights' readings, once."""
        if not len(self._calibration) or self.workdir.confidence.exists():
            return
        if isinstance(examples := self._calibration, RecordExamples):
            examples = examples.in_memory(sense_of(self._recipe))
        transcriber = Transcriber.load(self.workdir.path)
        confidence, facts = fit_confidence(transcriber, examples, seed=self.config.seed)
        write_whole(self.workdir.confidence, confidence.to_json(**facts))
        log.info("confidence fitted to %d readings: AUROC %.3f", facts["readings"], facts["auroc"] or float("nan"))


def recognizer_loss(model: Recognizer, output: OutputConfig, batch: dict) -> tf.Tensor:
    """Compute the CTC loss of a batch while training, in the graph.

    Args:
        model: `Recognizer`.
        output: `OutputConfig`.
        batch: An element of `training_batches`.

    Returns:
        Float32 scalar, this replica's share of the loss of the global batch.
    """
    share = output.intermediate_share
    labels = batch["labels"], batch["label_length"]
    logits, length, *middle = model(batch["features"], batch["length"], training=True, intermediate=share > 0)
    losses = ctc_loss(logits, length, *labels, output.loss)
    losses = (1 - share) * losses + share * ctc_loss(*middle, *labels, output.loss) if middle else losses
    # Selected, not multiplied: a row that counts for nothing may have an infinite loss.
    losses = tf.where(batch["weight"] > 0, losses, tf.zeros_like(losses))
    return tf.math.divide_no_nan(tf.reduce_sum(losses), batch["num_labels"])
