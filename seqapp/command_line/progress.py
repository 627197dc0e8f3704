"""Progress of a long step: a line in the log at intervals, of what, how far, and for how long."""

import logging
import time
from collections.abc import Iterable, Iterator

log = logging.getLogger(__name__)

FIRST_WAIT_S = 5.0  # doubled from line to line
LONGEST_WAIT_S = 60.0


def log_progress(items: Iterable, doing: str, total: int | None = None) -> Iterator:
    """Give items as they come, and say now and then how many there were; nothing where all of it is quick.

    Args:
        items: Of the step.
        doing: Such as "reading an4 train".
        total: How many there will be, where that is known.

    Yields:
        The items.
    """
    start = time.monotonic()
    wait = FIRST_WAIT_S
    next_line = start + wait
    for count, item in enumerate(items, start=1):
        if (now := time.monotonic()) >= next_line and count != total:
            log.info("%s: %s, %s", doing, _how_far(count, total), duration(now - start))
            wait = min(2 * wait, LONGEST_WAIT_S)
            next_line = now + wait
        yield item


def duration(seconds: float) -> str:
    """Time as people say it: "45 s", "3 min 20 s", "2 h 5 min".

    Example:
        >>> duration(45.4), duration(200), duration(7_500)
        ('45 s', '3 min 20 s', '2 h 5 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"


def _how_far(count, total):
    return f"{count:,} of {total:,} ({100 * count // total} %)" if total else f"{count:,} so far"
