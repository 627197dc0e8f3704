"""Corpora of a recipe, from TFDS builders or from any folder of ink, into memory."""

import dataclasses
import logging

from seqapp.datasets.ink_files import read_ink
from seqapp.datasets.load import left_out, load
from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline.examples import Examples
from seqapp.text import normalize

log = logging.getLogger(__name__)

FILES = "files"  # the name that stands for any folder or archive in a format that read_ink knows


def read(name, split, data_dir=None, prepared_dir=None, normalization="NFC"):
    """Read one split of one corpus.

    Args:
        name: Of a builder, with its config ("unipen/lines"), or "files" for whatever `data_dir` holds.
        split: "train", "validation", "test", or another split of the builder; "all" for all of them.
        data_dir: Where the corpus lies as its owners distribute it.
        prepared_dir: Where TFDS keeps its copy.
        normalization: Unicode form of the labels.

    Returns:
        examples: `Examples`.
        skipped: List of (id, reason) that the reader left out, of all splits: what is unreadable often has none.

    Raises:
        ValueError: Where there is no such corpus.
    """
    if name == FILES:
        if data_dir is None:
            raise ValueError("Expected --data-dir: a file, folder or archive of ink, or --dataset: a name of a corpus.")
        skipped = Skipped()
        dataset = [dataclasses.asdict(ink) for ink in read_ink(data_dir, skipped)]
        skipped.log(str(data_dir), len(dataset))
        unusable = skipped.items
    else:
        dataset = load(name, split, data_dir, prepared_dir).as_numpy_iterator()
        unusable = left_out(name, data_dir, prepared_dir)
    examples = Examples.from_iterable(dataset, lambda text: normalize(text, normalization))
    log.info("%s %s: %d examples", name, split, len(examples))
    return examples, unusable


def read_training(recipe, data_dir=None, prepared_dir=None):
    """The corpora of a recipe: train, extra, validation, each `Examples`, and (id, reason) of what was left out."""
    unusable_of = {}

    def of(name, split):
        examples, unusable = read(name, split, data_dir, prepared_dir, recipe.data.normalization)
        unusable_of[name] = tuple(unusable)
        return examples

    extra = Examples.from_iterable([])
    for name in recipe.data.extra_train:
        extra = extra + of(name, "train")
    train, validation = of(recipe.data.dataset, "train"), of(recipe.data.dataset, "validation")
    return train, extra, validation, sum(unusable_of.values(), ())
