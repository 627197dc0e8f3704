"""Ids told apart: an example can be named in a log, an error or a table only if no other has its name."""

from collections.abc import Iterable, Iterator

from seqapp.datasets.ink import Ink
from seqapp.datasets.skipped import Skipped


def without_repeats(inks: Iterable[Ink], skipped: Skipped) -> Iterator[Ink]:
    """Leaves out inks whose id has come before.

    Args:
        inks: Of one split, or of one path of a user's.
        skipped: Receives the ids that come again, once each time.

    Yields:
        The first ink of each id.
    """
    seen = set()
    for ink in inks:
        if ink.id in seen:
            skipped.add(ink.id, "repeated id")
        else:
            seen.add(ink.id)
            yield ink
