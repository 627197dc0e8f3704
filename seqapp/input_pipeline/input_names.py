"""Prefixes that tell inputs of one name apart: mon/talk.wav and tue/talk.wav become mon/talk and tue/talk."""

from collections.abc import Container, Sequence
from pathlib import Path

_FOLDERS = "/"  # no stem of a file


def input_prefixes(paths: Sequence[str | Path]) -> list[str]:
    """Return what the ids of each input begin with.

    Args:
        paths: Files, folders and archives, as a user names them together.

    Returns:
        A prefix for each: empty for a file of a name of its own, and for a folder that is the only one and holds no
        file called like a file given beside it; else the parts of the path that tell it from the others, and a slash.
    """
    paths = [Path(path) for path in paths]
    groups: dict[str, list[int]] = {}
    for place, path in enumerate(paths):
        groups.setdefault(_FOLDERS if path.is_dir() else path.stem, []).append(place)
    prefixes = [""] * len(paths)
    for key, places in groups.items():
        if len(places) > 1 or key == _FOLDERS and _holds_one_of(paths[places[0]], groups):
            resolved = [paths[place].resolve() for place in places]
            parts = [path.parts if key == _FOLDERS else path.parent.parts for path in resolved]
            for place, prefix in zip(places, _distinct_ends(parts)):
                prefixes[place] = prefix
    return prefixes


def _holds_one_of(folder: Path, stems: Container[str]) -> bool:
    return any(entry.stem in stems for entry in folder.iterdir() if entry.is_file())


def _distinct_ends(parts: list[tuple[str, ...]]) -> list[str]:
    for count in range(1, max(map(len, parts)) + 1):
        ends = ["/".join(part.strip("/") for part in of[-count:]) for of in parts]
        if len(set(ends)) == len(ends):
            return [f"{end}/" for end in ends]
    return [f"{number}/" for number in range(1, len(parts) + 1)]
