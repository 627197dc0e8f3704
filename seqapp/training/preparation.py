"""Before the first step: whose workdir this is, which examples can be used, and in which batches they come."""

import dataclasses

import numpy as np

import seqapp.recipe
from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline import BatchPlan, Corpus, Examples, evaluation_batches, survey
from seqapp.models.workdir import write_whole
from seqapp.senses import sense_of
from seqapp.text import Alphabet


@dataclasses.dataclass(frozen=True)
class Corpora:
    """What a training reads.

    Attributes:
        train: `Examples` of the main corpus, each once an epoch.
        extra: `Examples` mixed into training only.
        validation: `Examples` that choose the best weights.
        left_out: `Skipped` of the readers.
    """

    train: Examples
    extra: Examples
    validation: Examples
    left_out: Skipped = dataclasses.field(default_factory=Skipped)


@dataclasses.dataclass(frozen=True)
class Preparation:
    """What the loop works with.

    Attributes:
        ids: Ids of the training examples, by `index` of the batches.
        corpus: `Corpus` of training.
        plan: `BatchPlan` over it.
        validation_batches: tf.data.Dataset, see `evaluation_batches`.
        validation_texts: References by `index` of these.
        skipped: From split to `Skipped`; that of the readers, of all splits together, under "reader".
    """

    ids: np.ndarray
    corpus: Corpus
    plan: BatchPlan
    validation_batches: object
    validation_texts: np.ndarray
    skipped: dict[str, Skipped]


def claim(workdir, recipe, corpora, is_chief) -> Alphabet:
    """Write recipe and alphabet into a new workdir, or check that an old one's are these.

    Raises:
        ValueError: Where the workdir belongs to another recipe.
    """
    if workdir.recipe.exists():
        # As recipes, not as text: a field that came later has its default in an older workdir.
        if (found := workdir.load_recipe()) != recipe:
            raise ValueError(
                f"{workdir.path} belongs to another recipe: {_differences(found, recipe)}. "
                "Give the recipe that it was started with, or another --workdir."
            )
        if workdir.alphabet.exists():
            return Alphabet.load(workdir.alphabet)
    symbols = recipe.output.alphabet
    alphabet = (
        Alphabet(tuple(symbols)) if symbols else Alphabet.from_texts([*corpora.train.texts, *corpora.extra.texts])
    )
    if is_chief:
        workdir.path.mkdir(parents=True, exist_ok=True)
        alphabet.save(workdir.alphabet)
        write_whole(workdir.recipe, seqapp.recipe.to_json(recipe))
    return alphabet


def prepare(corpora, recipe, alphabet, output_length) -> Preparation:
    """Survey the corpora and plan their batches.

    Args:
        corpora: `Corpora`.
        recipe: `Recipe`.
        alphabet: `Alphabet`.
        output_length: Function from feature frames to logit frames.

    Raises:
        ValueError: Where nothing usable is left to train or validate on.
    """
    sense, surveys, kept = sense_of(recipe), {}, {}
    limits = {"train": recipe.data.max_frames, "extra": recipe.data.max_frames, "validation": None}
    for name, max_frames in limits.items():
        examples = getattr(corpora, name)
        surveys[name] = survey(examples, recipe, alphabet, output_length, name, max_frames)
        kept[name] = examples.select(surveys[name].usable)
    skipped = {"reader": corpora.left_out, **{name: found.skipped for name, found in surveys.items()}}
    if not len(kept["validation"]):
        raise ValueError(f"No usable validation example. Skipped: {skipped['validation'].first()}.")
    frames = {name: found.num_frames[found.usable] for name, found in surveys.items()}
    training = kept["train"] + kept["extra"]
    corpus = Corpus(training, alphabet, sense)
    plan = BatchPlan(
        num_frames=np.concatenate([frames["train"], frames["extra"]]),
        num_labels=corpus.num_labels,
        groups=training.group_ids,
        is_extra=np.arange(len(training)) >= len(kept["train"]),
        extra_share=recipe.data.extra_share if len(kept["extra"]) else 0.0,
        longest_row=sense.longest_row,
        batch_frames=recipe.data.batch_frames,
        max_batch_size=recipe.data.max_batch_size,
        seed=recipe.training.seed,
    )
    validation = Corpus(kept["validation"], alphabet, sense)
    batches = evaluation_batches(validation, frames["validation"], recipe, output_length)
    return Preparation(training.ids, corpus, plan, batches, kept["validation"].texts, skipped)


def _differences(found, wanted):
    found, wanted = (dataclasses.asdict(recipe) for recipe in (found, wanted))
    changed = [
        f"{section}.{name} was {found[section].get(name)!r}, now {value!r}"
        for section, values in wanted.items()
        for name, value in values.items()
        if found[section].get(name) != value
    ]
    return "; ".join(changed)
