"""Corpus reader: the corpora of a recipe, from TFDS builders or from any folder of files, into memory."""

import functools
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from seqapp.command_line import log_progress
from seqapp.datasets.file_tree import readable
from seqapp.datasets.load import open_corpus
from seqapp.datasets.prepared import PreparedCorpus
from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline.corpus_index import corpus_index
from seqapp.input_pipeline.examples import Examples, as_text
from seqapp.input_pipeline.input_names import input_prefixes
from seqapp.input_pipeline.own_corpus import OWN_BUILDERS, FileSplits, OwnCorpus
from seqapp.input_pipeline.record_examples import RecordExamples, joined
from seqapp.input_pipeline.stored_split import StoredSplit
from seqapp.recipe import Recipe
from seqapp.senses import Sense, sense_of
from seqapp.text.labels import label_of

log = logging.getLogger(__name__)

MOST_BYTES_IN_MEMORY = 2**28  # 2 hours of speech; a training holds up to five copies of what it has in memory
FILES = "files"  # the name that stands for any file, folder or archive in a format that a reader below knows


def read_inputs(
    paths: Sequence[str | Path],
    sense: Sense,
    skipped: Skipped,
    silent: list[str | Path] | None = None,
    keeps_long: bool = True,
    single_lines: bool = False,
) -> Examples:
    """Read what somebody wants to have transcribed; one broken path of several costs nothing but itself.

    Args:
        paths: Files, folders or archives.
        sense: `Sense` of the model.
        skipped: `Skipped`; receives what cannot be read.
        silent: Receives the paths that gave nothing.
        keeps_long: Whether recordings of any length and whole pages are kept, to be read piece by piece.
        single_lines: Whether notes of several lines are divided, for a model that reads one at a time.

    Returns:
        `Examples`, long recordings and pages among them; inputs of one name have ids that tell them apart, as
        `input_prefixes` says. An id that is in two inputs all the same, as files of many examples can have them,
        begins with the name of the later one.

    Raises:
        ValueError: If the only path cannot be read.
    """
    records = []
    read_files = sense.read_files_of_any_length if keeps_long else sense.read_files
    input_of: dict[str, int] = {}
    for number, (path, prefix) in enumerate(zip(paths, input_prefixes(paths))):
        num_before = len(records)
        try:
            items = read_files(path, skipped)
            items = sense.single_lines(items) if single_lines else items
            for item in log_progress(items, f"reading {path}"):
                if fault := sense.fault(vars(item)[sense.raw_key]):
                    skipped.add(item.id, fault)
                else:
                    id = f"{prefix}{item.id}"
                    if input_of.setdefault(id, number) != number:
                        id = f"{readable(Path(path).stem)}/{id}"
                    records.append({**vars(item), "id": id})
        except (ValueError, OSError) as error:
            if len(paths) == 1:
                raise
            skipped.add(str(path), str(error))
        if len(records) == num_before and silent is not None:
            silent.append(path)
    return Examples.from_iterable(records, sense)


def read(
    name: str, split: str, recipe: Recipe, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None
) -> tuple[Examples, Skipped]:
    """Read one split of one corpus.

    Args:
        name: Of a builder, with its config ("unipen/lines"), or "files" for whatever `data_dir` holds.
        split: "train", "validation", "test", or another split of the builder; "all" for all of them. A corpus of the
            user's own has the splits that its folders name; where it has none, a tenth each is held out by writer or
            speaker, always the same. "test" of a folder without splits is all of it for a model that was trained on a
            corpus of another kind.
        recipe: `Recipe`: says of which sense the examples are, and how labels are spelled.
        data_dir: Where the corpus lies as its owners distribute it.
        prepared_dir: Where TFDS keeps its copy.

    Returns:
        examples: `Examples`.
        skipped: `Skipped`, what the reader left out, of all splits: what is unreadable often has none.

    Raises:
        ValueError: If there is no such corpus.
    """
    source = _open(name, recipe, data_dir, prepared_dir)
    return _examples(source, split, recipe), source.skipped


