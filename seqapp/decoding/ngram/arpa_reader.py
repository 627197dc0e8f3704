"""Reader of ARPA files, the exchange format of n-gram models, as the programs that write it do in fact."""

import array
import bz2
import gzip
import io
import logging
import lzma
import math
import re
import zlib
from pathlib import Path

from seqapp.decoding.ngram.arpa_writer import LN_10, NEVER
from seqapp.decoding.ngram.missing import with_missing
from seqapp.decoding.ngram.model import BEGIN, END, UNKNOWN, NGramModel
from seqapp.decoding.ngram.sections import Section, in_tables

log = logging.getLogger(__name__)

UNKNOWN_LOG_PROB = -100.0  # base 10, where a file has no <unk>: KenLM's
COMPRESSED = {b"\x1f\x8b": gzip.open, b"\xfd7zXZ": lzma.open, b"BZh": bz2.open}  # first bytes -> what opens it
BINARY = {b"mmap lm http": "a binary file of KenLM", b"Darpa Trigram": "a binary file of Sphinx"}
_COUNT = re.compile(r"ngram\s+(\d+)\s*=\s*(\d+)")
_MARK = re.compile(r"\\(?:(\d+)-grams:|end\\)\s*")
_BLANKS = re.compile(r"[ \t]+")  # no other space ends a token: U+00A0 and U+3000 may stand in one


