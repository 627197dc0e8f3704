"""Corpus index: ids, groups, texts, feature lengths and faults of a prepared corpus, made once and kept beside it."""

import dataclasses
import hashlib
import json
import logging
import os
from pathlib import Path

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

from seqapp.command_line import log_progress
from seqapp.datasets.prepared import Records
from seqapp.input_pipeline.record_examples import NO_FAULT, RecordExamples
from seqapp.recipe import Recipe
from seqapp.senses import Sense, sense_of
from seqapp.text.labels import label_of

log = logging.getLogger(__name__)

VERSION = 1  # of the file, and of what features mean: another one has every index made anew
SPELLING = ("normalization", "letter_case", "punctuation")  # fields of a recipe's data that decide how labels are spelt
STRINGS = ("ids", "group_ids", "texts", "faults")
ROWS_AT_ONCE = 256


def corpus_index(builder: tfds.core.DatasetBuilder, split: str, recipe: Recipe) -> RecordExamples:
    """Load the index of a split, or make it in one pass over all records and save it.

    Args:
        builder: TFDS's, its examples prepared as array_record.
        split: Name of a split.
        recipe: `Recipe`; features, their limits, and the spelling of labels are used.
    """
    sense = sense_of(recipe)
    folder = Path(builder.data_path)
    records = Records(builder, split, ("id", sense.group_key, "text", sense.raw_key))
    path = folder / f"index-{split}-{fingerprint(recipe)}.npz"
    columns = _load(path)
    if columns is None:
        columns = _measured(records, sense, recipe, f"indexing {builder.info.name} {split}")
        save(path, {**{k: v for k, v in columns.items() if k not in STRINGS}, **_packed(columns)})
    number = np.arange(len(records))
    return RecordExamples(
        **columns, sources=(records,), source=np.zeros(len(records), np.int32), number=number, folder=folder
    )


def fingerprint(recipe: Recipe) -> str:
    """Hash what an index depends on, beside the examples: features with their limits, and the spelling of labels."""
    spelling = {name: getattr(recipe.data, name) for name in SPELLING}
    facts = [VERSION, recipe.features.sense, dataclasses.asdict(recipe.features), spelling]
    return hashlib.sha1(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:10]


def save(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write a file whole or not at all; where nothing can be written, the work is done again next time."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, **arrays)
        os.replace(unfinished, path)
    except OSError as error:
        log.warning("%s could not be written, and is made again next time: %s", path, error)


def _measured(records: Records, sense: Sense, recipe: Recipe, doing: str) -> dict[str, np.ndarray]:
    def fault(raw):
        return (sense.fault(raw) or NO_FAULT).encode()

    @tf.autograph.experimental.do_not_convert
    def measure(number):
        record = records.read(number)
        raw = tf.ensure_shape(tf.cast(record[sense.raw_key], sense.raw_dtype), [None, *sense.raw_shape])
        reason = tf.ensure_shape(tf.numpy_function(fault, [raw], tf.string, stateful=False), [])
        frames = tf.cond(reason == NO_FAULT, lambda: sense.num_frames(sense.as_inputs(raw)), lambda: 0)
        return record["id"], record[sense.group_key], record["text"], frames, reason

    numbers = tf.data.Dataset.range(len(records))
    rows = numbers.map(measure, num_parallel_calls=tf.data.AUTOTUNE).batch(ROWS_AT_ONCE)
    total = -(-len(records) // ROWS_AT_ONCE)
    batches = zip(*log_progress(rows.as_numpy_iterator(), f"{doing} ({ROWS_AT_ONCE} examples each)", total))
    ids, groups, texts, frames, faults = (np.concatenate(column) for column in batches)
    groups, places = np.unique(groups.astype(object), return_inverse=True)  # one string for all of one speaker
    return {
        "ids": _decoded(ids),
        "group_ids": _decoded(groups)[places.reshape(-1)],
        "texts": np.array([label_of(text, recipe.data) for text in _decoded(texts)], object),
        "num_frames": frames.astype(np.int64),
        "faults": _decoded(faults),
    }


def _decoded(column: np.ndarray) -> np.ndarray:
    return np.array([text.decode("utf-8") for text in column], object)


def _packed(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Write strings end to end: a NumPy array of strings would give each the room of the longest."""
    packed = {}
    for name in STRINGS:
        packed[name] = np.frombuffer("".join(columns[name]).encode("utf-8"), np.uint8)
        packed[f"{name}_lengths"] = np.array([len(text) for text in columns[name]], np.int64)
    return packed


def _unpacked(file: dict[str, np.ndarray], name: str) -> np.ndarray:
    text = file[name].tobytes().decode("utf-8")
    ends = np.cumsum(file[f"{name}_lengths"]).tolist()
    same = {}  # groups and faults come again and again: one string for all of them
    parts = (text[start:end] for start, end in zip([0, *ends], ends))
    return np.array([same.setdefault(part, part) for part in parts], object)


def _load(path: Path) -> dict[str, np.ndarray] | None:
    if not path.is_file():
        return None
    try:
        with np.load(path) as file:
            return {"num_frames": file["num_frames"], **{name: _unpacked(file, name) for name in STRINGS}}
    except (OSError, ValueError, KeyError) as error:
        log.warning("%s cannot be read, and is made again: %s", path, error)
        return None
