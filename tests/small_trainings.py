"""Trainings of seconds: a few synthetic words, a small network, and a validation that can be scripted."""

import dataclasses

import seqapp.recipe
from seqapp.datasets.ink.synthetic_ink.examples import example
from seqapp.input_pipeline import Examples
from seqapp.models import Workdir
from seqapp.senses import InkSense
from seqapp.training import Corpora, RecognizerObjective, Training, make_strategy
from seqapp.training.validation import Validation

# execution=loop: compiling a fused chunk for every batch size pays in trainings of minutes only.
SETTINGS = (
    "data.batch_frames=1200", "data.max_batch_size=5", "features.height=spread", "features.step=0.2",
    "encoder.cell=simple", "encoder.execution=loop", "encoder.units=16", "encoder.num_layers=1",
    "encoder.bidirectional=False", "encoder.dropout=0.0", "output.confidence_examples=0",
    "training.warmup_steps=0", "training.weight_decay=0.0", "training.learning_rate=0.01",
)  # fmt: skip
WITHOUT_AUGMENTATION = tuple(
    f"augmentation.{field.name}={type(field.default)(field.name == 'join_words')}"
    for field in dataclasses.fields(seqapp.recipe.AugmentationConfig)
)


def small_recipe(*changes):
    return seqapp.recipe.override(seqapp.recipe.Recipe(), (*SETTINGS, *changes))


def words(numbers, **columns):
    """`Examples`: synthetic words of the training split, with some columns replaced."""
    inks = [dataclasses.asdict(example("train", number, max_words=1)) for number in numbers]
    records = ({**ink, **{k: v[i] for k, v in columns.items()}} for i, ink in enumerate(inks))
    return Examples.from_iterable(records, InkSense)


def small_corpora(train=None, validation=None):
    nothing = Examples.from_iterable([], InkSense)
    return Corpora(train or words(range(8)), nothing, validation or words(range(4)))


def make_training(path, recipe, corpora=None, strategy=None):
    run = Workdir(path), strategy or make_strategy("one_device")
    return Training(RecognizerObjective(recipe, corpora or small_corpora(), *run))


class ScriptedValidator:
    """Says in turn what it is given; `seen` holds copies of the weights that were evaluated."""

    def __init__(self, training, error_rates):
        self._model, self._error_rates = training.objective.model, iter(error_rates)
        self.seen = []
        training.objective.validator = self

    def run(self):
        self.seen.append([weight.numpy() for weight in self._model.trainable_weights])
        cer = next(self._error_rates)
        return Validation(loss=1.0, cer=cer, wer=cer, blank_share=0.5)
