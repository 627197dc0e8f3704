"""Compact files of n-gram models: small numbers, logarithms in steps of 1/64, compressed; to be shipped."""

import dataclasses
from pathlib import Path

import numpy as np

from seqapp.decoding.ngram.arpa_reader import read_arpa
from seqapp.decoding.ngram.arpa_writer import write_arpa
from seqapp.decoding.ngram.in_variables import read_columns
from seqapp.decoding.ngram.model import NGramModel

COMPACT = ".npz"
LOWEST = -300.0  # ARPA files call -99, to base 10, impossible
STEPS = 64  # of a natural logarithm: probabilities are off by less than 0.8 %


def read_ngram_model(path: str | Path) -> NGramModel:
    """Read a model from an ARPA file or from a compact one (.npz).

    Raises:
        ValueError: As of `read_arpa` and `read_compact`.
    """
    return read_compact(path) if str(path).endswith(COMPACT) else read_arpa(path)


def quantised(model: NGramModel) -> NGramModel:
    """Return the model that `read_compact` gives of what `write_compact` writes of this one."""
    values = {name: _steps(getattr(model, name)) / np.float32(STEPS) for name in ("log_prob", "backoff")}
    return dataclasses.replace(model, **values)


def write_ngram_model(model: NGramModel, path: str | Path) -> None:
    """Write a model as ARPA, or compact where the name ends in .npz."""
    write_compact(model, path) if str(path).endswith(COMPACT) else write_arpa(model, path)


def write_compact(model: NGramModel, path: str | Path) -> None:
    """Write a model, its logarithms rounded; a model that was read from such a file is written as it is."""
    columns = {"token": _small(model.token[1:]), "num_children": _small(np.diff(model.first_child))}
    for name in ("log_prob", "backoff"):
        columns[name] = _steps(getattr(model, name))
    _write(model, path, columns)


def write_beside(model: NGramModel, path: str | Path, unknown: int, share: float) -> None:
    """Write what the variables of a SavedModel do not say of a quantised model that stands in them.

    Args:
        model: `NGramModel` as of `quantised`.
        path: In a folder of the SavedModel; for `read_compact`.
        unknown, share: As of `read_columns`.
    """
    _write(model, path, {"unknown": np.int64(unknown), "share": np.float64(share)})


def _write(model, path, columns):
    tokens = np.frombuffer("\n".join(model.tokens).encode("utf-8"), np.uint8)
    with open(path, "wb") as file:
        np.savez_compressed(file, tokens=tokens, order=np.int64(model.order), **columns)


def read_compact(path: str | Path) -> NGramModel:
    """Read a file of `write_compact` or `write_beside`.

    Raises:
        ValueError: There is no such file, or it is another one.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"No language model at {path}. Expected a file of pipelines/language_model.py, {COMPACT}.")
    try:
        with np.load(path, allow_pickle=False) as file:
            columns = {name: file[name] for name in file.files}
        tokens = tuple(columns["tokens"].tobytes().decode("utf-8").split("\n"))
        if "share" in columns:
            values = read_columns(path, len(tokens), int(columns["unknown"]), float(columns["share"]), _suffixes)
            values |= {name: _steps(values[name]) for name in ("log_prob", "backoff")}
            columns |= values
        token = np.concatenate([[-1], columns["token"]]).astype(np.int32)
        first_child = np.concatenate([[1], 1 + np.cumsum(columns["num_children"], dtype=np.int64)])
        log_prob, backoff = (columns[name] / np.float32(STEPS) for name in ("log_prob", "backoff"))
        model = NGramModel(
            tokens, int(columns["order"]), token, _suffixes(token, first_child, len(tokens)),
            log_prob.astype(np.float32), backoff.astype(np.float32), first_child.astype(np.int32),
        )  # fmt: skip
    except Exception as error:  # zip, zlib and NumPy raise a dozen kinds on a damaged file
        raise ValueError(f"{path} is no compact language model: {error!r}. Write it again.") from error
    is_whole = len(model) == len(log_prob) == len(backoff) == len(first_child) - 1 == first_child[-1]
    if not is_whole or first_child[1] != 1 + len(tokens):
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
        if end <= start:
            raise ValueError("its nodes are not in order")
        above = suffix[parent[start - 1 : end - 1]]
        suffix[start:end] = 1 + np.searchsorted(keys, above.astype(np.int64) * num_tokens + token[start:end])
    return suffix


def _steps(log_probs):
    return np.round(STEPS * np.maximum(log_probs, LOWEST)).astype(np.int16)


def _small(values):
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
