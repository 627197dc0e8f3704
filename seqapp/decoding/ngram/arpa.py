"""ARPA files, the exchange format of n-gram models: a reader with clear errors, a writer for all tools."""

import collections
import gzip
import math
import re
from pathlib import Path

import numpy as np

from seqapp.decoding.ngram.counts import Counts
from seqapp.decoding.ngram.model import BEGIN, UNKNOWN, NGramModel

LN_10 = math.log(10.0)
NEVER = -99.0  # what stands for the logarithm of zero
_COUNT = re.compile(r"ngram\s+(\d+)\s*=\s*(\d+)")


def write_arpa(model: NGramModel, path: str | Path) -> None:
    """Write a model; the name may end in .gz.

    Base-10 logarithms, tabs between the columns and nothing before the header, as KenLM and SRILM want it.
    """
    sizes, names = _names_by_order(model)
    with _open(path, "wt") as file:
        file.write("\\data\\\n")
        file.writelines(f"ngram {n}={size}\n" for n, size in enumerate(sizes, 1))
        first = 1
        for n, size in enumerate(sizes, 1):
            file.write(f"\n\\{n}-grams:\n")
            file.writelines(_line(model, node, names[node]) for node in range(first, first + size))
            first += size
        file.write("\n\\end\\\n")


def _names_by_order(model):
    """Return the number of n-grams of each order, and the text of every node."""
    parent = np.repeat(np.arange(len(model)), np.diff(model.first_child))
    names = [""]
    depth = [0]
    for node in range(1, len(model)):
        above = parent[node - 1]
        depth.append(depth[above] + 1)
        names.append(f"{names[above]} {model.tokens[model.token[node]]}".strip(" "))
    return list(np.bincount(depth)[1:]), names


def _line(model, node, name):
    log_prob = NEVER if name == BEGIN else max(NEVER, float(model.log_prob[node]) / LN_10)
    backoff = float(model.backoff[node]) / LN_10
    has_backoff = model.first_child[node] < model.first_child[node + 1]
    return f"{log_prob:.7g}\t{name}\t{backoff:.7g}\n" if has_backoff else f"{log_prob:.7g}\t{name}\n"


def read_arpa(path: str | Path) -> NGramModel:
    """Read a model; the name may end in .gz.

    Raises:
        ValueError: If the file is no ARPA file, a section holds fewer or more n-grams than the header says, a line
            is broken, an n-gram has no context or suffix of its own, or `<unk>` is missing and so some text impossible.
            The line is named.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"No language model at {path}. Expected an ARPA file, .arpa or .arpa.gz.")
    with _open(path, "rt") as file:
        lines = enumerate((line.rstrip("\r\n") for line in file), 1)
        try:
            sizes = _read_header(path, lines)
            sections = [_read_section(path, lines, n, size) for n, size in enumerate(sizes, 1)]
        except (UnicodeDecodeError, gzip.BadGzipFile) as error:
            raise ValueError(f"{path} is no ARPA file: {error}. Expected text that begins with \\data\\.") from error
    return _assemble(path, sections)


def _open(path, mode):
    opened = gzip.open if str(path).endswith(".gz") else open
    return opened(path, mode, encoding="utf-8", newline="\n")


def _read_header(path, lines):
    number, first = next(((i, line) for i, line in lines if line.strip()), (1, ""))
    if first.strip() != "\\data\\":
        raise ValueError(f"{path}:{number}: expected \\data\\, as ARPA files begin. Received: {first[:40]!r}.")
    sizes = []
    for number, line in lines:
        if match := _COUNT.fullmatch(line.strip()):
            if int(match[1]) != len(sizes) + 1:
                raise ValueError(f"{path}:{number}: expected the count of order {len(sizes) + 1}. Received: {line!r}.")
            sizes.append(int(match[2]))
        elif line.strip() == "\\1-grams:" and sizes:
            return sizes
        elif line.strip():
            raise ValueError(f"{path}:{number}: expected 'ngram N=COUNT' or \\1-grams:. Received: {line[:40]!r}.")
    raise ValueError(f"{path} ends in its header: expected \\1-grams: and what follows. Is the file cut off?")


def _read_section(path, lines, order, size):
    """Return (tokens, log-probability, back-off) of every n-gram of one order, logarithms to base 10."""
    entries = []
    for number, line in lines:
        if line.startswith("\\") and re.fullmatch(r"\\(\d+-grams:|end\\)\s*", line):
            break
        if line.strip():
            entries.append(_read_ngram(path, number, line, order))
    else:
        raise ValueError(f"{path} ends within its {order}-grams: expected \\end\\. Is the file cut off?")
    if len(entries) != size:
        raise ValueError(f"{path}: its header announces {size} {order}-grams. Received: {len(entries)}.")
    return entries


def _read_ngram(path, number, line, order):
    fields = [UNKNOWN if field == "<UNK>" else field for field in line.split()]
    try:
        if len(fields) not in (order + 1, order + 2):
            raise ValueError
        backoff = float(fields[order + 1]) if len(fields) == order + 2 else 0.0
        log_prob = float(fields[0])
        if not (log_prob <= 1e-6 and math.isfinite(backoff)):
            raise ValueError
    except ValueError:
        raise ValueError(
            f"{path}:{number}: expected a base-10 log-probability, {order} token(s), and maybe a back-off weight. "
            f"Received: {line[:60]!r}."
        ) from None
    return tuple(fields[1 : order + 1]), log_prob, backoff


def _assemble(path, sections):
    tokens = sorted(ngram[0] for ngram, *_ in sections[0])
    index = {token: i for i, token in enumerate(tokens)}
    if UNKNOWN not in index:
        raise ValueError(
            f"{path} holds no {UNKNOWN}: a text with a token that it does not know would be impossible. "
            "Estimate it with a vocabulary that is open."
        )
    tables = []
    log_probs = []
    backoffs = []
    below = {(): 0}
    for n, section in enumerate(sections, 1):
        _check_known(path, section, below, index, n)
        section.sort(key=lambda entry: (below[entry[0][:-1]], index[entry[0][-1]]))
        columns = [[below[g[:-1]] for g, *_ in section], [index[g[-1]] for g, *_ in section]]
        suffix = [below[g[1:]] for g, *_ in section]
        arrays = [np.array(column, np.int64) for column in (*columns, suffix)]
        tables.append(Counts(*arrays, count=np.zeros(len(section)), is_initial=np.zeros(len(section), bool)))
        log_probs.append(LN_10 * np.array([p for _, p, _ in section], np.float64))
        backoffs.append(LN_10 * np.array([b for *_, b in section], np.float64))
        below = {ngram: place for place, (ngram, *_) in enumerate(section)}
    return NGramModel.from_tables(tokens, tables, log_probs, backoffs[:-1])


def _check_known(path, section, below, index, order):
    twice = [ngram for ngram, count in collections.Counter(ngram for ngram, *_ in section).items() if count > 1]
    for ngram in twice[:1]:
        raise ValueError(f"{path}: the {order}-gram {' '.join(ngram)!r} stands there twice.")
    for ngram, *_ in section:
        for part in (ngram[:-1], ngram[1:]):
            if part not in below:
                raise ValueError(
                    f"{path}: the {order}-gram {' '.join(ngram)!r} has no {order - 1}-gram {' '.join(part)!r} to go "
                    "back to. Expected every part of an n-gram in the section before."
                )
        if ngram[-1] not in index:
            raise ValueError(f"{path}: {ngram[-1]!r} stands in a {order}-gram, but is no 1-gram.")
