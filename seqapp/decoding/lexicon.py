"""Lexicon files: lists of words, and pronunciation dictionaries read as their first column."""

import logging
import re
import unicodedata
from pathlib import Path

log = logging.getLogger(__name__)

_COLUMNS = re.compile(r"\t| {2,}")
_VARIANT = re.compile(r"\(\d+\)$")  # CMU's second and third pronunciations: READ(2)
_NO_WORD = re.compile(r"[<\[{!].*")  # entries of dictionaries for silence and noise: <sil>, [noise], !SIL
_ARPABET = re.compile(
    r"(?i:(AA|AE|AH|AO|AW|AX|AXR|AY|EH|ER|EY|IH|IX|IY|OW|OY|UH|UW|UX)[012]?|B|CH|D|DH|DX|EL|EM|EN|F|G|HH|HV|JH|K|L|M"
    r"|N|NX|NG|P|R|S|SH|T|TH|V|W|WH|Y|Z|ZH|SIL|SPN)"
)
MOSTLY = 0.8  # share of lines of several columns from which on a file with single spaces is a dictionary


def read_lexicon(path: str | Path) -> list[str]:
    """Read the words of a lexicon, in NFC, each once.

    A line is a word, or a word, a tab or two spaces or more, and anything else: phones, a count. Files whose words are
    followed by ARPAbet phones after one space are dictionaries too. Lines that begin with `#` or `;;;` are comments.

    Raises:
        ValueError: For a file that is none, or is not UTF-8.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"No lexicon at {path}. Expected a text file of one word per line.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8: {error}. Expected a text file of one word per line.") from error
    lines = [unicodedata.normalize("NFC", line).strip(" \t\r") for line in text.split("\n")]
    lines = [line for line in lines if line and not line.startswith(("#", ";;;"))]
    has_columns = sum(bool(_COLUMNS.search(line)) for line in lines)
    words = [_COLUMNS.split(line, maxsplit=1)[0] for line in lines]
    if _are_words_and_phones(words):
        words = [word.split(" ", 1)[0] for word in words]
        has_columns = len(words)
    if has_columns:
        words = [_VARIANT.sub("", word) for word in words if not _NO_WORD.fullmatch(word)]
    words = list(dict.fromkeys(words))
    kind = "its first column, what stands behind is left out" if has_columns else "one word per line"
    log.info("%s: %d words, read as %s", path, len(words), kind)
    return words


def _are_words_and_phones(lines):
    columns = [line.split() for line in lines if " " in line]
    phones = [row for row in columns if all(map(_ARPABET.fullmatch, row[1:]))]
    return bool(phones) and len(phones) >= MOSTLY * len(lines)
