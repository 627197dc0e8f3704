"""Drop examples with repeated ids; the first of each id stays, since a log or a table names an example by its id."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from seqapp.datasets.skipped import Skipped


class HasId(Protocol):
    """An ink, an utterance or a line image."""

    id: str


Example = TypeVar("Example", bound=HasId)


def without_repeats(examples: Iterable[Example], skipped: Skipped) -> Iterator[Example]:
    """Leave out examples whose id has come before.

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
