"""Text corpora: text files, as users have them, to the ids of training, validation and test."""

import dataclasses
import functools
from pathlib import Path

import numpy as np

from seqapp.language.corpus import token_arrays
from seqapp.language.corpus.text_files import TextFiles
from seqapp.language.corpus.token_arrays import TokenCache, joined
from seqapp.language.corpus.token_stream import TokenStream
from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.recipe import TextConfig

PARTS = ("train", "validation", "test")

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
    """Read a corpus. Its text is never in memory as a whole; the ids of a large one lie in the cache.

    Args:
        config: `seqapp.recipe.TextConfig`.
        path: A text file, or a folder with those of the corpus' layout.
        vocabulary: That of a model; by default the training part makes one.

    Raises:
        ValueError: Where the files are not there, or too short.
    """
    if path is None or not (path := Path(path).expanduser()).exists():
        raise ValueError(f"{config.dataset}: expected --data-dir with {_expected(config.dataset)}. Received: {path}.")
    if config.dataset in LAYOUTS:
        sources = [TextFiles(file) for file in _layout_files(config.dataset, path)]
        blocks = [source.blocks for source in sources]
    else:
        sources = [TextFiles(path)]
        blocks = None
    if sum(source.num_bytes for source in sources) > token_arrays.IN_MEMORY_BYTES:
        corpus = _cached(config, sources, blocks, vocabulary)
    else:
        streams = _streams(config, sources, blocks)
        vocabulary = vocabulary or _vocabulary(streams[0], config)
        corpus = TextCorpus(*(joined(stream.ids(vocabulary)) for stream in streams), vocabulary)
    parts = [getattr(corpus, name) for name in PARTS]
    if min(map(len, parts)) < 2 or len(parts[0]) <= 2 * config.batch_size:
        lengths = ", ".join(str(len(part)) for part in parts)
        raise ValueError(f"{path} is too short: train, validation and test have {lengths} {config.tokens}.")
    return corpus


def read_text(config: TextConfig, path: Path, vocabulary: Vocabulary):
    """Read any text, split as the corpus of a model is: int32 `[N]`.

    Args:
        config: `seqapp.recipe.TextConfig` of the model.
        path: A text file, or a folder of them.
        vocabulary: `Vocabulary` of the model.

    Raises:
        ValueError: Where there is no text.
    """
    files = TextFiles(path) if path.exists() else None
    if files is None or not any(block.strip() for block in files.blocks()):
        raise ValueError(f"Expected a text in {path}. Received: {'an empty one' if files else 'no such file'}.")
    return joined(_stream(config, files.blocks).ids(vocabulary))


def _cached(config, sources, blocks, vocabulary):
    """Read a large corpus by way of the cache."""
    files = [file for source in sources for file in source.files]
    facts = (config.dataset, config.tokens, str(config.min_count), *(vocabulary.tokens if vocabulary else ()))
    cache = TokenCache(files, facts)
    if (found := cache.load(PARTS)) is None:
        streams = _streams(config, sources, blocks)
        vocabulary = vocabulary or _vocabulary(streams[0], config)
        cache.save({name: stream.ids(vocabulary) for name, stream in zip(PARTS, streams)}, vocabulary)
        found = cache.load(PARTS)
    arrays, vocabulary = found
    return TextCorpus(*arrays, vocabulary)


def _streams(config, sources, blocks):
    return [_stream(config, part) for part in blocks or _cut(sources[0], config.dataset)]


def _stream(config, blocks):
    return TokenStream(blocks, config.tokens, config.dataset in LAYOUTS and config.tokens == "words")


def _vocabulary(stream, config):
    return Vocabulary.from_counts(stream.counts(), config.tokens, config.min_count)


def _cut(files, dataset):
    """Cut off 90, 5 and 5 % of the characters, as TFDS cuts tiny_shakespeare; other texts at the end of a line."""
    length = files.num_characters()
    cuts = [int(0.9 * length)]
    cuts.append(cuts[0] + int(0.5 * (length - cuts[0])))
    if dataset == "own_text":
        cuts = [files.line_end(cut) for cut in cuts]
    return [functools.partial(files.blocks, *part) for part in ((0, cuts[0]), tuple(cuts), (cuts[1], None))]


def _layout_files(dataset, folder):
    return [_find(dataset, folder, names) for names in LAYOUTS[dataset]]


def _find(dataset, folder, names):
    for name in names:
        if paths := sorted(folder.rglob(name)):
            return paths[0]
    raise ValueError(f"{dataset}: {folder} holds no {' or '.join(names)}. Expected {_expected(dataset)}.")


def _expected(dataset):
    if dataset in LAYOUTS:
        return ", ".join(names[0] for names in LAYOUTS[dataset])
    return "a text file, or a folder of them"
