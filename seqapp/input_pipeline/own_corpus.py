"""Corpora of a user's own: split folders as they are named, and seeded hold-out splits where there are none."""

import functools
import logging
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from seqapp.datasets.archive import is_archive, unpack
from seqapp.datasets.distribution import inner_folder
from seqapp.datasets.file_tree import is_hidden, readable
from seqapp.datasets.hold_out import hold_out, is_by_group
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.kaldi_directory.reader import is_kaldi_directory
from seqapp.datasets.speech.manifest.reader import split_of
from seqapp.datasets.split_folders import RECORDS, find_splits, split_named

logger = logging.getLogger(__name__)

# Builders of corpora that a user lays out; the others have splits of their own.
OWN_BUILDERS = (
    "inkml", "json_ink", "audio_folder", "kaldi_directory", "manifest", "alto_lines", "line_pairs", "page_lines",
    "pylaia_table",
)  # fmt: skip
ALL = "all"


class OwnCorpus:
    """Files of a user's, read split by split.

    Args:
        name: Of the corpus in the log.
        splits: {split: function without arguments that gives its records}; a folder without splits has "train" alone.
        has_folders: Whether those splits are the user's; False: everything is in "train".
        is_training_data: Whether the model was trained on a corpus of this kind: then "test" of a folder without splits
            is what training held out; else it is everything.
        group_key: Key of a record's writer or speaker.
        unit: "writer" or "speaker", for the log.
    """

    def __init__(
        self,
        name: str,
        splits: dict[str, Callable[[], Iterable[dict]]],
        has_folders: bool,
        is_training_data: bool,
        group_key: str,
        unit: str,
    ) -> None:
        self._name = name
        self._splits = splits
        self._has_folders = has_folders
        self._is_training_data = is_training_data
        self._group_key = group_key
        self._unit = unit

    def records(self, split: str) -> Iterable[dict]:
        """Return the records of a split, in the same order each time.

        Raises:
            ValueError: No such split.
        """
        if split == ALL:
            return [record for records in dict.fromkeys(self._splits.values()) for record in records()]
        held_out = self._held_out()
        if split == "test" and not self._has_folders and not self._is_training_data:
            logger.warning("%s: no split folders: all of it is test", self._name)
            return self._splits["train"]()
        if split in held_out or (split == "train" and held_out):
            return self._divided(split, held_out)
        if split in self._splits:
            return self._splits[split]()
        known = ", ".join([*self._splits, *held_out, ALL])
        raise ValueError(f"{self._name}: expected a split of {known}, received {split!r}")

    def _held_out(self) -> tuple[str, ...]:
        """Return the splits that are cut from train because the user has none."""
        if "train" not in self._splits or "validation" in self._splits:
            return ()
        return ("validation",) if self._has_folders else ("validation", "test")

    def _divided(self, split: str, held_out: Sequence[str]) -> Iterator[dict]:
        place_of = self._places(held_out)
        if place_of is None:
            logger.warning("%s: too few examples to hold any out: %s is everything", self._name, split)
        for number, record in enumerate(self._splits["train"]()):
            if place_of is None or place_of[number] == split:
                yield record

    @functools.cache  # noqa: B019 (a corpus lives as long as its program)
    def _places(self, held_out: tuple[str, ...]) -> list[str] | None:
        """Return the split of each record of train, and tell how it was divided."""
        names = [(_text(record["id"]), _text(record[self._group_key])) for record in self._splits["train"]()]
        ids = [id for id, _ in names]
        groups = [group for _, group in names]
        places = hold_out(ids, groups, held_out)
        if places is not None:
            counts = ", ".join(f"{places.count(name)} {name}" for name in ("train", *held_out))
            unit = self._unit if is_by_group(groups) else "example"
            logger.warning("%s: no folder of %s: held out by %s: %s", self._name, " or ".join(held_out), unit, counts)
        return places


