"""File lock between processes: two runs that start on a fresh cache must not prepare the same corpus at once."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: the runs of one user must not start together on a fresh cache there
    fcntl = None

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def locked(path: str | Path) -> Iterator[bool]:
    """Hold a lock that ends with its process, however that ends.

    Args:
        path: The lock file; it and its folder are made where missing, and stay: removing a lock file while
            another process waits for it would let in a third.

    Yields:
        Whether nobody else is in. False on a platform without fcntl (Windows) and on file systems that know no
        locks: the caller goes on unprotected, and must not remove what another process may be writing.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as file:
        yield _lock(file, path)


def _lock(file: IO, path: Path) -> bool:
    if fcntl is None:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        logger.info("waiting for another run to finish in %s", path.parent)
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError as error:
        logger.warning("%s: cannot be locked (%s): start no second run until the corpus is prepared", path, error)
        return False
    return True
