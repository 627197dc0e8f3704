"""The versions 1, 2, ... of a SavedModel, side by side in one folder, as TensorFlow Serving counts them."""

from pathlib import Path


def newest(path) -> Path:
    """The newest version in a folder of versions; a SavedModel or a workdir as it is."""
    path = Path(path)
    numbers = [] if (path / "saved_model.pb").is_file() else _numbers(path)
    return path / str(max(numbers)) if numbers else path


def next_number(folder) -> int:
    """The number of the version to come."""
    return 1 + max(_numbers(Path(folder)), default=0)


def _numbers(folder):
    return [int(path.name) for path in folder.glob("*") if path.name.isdigit()]
