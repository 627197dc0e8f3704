"""Writer of ARPA files, the exchange format of n-gram models."""

import gzip
import math
from pathlib import Path

import numpy as np

from seqapp.decoding.ngram.model import BEGIN, NGramModel

LN_10 = math.log(10.0)
NEVER = -99.0  # what stands for the logarithm of zero
LINES_AT_ONCE = 1 << 16


def write_arpa(model: NGramModel, path: str | Path) -> None:
    """Write a model; the name may end in .gz.

    Base-10 logarithms, tabs between the columns and nothing before the header, as KenLM and SRILM want it.
    """
    parent = np.concatenate([[-1], np.repeat(np.arange(len(model), dtype=np.int32), np.diff(model.first_child))])
    starts = _starts(model)
    opened = gzip.open if str(path).endswith(".gz") else open
    with opened(path, "wt", encoding="utf-8", newline="\n") as file:
        file.write("\\data\\\n")
        file.writelines(f"ngram {n}={end - start}\n" for n, (start, end) in enumerate(zip(starts, starts[1:]), 1))
        for n, (start, end) in enumerate(zip(starts, starts[1:]), 1):
            file.write(f"\n\\{n}-grams:\n")
            for first in range(start, end, LINES_AT_ONCE):
                file.writelines(_lines(model, parent, np.arange(first, min(end, first + LINES_AT_ONCE)), n))
        file.write("\n\\end\\\n")


def _starts(model):
    """Return the first node of each order, and the number of nodes: the children of one order are the next."""
    starts = [1]
    while starts[-1] < len(model):
        starts.append(int(model.first_child[starts[-1]]))
    return starts


def _lines(model, parent, nodes, order):
    """Format the n-grams of some nodes of one order."""
    columns = []
    above = nodes
    for _ in range(order):
        columns.append([model.tokens[token] for token in model.token[above].tolist()])
        above = parent[above]
    names = map(" ".join, zip(*reversed(columns)))
    log_probs = np.maximum(NEVER, model.log_prob[nodes].astype(np.float64) / LN_10).tolist()
    backoffs = (model.backoff[nodes].astype(np.float64) / LN_10).tolist()
    are_contexts = ((model.first_child[nodes] < model.first_child[nodes + 1]) | (model.backoff[nodes] != 0)).tolist()
    for name, log_prob, backoff, is_context in zip(names, log_probs, backoffs, are_contexts):
        log_prob = NEVER if name == BEGIN else log_prob
        yield f"{log_prob:.7g}\t{name}\t{backoff:.7g}\n" if is_context else f"{log_prob:.7g}\t{name}\n"
