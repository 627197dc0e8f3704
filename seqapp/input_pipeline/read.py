"""Corpora of a recipe, from TFDS builders or from any folder of files, into memory."""

import logging

from seqapp.datasets.audio_files import read_audio
from seqapp.datasets.ink_files import read_ink
from seqapp.datasets.load import left_out, load
from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline.examples import Examples
from seqapp.senses import sense_of
from seqapp.text.labels import label_of

log = logging.getLogger(__name__)

FILES = "files"  # the name that stands for any file, folder or archive in a format that a reader below knows


def read_files(path, sense, skipped):
    """Read whatever files of one sense a user has.

    Args:
        path: A file, folder or archive.
        sense: `Sense`.
        skipped: `Skipped`; receives what cannot be used.

    Yields:
        `Ink` or `Audio`.

    Raises:
        ValueError: Where there is nothing of this sense, or a single file is broken.
    """
    yield from READERS[sense.name](path, skipped, sense)


def read_inputs(paths, sense, skipped):
    """Read what somebody wants to have transcribed; one broken path of several costs nothing but itself.

    Args:
        paths: Files, folders or archives.
        sense: `Sense` of the model.
        skipped: `Skipped`; receives what cannot be read.

    Returns:
        `Examples`.

    Raises:
        ValueError: Where the only path cannot be read.
    """
    records = []
    for path in paths:
        try:
            for item in read_files(path, sense, skipped):
                if fault := sense.fault(vars(item)[sense.raw_key]):
                    skipped.add(item.id, fault)
                else:
                    records.append(vars(item))
        except (ValueError, OSError) as error:
            if len(paths) == 1:
                raise
            skipped.add(str(path), str(error))
    return Examples.from_iterable(records, sense)


def read(name, split, recipe, data_dir=None, prepared_dir=None):
    """Read one split of one corpus.

    Args:
        name: Of a builder, with its config ("unipen/lines"), or "files" for whatever `data_dir` holds.
        split: "train", "validation", "test", or another split of the builder; "all" for all of them.
        recipe: `Recipe`: says of which sense the examples are, and how labels are spelled.
        data_dir: Where the corpus lies as its owners distribute it.
        prepared_dir: Where TFDS keeps its copy.

    Returns:
        examples: `Examples`.
        skipped: List of (id, reason) that the reader left out, of all splits: what is unreadable often has none.

    Raises:
        ValueError: Where there is no such corpus.
    """
    sense = sense_of(recipe)
    if name == FILES:
        if data_dir is None:
            raise ValueError(
                f"Expected --data-dir: a file, folder or archive of {sense.name}, or --dataset: a name of a corpus."
            )
        skipped = Skipped()
        dataset = [vars(item) for item in read_files(data_dir, sense, skipped)]
        skipped.log(str(data_dir), len(dataset))
        unusable = skipped.items
    else:
        dataset = load(name, split, data_dir, prepared_dir).as_numpy_iterator()
        unusable = left_out(name, data_dir, prepared_dir)
    examples = Examples.from_iterable(dataset, sense, lambda text: label_of(text, recipe.data))
    log.info("%s %s: %d examples", name, split, len(examples))
    return examples, unusable


def read_training(recipe, data_dir=None, prepared_dir=None):
    """The corpora of a recipe: train, extra, validation, each `Examples`, and (id, reason) of what was left out."""
    unusable_of = {}

    def of(name, split):
        examples, unusable = read(name, split, recipe, data_dir, prepared_dir)
        unusable_of[name] = tuple(unusable)
        return examples

    extra = Examples.from_iterable([], sense_of(recipe))
    for name in recipe.data.extra_train:
        extra = extra + of(name, "train")
    train, validation = of(recipe.data.dataset, "train"), of(recipe.data.dataset, "validation")
    return train, extra, validation, sum(unusable_of.values(), ())


def _read_ink(path, skipped, sense):
    return read_ink(path, skipped)


def _read_audio(path, skipped, sense):
    return read_audio(path, skipped, sense.config.max_seconds)


READERS = {"ink": _read_ink, "speech": _read_audio}