def read_arpa(path: str | Path) -> NGramModel:
    """Read a model, compressed by gzip, xz or bzip2 or not.

    What comes before the line `\\data\\` is left out. As in KenLM, a missing `<unk>` is all but impossible, a missing
    `</s>` is as likely as `<unk>`, and where an n-gram is listed without the shorter ones that it is made of, these
    are added with the probability that backing off gives them. All of this is logged.

    Raises:
        ValueError: If the file is no ARPA file, a section holds fewer or more n-grams than the header says, a line
            is broken, or a token is no 1-gram. The line is named.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"No language model at {path}. Expected an ARPA file, .arpa or .arpa.gz.")
    try:
        with _open(path) as file:
            lines = enumerate((line.rstrip("\r\n") for line in file), 1)
            sizes = _read_header(path, lines)
            sections, tokens = _read_sections(path, lines, sizes)
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        raise ValueError(f"{path} is no ARPA file: {error}. Is it damaged or cut off?") from error
    while len(sections) > 1 and not len(sections[-1]):
        sections.pop()
    sections = with_missing(path, sections, len(tokens))
    return _model(path, sections, tokens)


def _open(path):
    with path.open("rb") as file:
        start = file.read(16)
    for magic, what in BINARY.items():
        if magic in start or start[4:].startswith(magic):
            raise ValueError(f"{path} is {what}. Expected the ARPA file that it was made from: it is no ARPA file.")
    opened = next((opened for magic, opened in COMPRESSED.items() if start.startswith(magic)), open)
    # Prose before the header may be in any encoding; tokens are looked at one by one.
    file = opened(path, "rb")
    return io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="\n")


def _read_header(path, lines):
    number = next((number for number, line in lines if line.strip() == "\\data\\"), None)
    if number is None:
        raise ValueError(f"{path} is no ARPA file: expected \\data\\ on a line of its own. Found none.")
    if number > 1:
        log.info("%s: its first %d lines, before \\data\\, are left out", path, number - 1)
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


def _read_sections(path, lines, sizes):
    """Return a `Section` of each order, and the tokens, sorted; sections of no n-gram may be missing."""
    entries, order = _read_unigrams(path, lines)
    words = _with_special(path, entries)
    tokens = sorted(words)
    index = {token: i for i, token in enumerate(tokens)}
    sections = [Section.empty(n) for n in range(1, len(sizes) + 1)]
    sections[0] = Section.of([[index[token]] for token in words], *zip(*words.values()))
    _expect_size(path, 1, sizes[0], len(entries))
    while order is not None and order <= len(sizes):
        current = order
        sections[current - 1], order = _read_section(path, lines, current, index)
    for n, size in enumerate(sizes[1:], 2):
        _expect_size(path, n, size, len(sections[n - 1]))
    return sections, tokens


def _expect_size(path, order, announced, size):
    if size != announced:
        raise ValueError(f"{path}: its header announces {announced} {order}-grams. Received: {size}.")


def _read_unigrams(path, lines):
    """Return token -> (log-probability, back-off), and the order of the section behind."""
    entries = {}
    for number, line in lines:
        if mark := _MARK.fullmatch(line):
            return entries, _order(mark)
        if line.strip(" \t"):
            (token,), log_prob, backoff = _read_ngram(path, number, line, 1)
            if not token.isascii() and any("\udc80" <= character <= "\udcff" for character in token):
                raise ValueError(f"{path}:{number}: {token!r} is not UTF-8. Expected a file in UTF-8: convert it.")
            if token in entries:
                raise ValueError(f"{path}:{number}: the 1-gram {token!r} stands there twice.")
            entries[token] = log_prob, backoff
    raise ValueError(f"{path} ends within its 1-grams: expected \\end\\. Is the file cut off?")


def _read_section(path, lines, order, index):
    """Return a `Section`, and the order of the one behind it, None at the end."""
    ids, log_probs, backoffs = array.array("i"), array.array("f"), array.array("f")
    for number, line in lines:
        if line.startswith("\\") and (mark := _MARK.fullmatch(line)):
            return Section.of(ids, log_probs, backoffs, order), _order(mark)
        if line.strip(" \t"):
            ngram, log_prob, backoff = _read_ngram(path, number, line, order)
            try:
                ids.extend([index[token] for token in ngram])
            except KeyError as error:
                raise ValueError(
                    f"{path}:{number}: the {order}-gram {' '.join(ngram)!r} has no 1-gram {error.args[0]!r} to go back "
                    "to. Expected every token among the 1-grams."
                ) from None
            log_probs.append(log_prob)
            backoffs.append(backoff)
    raise ValueError(f"{path} ends within its {order}-grams: expected \\end\\. Is the file cut off?")


def _order(mark):
    return int(mark[1]) if mark[1] else None


def _read_ngram(path, number, line, order):
    """Return (tokens, log-probability, back-off) of a line, logarithms to base 10."""
    fields = line.split() if line.isascii() else _BLANKS.split(line.strip(" \t"))
    try:
        if len(fields) not in (order + 1, order + 2):
            raise ValueError
        log_prob = float(fields[0])
        backoff = float(fields[order + 1]) if len(fields) == order + 2 else 0.0
        if not (log_prob <= 1e-6 and backoff < math.inf):
            raise ValueError
    except ValueError:
        raise ValueError(
            f"{path}:{number}: expected a base-10 log-probability, {order} token(s), and maybe a back-off weight. "
            f"Received: {line[:60]!r}."
        ) from None
    ngram = fields[1 : order + 1]
    if "<UNK>" in ngram:
        ngram = [UNKNOWN if token == "<UNK>" else token for token in ngram]
    return ngram, max(NEVER, log_prob), max(NEVER, backoff)


def _with_special(path, entries):
    """Return the unigrams with `<unk>` and `</s>`."""
    added = {}
    if UNKNOWN not in entries:
        added[UNKNOWN] = UNKNOWN_LOG_PROB, 0.0
        log.warning("%s holds no %s: tokens that it does not know are all but impossible, as in KenLM", path, UNKNOWN)
    if END not in entries:
        added[END] = (entries | added)[UNKNOWN][0], 0.0
        log.warning("%s holds no %s: the end of a text is as likely as %s", path, END, UNKNOWN)
    if BEGIN not in entries:
        log.warning("%s holds no %s: the begin of a text is no context", path, BEGIN)
    return entries | added


def _model(path, sections, tokens):
    tables, log_probs, backoffs = in_tables(path, sections, tokens)
    return NGramModel.from_tables(
        tokens, tables, [LN_10 * column for column in log_probs], [LN_10 * column for column in backoffs[:-1]]
    )
