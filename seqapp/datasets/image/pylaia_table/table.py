"""PyLaia's tables: one line per image, its id and its tokens."""

from pathlib import Path

SPACE = "<space>"
UNKNOWN = "<unk>"  # a token that the symbols of its training lacked: what was written is not known any more


def read_table(path: Path) -> dict[str, str]:
    """Read a table.

    Args:
        path: "train/im01 f o r <space> d e t": an id, and tokens with a blank between two; UTF-8.

    Returns:
        {id: text}, in the file's order; empty texts where a line has no tokens.

    Raises:
        ValueError: Not UTF-8, or an id comes twice.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # no splitlines: U+2028 or U+0085 may be a token
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8: {error}. Save the table in UTF-8.") from None
    texts: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        id, _, tokens = line.strip(" \r\t").partition(" ")
        if id in texts:
            raise ValueError(f"{path}: line {number}: {id!r} stands there a second time. Keep one.")
        if id:
            texts[id] = "".join(" " if token == SPACE else token for token in tokens.split(" "))
    return texts


def is_known(text: str) -> bool:
    """Return whether a text holds nothing that its table could not spell."""
    return UNKNOWN not in text
