"""Versions of models in a folder: names, numbers, and a fingerprint that changes with the files."""

import logging
from pathlib import Path

log = logging.getLogger(__name__)

SAVED_MODEL = "saved_model.pb"


def find_models(path: str | Path) -> dict[str, dict[int, Path]]:
    """Find SavedModels as TensorFlow Serving lays them out.

    Args:
        path: Folder of models NAME/VERSION/, the folder of one model's versions, or one version.

    Returns:
        Their folders, by name and version.

    Raises:
        ValueError: No such folder.
    """
    path = Path(path).resolve()
    if not path.is_dir():
        raise ValueError(f"Expected a folder of models at {path}. Found none. Export one with pipelines/export.py.")
    if (path / SAVED_MODEL).is_file():
        return {path.parent.name: {int(path.name): path}} if path.name.isdigit() else {path.name: {1: path}}
    if versions := _versions(path):
        return {path.name: versions}
    folders = sorted(folder for folder in path.iterdir() if folder.is_dir() and not folder.name.startswith("."))
    versions_by_name = {folder.name: _versions(folder) for folder in folders}
    return {name: versions for name, versions in versions_by_name.items() if versions}


def fingerprint(folder: Path) -> tuple:
    """List names, sizes and times of the files of a version, which change when it is written."""
    stats = [(path.relative_to(folder).as_posix(), path.stat()) for path in folder.rglob("*") if path.is_file()]
    # The time of a change, too: a copy may be of its final size at once, and get the time of its original.
    return tuple(sorted((name, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) for name, stat in stats))


def _versions(folder):
    try:
        numbered = [path for path in folder.iterdir() if path.name.isdigit()]
        return {int(path.name): path for path in numbered if (path / SAVED_MODEL).is_file()}
    except PermissionError as error:  # such as lost+found of a volume: the others are served
        log.warning("cannot look into %s: %s", folder, error)
        return {}
