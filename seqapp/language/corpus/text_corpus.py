"""Text corpora: text files, as users have them, to the ids of training, validation and test."""

import dataclasses
from pathlib import Path

import numpy as np

from seqapp.language.corpus.vocabulary import Vocabulary, split, split_spaced
from seqapp.recipe import TextConfig

# Names of the three files of corpora that are split already; the first that lies somewhere in the folder is taken.
LAYOUTS = {
    "penn_treebank": (("ptb.train.txt",), ("ptb.valid.txt",), ("ptb.test.txt",)),
    "wikitext": (
        ("wiki.train.tokens", "wiki.train.raw", "train.txt"), ("wiki.valid.tokens", "wiki.valid.raw", "valid.txt"),
        ("wiki.test.tokens", "wiki.test.raw", "test.txt"),
    ),
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class TextCorpus:
    """A text in three parts: int32 arrays of token numbers, and the vocabulary of the first."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    vocabulary: Vocabulary


def read_corpus(config: TextConfig, path: str | Path | None, vocabulary: Vocabulary | None = None) -> TextCorpus:
    """Read a corpus.

    Args:
        config: `seqapp.recipe.TextConfig`.
        path: A text file, or a folder with those of the corpus' layout.
        vocabulary: That of a model; by default the training part makes one.

    Raises:
        ValueError: Where the files are not there, or too short.
    """
    if path is None or not (path := Path(path).expanduser()).exists():
        raise ValueError(f"{config.dataset}: expected --data-dir with {_expected(config.dataset)}. Received: {path}.")
    texts = _read_layout(config.dataset, path) if config.dataset in LAYOUTS else _cut(read_files(path), config.dataset)
    parts = [_tokens(text, config) for text in texts]
    if min(map(len, parts)) < 2 or len(parts[0]) <= 2 * config.batch_size:
        lengths = ", ".join(str(len(part)) for part in parts)
        raise ValueError(f"{path} is too short: train, validation and test have {lengths} {config.tokens}.")
    vocabulary = vocabulary or Vocabulary.from_tokens(parts[0], config.tokens, config.min_count)
    return TextCorpus(*(vocabulary.encode_tokens(part) for part in parts), vocabulary)


def read_text(config: TextConfig, path: Path, vocabulary: Vocabulary):
    """Read any text, split as the corpus of a model is: int32 `[N]`.

    Args:
        config: `seqapp.recipe.TextConfig` of the model.
        path: As for `read_files`.
        vocabulary: `Vocabulary` of the model.

    Raises:
        ValueError: Where there is no text.
    """
    if not path.exists() or not (text := read_files(path)).strip():
        raise ValueError(f"Expected a text in {path}. Received: {'an empty one' if path.exists() else 'no such file'}.")
    return vocabulary.encode_tokens(_tokens(text, config))


def _tokens(text, config):
    is_spaced = config.dataset in LAYOUTS and config.tokens == "words"
    return split_spaced(text) if is_spaced else split(text, config.tokens)


def read_files(path: Path) -> str:
    """Read a text file, or all .txt files under a folder, by name.

    Raises:
        ValueError: Where there is none, or one is not UTF-8.
    """
    files = [path] if path.is_file() else sorted(path.rglob("*.txt"))
    if not files:
        raise ValueError(f"{path} holds no text file. Expected a .txt file in UTF-8, or a folder of them.")
    try:
        return "\n".join(file.read_text(encoding="utf-8-sig") for file in files)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8: {error}.") from error


def _cut(text, dataset):
    """Cut off 90, 5 and 5 % of the characters, as TFDS cuts tiny_shakespeare; other texts at the end of a line."""
    cuts = [int(0.9 * len(text))]
    cuts.append(cuts[0] + int(0.5 * (len(text) - cuts[0])))
    if dataset == "own_text":
        cuts = [text.find("\n", cut) + 1 or cut for cut in cuts]
    return text[: cuts[0]], text[cuts[0] : cuts[1]], text[cuts[1] :]


def _read_layout(dataset, folder):
    return [read_files(_find(dataset, folder, names)) for names in LAYOUTS[dataset]]


def _find(dataset, folder, names):
    for name in names:
        if paths := sorted(folder.rglob(name)):
            return paths[0]
    raise ValueError(f"{dataset}: {folder} holds no {' or '.join(names)}. Expected {_expected(dataset)}.")


def _expected(dataset):
    if dataset in LAYOUTS:
        return ", ".join(names[0] for names in LAYOUTS[dataset])
    return "a text file, or a folder of them"
