"""Training texts of a model: those of its corpora, by which an evaluation tells texts that recur from new ones."""

import logging
from collections.abc import Sequence
from pathlib import Path

from seqapp.datasets.load import BUILDERS
from seqapp.decoding.text_files import read_lines
from seqapp.input_pipeline.read import read_labels
from seqapp.recipe import Recipe
from seqapp.text.labels import label_of

log = logging.getLogger(__name__)


def training_texts(
    recipe: Recipe,
    name: str,
    split: str,
    data_dir: str | Path | None = None,
    prepared_dir: str | Path | None = None,
    files: Sequence[str | Path] = (),
) -> list[str] | None:
    """Read the texts that a model learned from, as far as they are at hand.

    Args:
        recipe: `Recipe` of the model. The train splits of all its corpora are read where `name` is one of them, since
            only then `data_dir` is where they lie.
        name: Of the corpus that is evaluated.
        split: Of it; nobody asks of a train split which of its texts recur.
        data_dir, prepared_dir: As of `seqapp.input_pipeline.read.read`.
        files: Text files, a text a line, such as those of a language model.

    Returns:
        Texts, spelled as labels; None where none are known.

    Raises:
        ValueError: A file of `files` is none, or is not UTF-8.
    """
    given = [label_of(text, recipe.data) for text in read_lines(files)]
    corpora = dict.fromkeys((recipe.data.dataset, *recipe.data.extra_train))
    if _is_train(split) or _builder(name) not in map(_builder, corpora):
        return given if files else None
    labels = [_labels(corpus, recipe, data_dir, prepared_dir) for corpus in corpora]
    if not files and all(of_corpus is None for of_corpus in labels):
        return None
    return given + [text for of_corpus in labels for text in of_corpus or ()]


def _is_train(split: str) -> bool:
    return all(part.split("[")[0] == "train" for part in split.split("+"))


def _builder(name: str):
    """Return a builder and its config, or the name that has none; "unipen" is "unipen/lines"."""
    return BUILDERS.get(name, name)


def _labels(corpus: str, recipe: Recipe, data_dir, prepared_dir) -> list[str] | None:
    try:
        return read_labels(corpus, "train", recipe, data_dir, prepared_dir)
    except (ValueError, OSError) as error:
        log.warning("%s train cannot be read; its texts count as not seen in training: %s", corpus, error)
        return None
