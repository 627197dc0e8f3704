"""The one place where an execution is chosen, and the choice is logged."""

import functools
import logging

from seqapp.rnn.execution.loop import loop
from seqapp.rnn.execution.parallel_scan import parallel_scan
from seqapp.rnn.execution.unrolled import unrolled

log = logging.getLogger(__name__)

EXECUTIONS = {"loop": loop, "unrolled": unrolled, "parallel_scan": parallel_scan}


def choose(name, cell):
    """The execution function for a cell.

    Args:
        name: `"auto"` or a key of EXECUTIONS.
        cell: The `Cell` to run.

    Returns:
        A function with the signature of `loop`.

    Raises:
        ValueError: For an unknown name, or one that the cell does not allow.
    """
    if name == "auto":
        name, reason = ("parallel_scan", "is linear in its state") if cell.is_linear else ("loop", "is not linear")
        _log_once(type(cell).__name__, name, reason)
    if name not in EXECUTIONS:
        raise ValueError(f"execution must be 'auto' or one of {', '.join(EXECUTIONS)}. Received: {name!r}.")
    return EXECUTIONS[name]


@functools.lru_cache(maxsize=None)
def _log_once(cell_name, name, reason):
    log.info("execution: %s, because %s %s", name, cell_name, reason)