def read_stored(
    name: str, split: str, recipe: Recipe, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None
) -> tuple[Examples | StoredSplit, Skipped]:
    """Read one split of one corpus, whose examples stay on disk where they are large, as training's do.

    Arguments, values and errors as of `read`; the examples may be a `StoredSplit`, which are read one by one.
    """
    source = _open(name, recipe, data_dir, prepared_dir)
    corpus = source.prepared
    # A split that is held out is picked from another by what stands in its records.
    is_whole = corpus is not None and split in corpus.splits and (name not in OWN_BUILDERS or len(corpus.splits) > 1)
    if not (is_whole and corpus.has_records and corpus.num_bytes(split) > MOST_BYTES_IN_MEMORY):
        return _examples(source, split, recipe), source.skipped
    log.info("%s %s: %.0f MB are read from disk, batch by batch", name, split, corpus.num_bytes(split) / 1e6)
    sense = sense_of(recipe)
    examples = StoredSplit(corpus, split, sense, lambda text: label_of(text, recipe.data))
    return _told(examples, source, split, sense), source.skipped


def read_training(
    recipe: Recipe, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None
) -> tuple[Examples | RecordExamples, Examples | RecordExamples, Examples | RecordExamples, Skipped]:
    """Read the corpora of a recipe, each opened once.

    Returns:
        train, extra, validation: `Examples`; or `RecordExamples`, as `reads_from_disk` decides.
        skipped: `Skipped` of them all.
    """
    sense = sense_of(recipe)
    names = dict.fromkeys((recipe.data.dataset, *recipe.data.extra_train))
    sources = {name: _open(name, recipe, data_dir, prepared_dir) for name in names}
    get = _stored_examples if reads_from_disk(sources, recipe) else _examples
    extra = Examples.from_iterable([], sense)
    for name in recipe.data.extra_train:
        extra = joined(extra, get(sources[name], "train", recipe), sense)
    train, validation = (get(sources[recipe.data.dataset], split, recipe) for split in ("train", "validation"))
    # Two configs of one corpus leave the same things out.
    skipped = Skipped(dict.fromkeys(item for source in sources.values() for item in source.skipped))
    return train, extra, validation, skipped


def read_labels(
    name: str, split: str, recipe: Recipe, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None
) -> list[str]:
    """Read the labels of one split of one corpus, spelled as the recipe says; arguments as `read`.

    Of a prepared corpus nothing else is decoded.

    Raises:
        ValueError: If there is no such corpus or no such split.
    """
    source = _open(name, recipe, data_dir, prepared_dir, ("id", sense_of(recipe).group_key, "text"))
    records = log_progress(source.records(split), f"reading labels of {source.name} {split}")
    return [label_of(as_text(record["text"]), recipe.data) for record in records]


class _Source(NamedTuple):
    """An open corpus: its name, a function from a split to its records, and what its reader left out.

    prepared: `PreparedCorpus`, where TFDS keeps one.
    """

    name: str
    records: Callable[[str], Iterable[dict]]
    skipped: Skipped
    prepared: PreparedCorpus | None = None


def reads_from_disk(sources: dict[str, _Source], recipe: Recipe) -> bool:
    """Decide whether a training reads raw examples from disk, batch by batch, and say so.

    The rule of `data.storage` "auto": up to MOST_BYTES_IN_MEMORY of prepared examples stay in memory, more do not.
    """
    num_bytes = 0
    for name, source in sources.items():
        splits = ("train", "validation") if name == recipe.data.dataset else ("train",)
        num_bytes += source.prepared.num_bytes(*splits) if source.prepared else 0
    storage = recipe.data.storage
    if storage == "auto":
        storage = "disk" if num_bytes > MOST_BYTES_IN_MEMORY else "memory"
    if storage == "disk":
        for name, source in sources.items():
            if not (source.prepared and source.prepared.has_records):
                log.warning("%s: not prepared as records that can be read by number: all of it goes to memory", name)
    what = "are read from disk, batch by batch" if storage == "disk" else "stay in memory"
    limit = f"auto puts more than {MOST_BYTES_IN_MEMORY / 1e6:.0f} MB on disk"
    log.info("%.0f MB of examples %s (data.storage=%s; %s)", num_bytes / 1e6, what, recipe.data.storage, limit)
    return storage == "disk"


