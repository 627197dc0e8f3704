"""Folders that are dear to make, made once for all workers of a run."""

import os

from seqapp.datasets.lock import locked


def made_once(tmp_path_factory, name, make):
    """The folder `name` that `make(path)` makes, unless another worker has done so; nobody may change it.

    Args:
        tmp_path_factory: The fixture; workers of a run have the folder above theirs in common.
        name: Unlike all others of the suite.
        make: Function of the folder's path, which does not exist yet.
    """
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    folder, unfinished = root / name, root / f"{name}.unfinished"
    with locked(root / f"{name}.lock"):
        if not folder.exists():
            make(unfinished)
            unfinished.rename(folder)
    return folder
