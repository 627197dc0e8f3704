"""UNIPEN statements: a file is a list of `.KEYWORD arguments`, with `.INCLUDE` expanded in place.

Reference: Guyon et al., "UNIPEN project of on-line data exchange and recognizer benchmarks", ICPR 1994.
"""

import re
from collections.abc import Iterator
from pathlib import Path

# Prose in .COMMENT mentions keywords on indented lines ("  .PEN_DOWN and .PEN_UP."): after blanks only the
# pen counts, and only alone on its line.
_KEYWORD = re.compile(r"^\.([A-Z][A-Z_]*)(?=\s|\Z)|^[ \t]+\.(PEN_DOWN|PEN_UP)[ \t]*\r?$", re.MULTILINE)
_MAX_DEPTH = 16  # deepest nesting of includes; the corpus has 3: deeper means a file that includes itself


def statements(path: Path, include_root: Path) -> Iterator[tuple[str, str]]:
    """Read a file and, in place, everything it includes.

    Args:
        path: A UNIPEN file.
        include_root: Folder to which the paths in `.INCLUDE` are relative.

    Yields:
        (keyword without its dot, arguments up to the next keyword, blanks at the ends removed).

    Raises:
        ValueError: An included file is missing, lies outside `include_root`, or includes itself.
    """
    yield from _expanded(path, include_root.resolve(), depth=0)


def split_statements(text: str) -> Iterator[tuple[str, str]]:
    """Split the text of one file into (keyword, arguments), without expanding includes.

    Example:
        >>> list(split_statements('.PEN_DOWN\\n1 2\\n.SEGMENT WORD 0 OK "two\\nlines"'))
        [('PEN_DOWN', '1 2'), ('SEGMENT', 'WORD 0 OK "two\\nlines"')]
    """
    matches = list(_KEYWORD.finditer(text))
    ends = [match.start() for match in matches[1:]] + [len(text)]
    for match, end in zip(matches, ends):
        yield match.group(1) or match.group(2), text[match.end() : end].strip()


def _expanded(path: Path, include_root: Path, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _MAX_DEPTH:
        raise ValueError(f"{path.name}: .INCLUDE nested deeper than {_MAX_DEPTH}: a file includes itself")
    for keyword, arguments in split_statements(path.read_text("latin-1")):
        if keyword == "INCLUDE":
            yield from _expanded(_included(path, arguments, include_root), include_root, depth + 1)
        else:
            yield keyword, arguments


def _included(path: Path, argument: str, include_root: Path) -> Path:
    included = (include_root / argument).resolve()
    if not included.is_relative_to(include_root):
        raise ValueError(f"{path.name}: .INCLUDE {argument} points outside the include folder")
    if not included.is_file():
        raise ValueError(f"{path.name}: .INCLUDE {argument} not found. Keep include/ beside data/.")
    return included
