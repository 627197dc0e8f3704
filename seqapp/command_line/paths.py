"""Mistyped paths, reported before TensorFlow is imported, with names that are near."""

from pathlib import Path

from seqapp.command_line.near_names import did_you_mean


def expect_paths(*paths) -> None:
    """Look whether the files and folders are there that somebody named.

    Args:
        paths: Each a path, None (nothing was named), or a list of paths.

    Raises:
        ValueError: For the first that is missing.
    """
    for path in paths:
        if isinstance(path, (list, tuple)):
            expect_paths(*path)
        elif path is not None and not (path := Path(path).expanduser()).exists():
            raise ValueError(f"Expected a file or folder at {path}. Found none.{_near(path)}")


def _near(path):
    """What is called much like the first part of a path that is missing, in the folder that is there."""
    missing = next(part for part in (*reversed(path.parents), path) if not part.exists())
    folder = missing.parent
    try:
        names = [neighbour.name for neighbour in folder.iterdir()]
    except OSError:  # no folder, or not to be looked into
        return ""
    return did_you_mean(missing.name, names, "" if str(folder) == "." else f"{str(folder).rstrip('/')}/")