class FileSplits:
    """Splits among the files of a user: folders, archives and files named after them, each read once.

    Args:
        path: File, folder or archive.
        read: From a path and a `Skipped` to examples, such as a reader of `seqapp.input_pipeline.read`.

    Attributes:
        skipped: `Skipped`, of what has been read so far.
        has_folders: Whether there is anything named after a split.
        splits: {split: function without arguments that gives its records}.
    """

    def __init__(self, path: Path, read: Callable[[Path, Skipped], Iterable]) -> None:
        self.skipped = Skipped()
        self._read = read
        self._temporary = tempfile.TemporaryDirectory(prefix="seqapp-")  # removed with this object
        paths = self._split_paths(path)
        if not paths and split_named(path.name.split(".")[0]) in ("validation", "test"):
            self.has_folders = True  # one split, given alone: all of it counts
            records = functools.cache(functools.partial(self._records, [path], False))
            self.splits = {"validation": records, "test": records}
            return
        self.has_folders = bool(paths)
        paths = paths or {"train": [path]}
        self.splits = {
            split: functools.cache(functools.partial(self._records, places, self.has_folders))
            for split, places in paths.items()
        }

    def _split_paths(self, path: Path) -> dict[str, list[Path]]:
        if not path.is_dir() and not (path.is_file() and is_archive(path)):
            return {}
        folder = inner_folder(path if path.is_dir() else unpack(path, self._temporary.name))
        paths = {} if is_kaldi_directory(folder) else find_splits(folder)
        if not any(place.is_dir() and place != folder or is_archive(place) for place in paths.values()):
            return _named_records(folder)
        _warn_of_unread(path, folder, list(paths.values()))
        return {split: [place] for split, place in paths.items()}

    def _records(self, paths: Sequence[Path], has_folders: bool) -> list[dict]:
        """Return the records of a split; of several files, an id that came before in another has its file's name."""
        records: list[dict] = []
        for path in paths:
            before = {record["id"] for record in records}
            for record in self._records_of(path, has_folders):
                id = record["id"]
                records.append({**record, "id": f"{readable(path.stem)}/{id}" if id in before else id})
        return records

    def _records_of(self, path: Path, has_folders: bool) -> list[dict]:
        """Return the records of a path; ids begin with the name of a split's folder, so that splits share none."""
        prefix = f"{path.name.split('.')[0]}/" if has_folders and (path.is_dir() or is_archive(path)) else ""
        records = [vars(example) for example in self._read(path, self.skipped)]
        return [{**record, "id": f"{prefix}{record['id']}"} for record in records]


def _named_records(folder: Path) -> dict[str, list[Path]]:
    """Return {split: files} of files of many examples with splits in their names; empty where that leaves doubt.

    train_a.jsonl and train_b.jsonl are both train; files that have the split elsewhere in their names may be inks that
    are named after what is written there, so of those there may be one for a split.
    """
    files = [
        file for file in sorted(folder.iterdir()) if file.suffix.lower() in RECORDS and not is_hidden(file, folder)
    ]
    splits: dict[str, list[Path]] = {}
    for file in files:
        if split := split_of(file):
            splits.setdefault(split, []).append(file)
    if len(splits) < 2 or any(len(parts) > 1 and not all(map(_begins_with_split, parts)) for parts in splits.values()):
        return {}
    _warn_of_unread(folder, folder, [file for parts in splits.values() for file in parts])
    return splits


def _begins_with_split(file: Path) -> bool:
    return split_named(re.split("[-_. ]", file.name)[0]) is not None


def _warn_of_unread(path: Path, folder: Path, read: Sequence[Path]) -> None:
    others = [entry.name for entry in sorted(folder.iterdir()) if entry not in read]
    others = [name for name in others if not is_hidden(folder / name, folder)]
    if others:
        listing = ", ".join(others[:8]) + ", ..." * (len(others) > 8)
        logger.warning("%s: read by split; beside the splits, and not read: %s", path, listing)


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
