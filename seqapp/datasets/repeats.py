"""Ids told apart: an example can be named in a log, an error or a table only if no other has its name."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from seqapp.datasets.audio import Audio
from seqapp.datasets.ink import Ink
from seqapp.datasets.line_image import LineImage
from seqapp.datasets.skipped import Skipped

Example = TypeVar("Example", Ink, Audio, LineImage)


def without_repeats(examples: Iterable[Example], skipped: Skipped) -> Iterator[Example]:
    """Leaves out examples whose id has come before.

    Args:
        examples: Of one split, or of one path of a user's.
        skipped: Receives the ids that come again, once each time.

    Yields:
        The first example of each id.
    """
    seen = set()
    for example in examples:
        if example.id in seen:
            skipped.add(example.id, "repeated id")
        else:
            seen.add(example.id)
            yield example
