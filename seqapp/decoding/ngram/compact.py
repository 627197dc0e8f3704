"""Compact files of n-gram models: small numbers, values from a table of 256, compressed; to be shipped."""

import zipfile
from pathlib import Path

import numpy as np

from seqapp.decoding.ngram.arpa import read_arpa
from seqapp.decoding.ngram.model import NGramModel

SUFFIX = ".npz"
NUM_VALUES = 256


def read_ngram_model(path: str | Path) -> NGramModel:
    """Read a model from an ARPA file or from a compact one (.npz).

    Raises:
        ValueError: As of `read_arpa` and `read_compact`.
    """
    return read_compact(path) if str(path).endswith(SUFFIX) else read_arpa(path)


def write_compact(model: NGramModel, path: str | Path) -> None:
    """Write a model, its values quantised to the nearest of 256; `quantised` of it gives the very model read back."""
    columns = {
        "tokens": np.frombuffer("\n".join(model.tokens).encode("utf-8"), np.uint8),
        "order": np.int64(model.order),
        "token": _small(model.token[1:]),
        "num_children": _small(np.diff(model.first_child)),
    }
    for name in ("log_prob", "backoff"):
        columns[name], columns[f"{name}_values"] = _codes(getattr(model, name))
    with open(path, "wb") as file:
        np.savez_compressed(file, **columns)


def read_compact(path: str | Path) -> NGramModel:
    """Read a file of `write_compact`.

    Raises:
        ValueError: There is no such file, or it is another one.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"No language model at {path}. Expected a file of pipelines/language_model.py, {SUFFIX}.")
    try:
        with np.load(path, allow_pickle=False) as file:
            columns = {name: file[name] for name in file.files}
        tokens = tuple(columns["tokens"].tobytes().decode("utf-8").split("\n"))
        token = np.concatenate([[-1], columns["token"]]).astype(np.int32)
        first_child = np.concatenate([[1], 1 + np.cumsum(columns["num_children"], dtype=np.int64)])
        log_prob, backoff = (columns[f"{name}_values"][columns[name]] for name in ("log_prob", "backoff"))
        model = NGramModel(
            tokens, int(columns["order"]), token, _suffixes(token, first_child, len(tokens)),
            log_prob.astype(np.float32), backoff.astype(np.float32), first_child.astype(np.int32),
        )  # fmt: skip
    except (KeyError, IndexError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is no compact language model: {error!r}. Write it again.") from error
    if not len(model) == len(log_prob) == len(backoff) == len(first_child) - 1 == first_child[-1]:
        raise ValueError(f"{path} is no compact language model: its columns differ in length. Write it again.")
    return model


def _suffixes(token, first_child, num_tokens):
    """The node without its first token, of all nodes: the child, by the same token, of their parents' suffixes."""
    parent = np.repeat(np.arange(len(token)), np.diff(first_child))
    keys = parent * num_tokens + token[1:]
    suffix = np.zeros(len(token), np.int32)
    start, end = 1, 1 + num_tokens  # of the nodes of one order; those of order 1 leave nothing
    while end < len(token):
        start, end = end, int(first_child[end])
        above = suffix[parent[start - 1 : end - 1]]
        suffix[start:end] = 1 + np.searchsorted(keys, above.astype(np.int64) * num_tokens + token[start:end])
    return suffix


def _codes(values):
    """The number of each value in a table of at most 256, and the table: means of equally many, then the nearest."""
    unique, counts = np.unique(values, return_counts=True)
    if len(unique) > NUM_VALUES:
        share = np.cumsum(counts) - counts / 2
        group = (share / len(values) * NUM_VALUES).astype(np.int64)
        sums = np.bincount(group, counts * unique, NUM_VALUES)
        table = np.unique((sums / np.maximum(np.bincount(group, counts, NUM_VALUES), 1))[np.unique(group)])
        table[np.argmin(np.abs(table))] = 0.0 if np.any(unique == 0) else table[np.argmin(np.abs(table))]
        unique = table
    middles = (unique[1:] + unique[:-1]) / 2
    return np.searchsorted(middles, values).astype(np.uint8), unique.astype(np.float32)


def _small(values):
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
