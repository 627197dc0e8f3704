"""Kaldi tables: a key, white space, and the rest of the line."""

from pathlib import Path


def read_table(path: Path) -> dict[str, str]:
    """Read a table such as text, wav.scp or utt2spk.

    Args:
        path: UTF-8, with or without a byte order mark.

    Returns:
        {key: rest of the line}, in the file's order; the rest may be empty.

    Raises:
        ValueError: Not UTF-8, or a key comes twice.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8: {error}. Save the file in UTF-8.") from None
    table: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        key, *rest = line.split(maxsplit=1)[:2] or [""]
        if key in table:
            raise ValueError(f"{path}: line {number}: {key!r} comes twice. Remove one, as Kaldi's validation asks.")
        if key:
            table[key] = rest[0].strip() if rest else ""
    return table
