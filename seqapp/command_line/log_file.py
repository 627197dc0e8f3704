"""File of a log: what stderr says, kept beside what a script makes."""

import json
import logging
import os
from pathlib import Path


def keep_log(folder: str | Path, is_shared: bool = False) -> None:
    """Append what the log says from now on to `train.log` in a folder, line by line, so that a kill loses none.

    Args:
        folder: Made where it is missing.
        is_shared: Whether the processes of a cluster (TF_CONFIG) work in the folder together: each keeps a file of
            its own, train.worker0.log and so on.
    """
    path = Path(folder) / (f"train.{_task()}.log" if is_shared else "train.log")
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = _LogFile(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", datefmt="%Y-%m-%d %H:%M:%S"))
    logging.getLogger().addHandler(handler)


class _LogFile(logging.FileHandler):
    """A full disk costs its lines, which stderr has too, and no traceback for each of them."""

    def handleError(self, record):
        pass


def _task():
    task = json.loads(os.environ.get("TF_CONFIG", "{}")).get("task", {})
    return f"{task.get('type', 'worker')}{task.get('index', 0)}"