def _open(
    name: str,
    recipe: Recipe,
    data_dir: str | Path | None,
    prepared_dir: str | Path | None,
    features: Sequence[str] = (),
) -> _Source:
    sense = sense_of(recipe)
    if name != FILES:
        corpus = open_corpus(name, data_dir, prepared_dir)
        return _Source(name, _records_of(name, corpus, sense, features), corpus.skipped, corpus)
    if data_dir is None:
        raise ValueError(
            f"Expected --data-dir: a file, folder or archive of {sense.name}, or --dataset: a name of a corpus."
        )
    files = FileSplits(Path(data_dir), sense.read_files)
    is_training_data = recipe.data.dataset in (FILES, *OWN_BUILDERS)
    corpus = OwnCorpus(str(data_dir), files.splits, files.has_folders, is_training_data, sense.group_key, sense.group)
    return _Source(name, lambda split: _logged(corpus.records(split), files.skipped, data_dir), files.skipped)


def _records_of(
    name: str, corpus: PreparedCorpus, sense: Sense, features: Sequence[str]
) -> Callable[[str], Iterable[dict]]:
    """Function from a split to its records."""
    return _with_held_out(name, corpus, sense, lambda split: corpus.split(split, *features).as_numpy_iterator())


def _with_held_out(
    name: str, corpus: PreparedCorpus, sense: Sense, prepared: Callable[[str], Iterable[dict]]
) -> Callable[[str], Iterable[dict]]:
    """Function from a split to its records; a corpus of the user's without a validation split has some held out."""
    if name not in OWN_BUILDERS or "validation" in corpus.splits:
        return prepared
    splits = {split: functools.partial(prepared, split) for split in corpus.splits}
    has_folders = tuple(corpus.splits) != ("train",)
    own = OwnCorpus(name, splits, has_folders, True, sense.group_key, sense.group)
    return lambda split: prepared(split) if set("[+") & set(split) else own.records(split)  # TFDS's expressions


def _logged(records: Iterable[dict], skipped: Skipped, data_dir: str | Path) -> list[dict]:
    records = list(log_progress(records, f"reading {data_dir}"))
    skipped.log(str(data_dir), len(records))
    return records


def _examples(source, split, recipe):
    records = log_progress(source.records(split), f"reading {source.name} {split}")
    examples = Examples.from_iterable(records, sense_of(recipe), lambda text: label_of(text, recipe.data))
    return _told(examples, source, split, sense_of(recipe))


def _stored_examples(source, split, recipe):
    """Return `RecordExamples` of a split, or `Examples` where there are no records to read by number."""
    if not (source.prepared and source.prepared.has_records):
        return _examples(source, split, recipe)
    sense = sense_of(recipe)
    indices = {}

    def entries(part):
        index = indices.setdefault(part, corpus_index(source.prepared.builder, part, recipe))
        columns = zip(index.ids, index.group_ids)
        return ({"id": id, sense.group_key: group, "place": i} for i, (id, group) in enumerate(columns))

    places = [entry["place"] for entry in _with_held_out(source.name, source.prepared, sense, entries)(split)]
    (index,) = indices.values()
    return _told(index.select(places), source, split, sense)


def _told(examples, source, split, sense):
    log.info("%s %s: %d examples", source.name, split, len(examples))
    if doubt := sense.doubt(examples.texts):
        log.warning("%s %s: %s", source.name, split, doubt)
    return examples
